//! Addresses that a mail server refuses for good: marked, left in peace, and let in again by an administrator.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use causeway::kit::Role;
use serde_json::json;

use super::{administrators, at, below, invite, refuses, shown};
use crate::support::companies::Company;
use crate::support::server::Server;

/// A mail server that knows nobody whose address begins with `gone`; it notes whom it was asked to send to.
fn mail_server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let asked = Arc::new(Mutex::new(vec![]));
    let noted = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let noted = Arc::clone(&noted);
            thread::spawn(move || converse(stream, &noted));
        }
    });
    (port, asked)
}

fn converse(mut to: TcpStream, noted: &Mutex<Vec<String>>) -> Option<()> {
    let mut from = BufReader::new(to.try_clone().ok()?);
    let mut in_data = false;
    to.write_all(b"220 test\r\n").ok()?;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if in_data && line != "." {
            continue;
        }
        let answer = match line.split_whitespace().next().unwrap_or_default() {
            "EHLO" => "250-test\r\n250 8BITMIME",
            "RCPT" => {
                noted.lock().ok()?.push(line.to_owned());
                if line.contains("<gone") { "550 5.1.1 no such user <here>" } else { "250 fine" }
            }
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        in_data = answer.starts_with("354");
        to.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
}

#[test]
fn no_more_mail_goes_to_an_address_that_was_refused_for_good() {
    let (port, asked) = mail_server();
    let mut server = Server::start_with(|config| config.smtp_url = Some(format!("smtp://127.0.0.1:{port}")));
    server.expect_faults();
    let company = Company::new(&server, "Alpha", Role::Distributor);
    let other = Company::new(&server, "Beta", Role::Vendor);
    let api = company.api(&server);
    let admins = administrators(&api, &company);
    let asked_for = |name: &str| asked.lock().unwrap().iter().filter(|line| line.contains(name)).count();

    let here = invite(&api, &company, "here@alpha.example", &admins).expect(201).json();
    let gone = invite(&api, &company, "Gone@alpha.example", &admins).expect(201).json();
    // The letter that begins the address is what the server looks at.
    let lost = invite(&api, &company, "gone.away@alpha.example", &admins).expect(201).json();
    server.settle();
    let (id, known) = (lost["id"].as_str().unwrap(), here["id"].as_str().unwrap());
    assert_eq!(shown(&api, &company, known)["blocklisted"], false);
    assert_eq!(shown(&api, &company, gone["id"].as_str().unwrap())["blocklisted"], false);
    assert_eq!(shown(&api, &company, id)["blocklisted"], true);
    let marked = api.get(&below(&company, "users?blocklisted=true")).expect(200).json();
    assert_eq!(marked.as_array().unwrap().len(), 1, "{marked}");

    // Nothing more is sent there; people see why.
    let before = asked_for("gone.away");
    let browser = company.browser(&server);
    let page = browser.open(&at(&company, &format!("/users/{id}")));
    page.must_say("No mail goes to this address").must_say("550 5.1.1 no such user <here>");
    browser.open(&at(&company, "/users")).must_say("No mail goes there");
    browser.submit(page.form_with("Invite again")).expect(200);
    server.settle();
    assert_eq!(asked_for("gone.away"), before, "the server was asked again");
    let listed =
        crate::support::program::run(server.dir(), &["--database-url", server.database().url(), "user", "list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let line = listed.lines().find(|line| line.contains("gone.away@alpha.example")).expect("its line");
    assert!(line.ends_with("550 5.1.1 no such user <here>"), "{listed}");

    // Only where the person belongs, and only for administrators.
    other.api(&server).post(&below(&other, &format!("users/{id}/unblock")), &json!({})).expect(404);
    let unblock = browser.open(&at(&company, &format!("/users/{id}/unblock"))).form_with("Send mail again");
    browser.submit(unblock).expect(200).must_say("Mail goes to this address again").must_say("550 5.1.1");
    assert_eq!(shown(&api, &company, id)["blocklisted"], false);
    refuses(
        api.post(&below(&company, &format!("users/{id}/unblock")), &json!({})),
        400,
        "Mail goes to gone.away@alpha.example already",
    );
    api.post(&below(&company, &format!("users/{id}/reinvite")), &json!({})).expect(200);
    server.settle();
    assert!(asked_for("gone.away") > before, "nothing was sent");
    assert_eq!(shown(&api, &company, id)["blocklisted"], true, "it was refused once more");
}

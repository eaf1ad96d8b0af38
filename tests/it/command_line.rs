//! What the operator types: demo, load, people, numbers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::client::{Api, Client};
use crate::support::mail::MailFolder;
use crate::support::program::{self, Program};
use crate::support::wait;

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_demo_is_made_once_and_can_be_filled_and_served_again() {
    let dir = tempfile::tempdir().unwrap();
    let about = || -> Value { serde_json::from_slice(&std::fs::read(dir.path().join("demo.json")).unwrap()).unwrap() };
    let loaded = program::run(
        dir.path(),
        &["load", "--orders", "3", "--usage-records", "7", "--seed", "5", "--password", "Correct-Horse-9"],
    );
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    assert_eq!(said(&loaded), "3 orders and 7 usage records were loaded\n");
    let first = about();
    for _ in 0..2 {
        let demo = Program::start(dir.path(), &["demo"], |_| {});
        let now = about();
        assert_eq!(now["base_url"], demo.base());
        assert_eq!(now["accounts"], first["accounts"]);
        // The sign-ins are said before the line that tells where it serves, so they are there already.
        let vendor = &first["accounts"][0];
        assert!(demo.said().contains(vendor["users"][0]["email"].as_str().unwrap()), "{}", demo.said());
        let api = Api::new(demo.base(), vendor["api_key"].as_str().unwrap());
        let new = api.get("requests?like(asset.external_id,LOAD-*)&eq(status,approved)&limit=1").expect(200);
        assert_eq!(new.header("content-range"), "items 0-0/3");
        let files = api.get("usage/files?eq(name,Load%20of%207)").expect(200).json();
        let file = api.get(&format!("usage/files/{}", files[0]["id"].as_str().unwrap())).expect(200).json();
        assert_eq!((file["status"].as_str(), file["records"]["valid"].as_i64()), (Some("accepted"), Some(7)));
        assert!(demo.terminate().success());
    }
    // What the demo has not made it does not touch.
    std::fs::remove_file(dir.path().join("demo.json")).unwrap();
    let refused = program::run(dir.path(), &["load"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("This one has other data"));
}

#[test]
fn people_are_listed_and_find_their_way_back_in() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| program::run(dir.path(), arguments);
    assert_eq!(said(&run(&["user", "list"])), "");
    let made = run(&["init", "--account", "Northgate", "--email", "Ann@example.com"]);
    assert!(made.status.success() && said(&made).contains("/set-password?secret="), "{}", said(&made));
    let listed = said(&run(&["user", "list"]));
    let fields: Vec<&str> = listed.trim_end().split('\t').collect();
    assert!(fields[0].starts_with("UR-") && fields[3].starts_with("Northgate (PA-"), "{listed}");
    assert_eq!((fields[1], fields[4], fields.len()), ("Ann@example.com", "never", 5));
    assert!(said(&run(&["user", "reset-password", "ann@EXAMPLE.com"])).contains("/set-password?secret="));
    let unknown = run(&["user", "reset-password", "bob@example.com"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("bob@example.com"));
    assert!(said(&run(&["user", "reset-factors", "ann@EXAMPLE.com"])).contains("with the password alone"));
    assert_eq!(run(&["user", "reset-factors", "bob@example.com"]).status.code(), Some(1));
    let again = run(&["init", "--account", "Second", "--email", "bob@example.com"]);
    assert_eq!(again.status.code(), Some(1));
}

#[test]
fn one_process_serves_and_another_does_the_jobs() {
    let dir = tempfile::tempdir().unwrap();
    let made = program::run(dir.path(), &["init", "--account", "Northgate", "--email", "ann@example.com"]);
    assert!(made.status.success());
    let portal = Program::start(dir.path(), &["serve", "--no-workers"], |_| {});
    let visitor = Client::new(portal.base());
    let link = said(&made).split_once("/set-password").unwrap().1.trim_end().to_owned();
    let form = visitor.open(&format!("/set-password{link}")).form_with("Set password");
    visitor.submit(form.set("password", "Correct-Horse-9").set("again", "Correct-Horse-9")).expect(200);
    let form = visitor.open("/forgotten-password").form_with("Send a link").set("email", "ann@example.com");
    visitor.submit(form).expect(200);
    let mail = MailFolder::new(dir.path().join("mail"));
    assert!(mail.all_to("ann@example.com").is_empty(), "nobody was to send it");
    let mut worker = program::command(dir.path()).arg("work").stdout(Stdio::null()).spawn().unwrap();
    assert!(mail.next_to("ann@example.com").text.contains("/set-password?secret="));
    assert!(Command::new("kill").args(["-TERM", &worker.id().to_string()]).status().unwrap().success());
    assert!(worker.wait().unwrap().success());
    // What is logged into a file has no colours, and nobody has to read it.
    assert!(!portal.said().contains('\u{1b}'), "{}", portal.said());
    assert!(portal.terminate().success());
}

#[test]
fn nobody_has_to_read_what_is_logged() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = program::command(dir.path());
    let mut portal = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut said = BufReader::new(portal.stdout.take().unwrap());
    said.read_line(&mut first).unwrap();
    drop(portal.stderr.take());
    let base = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    Client::new(base).get("/readyz").expect(200);
    assert!(Command::new("kill").args(["-TERM", &portal.id().to_string()]).status().unwrap().success());
    assert!(portal.wait().unwrap().success());
}

#[test]
fn what_clients_send_wrong_is_no_error_of_ours() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &["serve"], |command| {
        command.env("CAUSEWAY_LOG", "info");
    });
    let mut stream = TcpStream::connect(program.base().trim_start_matches("http://")).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: here\r\nBad\x01Name: x\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    Client::new(program.base()).get("/readyz").expect(200);
    wait::until("the log to begin", || program.said().contains("INFO").then_some(()));
    assert!(!program.said().contains("ERROR"), "{}", program.said());
    assert!(program.terminate().success());
}

#[test]
fn numbers_are_on_an_address_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &["serve"], |command| {
        command.env("CAUSEWAY_METRICS_BIND", "127.0.0.1:0");
    });
    Client::new(program.base()).get("/readyz").expect(200);
    let numbers = wait::until("the address of the numbers", || {
        let said = program.said();
        let line = said.lines().find_map(|line| line.strip_prefix("Numbers for Prometheus are on "));
        line.and_then(|address| address.strip_suffix("/metrics")).map(|address| format!("http://{address}"))
    });
    let page = Client::new(&numbers).get("/metrics").expect(200);
    assert!(page.body().contains("causeway_http_requests_total{status=\"2xx\"} 1\n"), "{}", page.body());
    assert!(page.body().contains("causeway_database_up 1\n"));
    assert!(!Client::new(program.base()).get("/metrics").body().contains("causeway_http"));
    assert!(program.terminate().success());
}

#[test]
fn a_taken_address_of_the_numbers_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = program::run(dir.path(), &["serve", "--metrics-bind", &address]);
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("--metrics-bind") && told.trim_end().lines().count() == 1, "{told}");
}

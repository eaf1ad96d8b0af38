//! Conversations with a server that follows a script.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::super::message::tests::sample;
use super::super::{Mailer, Message};
use super::*;

/// Answers clients line by line: to a line that begins with the first word of a pair, the second is said.
struct Script {
    port: u16,
    heard: Receiver<String>,
}

impl Script {
    /// All that the first connection said that ended.
    fn heard(&self) -> String {
        self.heard.recv().unwrap()
    }
}

fn server(answers: &'static [(&'static str, &'static str)]) -> Script {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let tell = tell.clone();
            // After the test nobody hears any more.
            std::thread::spawn(move || tell.send(converse(stream, answers)));
        }
    });
    Script { port, heard }
}

fn converse(stream: TcpStream, answers: &[(&str, &str)]) -> String {
    let mut to = stream.try_clone().unwrap();
    let mut from = BufReader::new(stream);
    let mut heard = String::new();
    let mut in_data = false;
    let mut say = |text: &str| to.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 test server");
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).unwrap_or(0) == 0 {
            return heard;
        }
        heard.push_str(&line);
        let line = line.trim_end();
        if in_data && line != "." {
            continue;
        }
        let scripted = answers.iter().find(|(start, _)| line.starts_with(start)).map(|(_, answer)| *answer);
        let answer = match line.split_whitespace().next().unwrap_or_default() {
            "EHLO" => scripted.unwrap_or("250-test\r\n250 8BITMIME"),
            "DATA" => scripted.unwrap_or("354 go on"),
            "." => scripted.unwrap_or("250 taken as 4711"),
            "QUIT" => "221 bye",
            _ => scripted.unwrap_or("250 fine"),
        };
        in_data = line == "DATA" && answer.starts_with("354");
        if !say(answer) {
            return heard;
        }
    }
}

fn send(address: &str, message: &Message<'_>) -> Result<super::super::Sent, MailError> {
    let folder = tempfile::tempdir().unwrap();
    Mailer::from_config(Some(address), folder.path()).unwrap().send(message)
}

fn to_script(script: &Script, message: &Message<'_>) -> Result<super::super::Sent, MailError> {
    send(&format!("smtp://127.0.0.1:{}", script.port), message)
}

#[test]
fn a_message_reaches_the_server_whole() {
    let script = server(&[]);
    let sent = to_script(&script, &sample()).unwrap();
    assert_eq!(sent.answer, "taken as 4711");
    let heard = script.heard();
    assert!(
        heard.contains("MAIL FROM:<portal@example.com>") && heard.contains("RCPT TO:<mara@example.org>"),
        "{heard}"
    );
    assert!(heard.contains(&format!("Message-ID: {}", sample().id())));
    // A line of one point is doubled, so that it does not end the message.
    assert!(heard.contains("\r\n..\r\nplease come."), "{heard}");
}

#[test]
fn refusals_are_told_apart() {
    for (answers, for_good) in [
        (&[("RCPT", "550 5.1.1 no such user")][..], true),
        (&[("RCPT", "551 not local")], true),
        (&[("RCPT", "450 4.2.0 greylisted, come back")], false),
        (&[("MAIL", "421 too busy")], false),
        (&[(".", "554 5.7.1 looks like spam")], true),
        (&[(".", "452 disk full")], false),
        (&[("MAIL", "530 5.7.0 authentication required")], false),
        (&[("EHLO", "554 go away"), ("HELO", "554 go away")], false),
        (&[("DATA", "503 what?")], false),
        (&[("RCPT", "nonsense")], false),
    ] {
        let script = server(answers);
        let error = to_script(&script, &sample()).unwrap_err();
        assert_eq!(error.is_for_good(), for_good, "{answers:?}: {error}");
    }
}

#[test]
fn only_an_address_that_does_not_exist_is_the_recipients_fault() {
    for (answers, meant) in [
        (&[("RCPT", "550 5.1.1 no such user")][..], true),
        (&[("RCPT", "550 No such user here")], true),
        (&[("RCPT", "551 not local")], true),
        (&[("RCPT", "553 5.1.3 not an address")], true),
        (&[("RCPT", "550 5.2.1 mailbox disabled")], true),
        (&[("RCPT", "550 5.7.1 you may not relay")], false),
        (&[("RCPT", "550 Relaying denied")], false),
        (&[("RCPT", "550 5.1.8 bad sender")], false),
        (&[("RCPT", "550 Sender verify failed")], false),
        (&[("RCPT", "552 5.2.2 mailbox full")], false),
        (&[("RCPT", "554 5.7.1 go away")], false),
        (&[("RCPT", "450 4.1.1 try again")], false),
        (&[("MAIL", "550 5.1.0 not this sender")], false),
        (&[("DATA", "550 no")], false),
        (&[(".", "550 5.1.1 found in the content")], false),
    ] {
        let script = server(answers);
        let error = to_script(&script, &sample()).unwrap_err();
        assert_eq!(matches!(error, MailError::Recipient { .. }), meant, "{answers:?}: {error:?}");
        if let MailError::Recipient { said, told } = error {
            assert_eq!(said, answers[0].1);
            assert!(told.contains(&script.port.to_string()), "{told}");
        }
    }
}

#[test]
fn the_servers_words_reach_the_operator() {
    let script = server(&[("RCPT", "550 5.1.1 no such user here")]);
    let error = to_script(&script, &sample()).unwrap_err();
    assert!(error.to_string().contains("no such user here"), "{error}");
    assert!(error.to_string().contains(&script.port.to_string()), "{error}");
}

#[test]
fn nobody_at_the_port_is_for_now() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = send(&format!("smtp://127.0.0.1:{port}"), &sample()).unwrap_err();
    assert!(matches!(&error, MailError::ForNow(why) if why.contains("refused")), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::from_config(Some(&format!("smtp://127.0.0.1:{port}")), folder.path()).unwrap();
    assert!(mailer.check().is_err());
}

#[test]
fn a_server_that_hangs_up_is_for_now() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let hang_up = std::thread::spawn(move || drop(listener.accept().unwrap()));
    assert!(matches!(send(&format!("smtp://127.0.0.1:{port}"), &sample()), Err(MailError::ForNow(_))));
    hang_up.join().unwrap();
}

#[test]
fn the_password_is_sent_and_its_refusal_is_for_now() {
    let script = server(&[("EHLO", "250-test\r\n250 AUTH PLAIN"), ("AUTH", "535 5.7.8 wrong password")]);
    let error = send(&format!("smtp://ma%40ra:sec%2Fret@127.0.0.1:{}", script.port), &sample()).unwrap_err();
    assert!(
        matches!(&error, MailError::ForNow(why) if why.contains("wrong password") && !why.contains("sec")),
        "{error}"
    );
    // Base64 of NUL, user, NUL, password.
    assert!(script.heard().contains("AUTH PLAIN AG1hQHJhAHNlYy9yZXQ="));
}

#[test]
fn without_the_required_encryption_nothing_is_said() {
    let script = server(&[("EHLO", "250-test\r\n250 AUTH PLAIN")]);
    let address = format!("smtp://mara:secret@127.0.0.1:{}?tls=required", script.port);
    let error = send(&address, &sample()).unwrap_err();
    assert!(matches!(&error, MailError::ForNow(why) if why.contains("STARTTLS")), "{error}");
    let heard = script.heard();
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
    let script = server(&[]);
    assert!(send(&format!("smtp://127.0.0.1:{}?tls=opportunistic", script.port), &sample()).is_ok());
}

#[test]
fn an_address_in_other_letters_needs_a_server_that_takes_them() {
    let script = server(&[]);
    let error = to_script(&script, &Message { to: "jörg@example.org", ..sample() }).unwrap_err();
    assert!(error.is_for_good(), "{error}");
    let script = server(&[("EHLO", "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8")]);
    to_script(&script, &Message { to: "jörg@example.org", ..sample() }).unwrap();
    assert!(script.heard().contains("RCPT TO:<jörg@example.org>"));
}

#[test]
fn settings_say_how_it_is_encrypted() {
    let user = || Some(("mara".to_owned(), "p@ss".to_owned()));
    for (address, host, port, encryption, user) in [
        ("smtps://mara:p%40ss@mail.example.com", "mail.example.com", 465, Encryption::Always, user()),
        ("smtp://mara:p%40ss@mail.example.com", "mail.example.com", 587, Encryption::Required, user()),
        ("smtp://mara:p%40ss@mail.example.com:2525/", "mail.example.com", 2525, Encryption::Required, user()),
        ("smtp://mail.example.com", "mail.example.com", 25, Encryption::IfOffered, None),
        ("smtp://mail.example.com?tls=none", "mail.example.com", 25, Encryption::Never, None),
        ("smtp://mail.example.com?tls=required", "mail.example.com", 587, Encryption::Required, None),
        ("smtp://localhost:1025", "localhost", 1025, Encryption::Never, None),
        ("smtp://mara:p%40ss@127.0.0.1:1025", "127.0.0.1", 1025, Encryption::Never, user()),
        ("smtp://[::1]:1025", "::1", 1025, Encryption::Never, None),
    ] {
        let read = Settings::read(address).unwrap();
        assert_eq!(read, Settings { host: host.to_owned(), port, encryption, user }, "{address}");
    }
}

#[test]
fn settings_that_cannot_be_used_say_why_without_the_password() {
    for address in [
        "mail.example.com",
        "smtp://",
        "http://mail.example.com",
        "smtp://mara@mail.example.com",
        "smtp://mara:secret@mail.example.com?tls=none",
        "smtp://mara:secret@mail.example.com?tls=opportunistic",
        "smtps://mail.example.com?tls=none",
        "smtp://mail.example.com?starttls=yes",
        "smtp://mail.example.com/inbox",
        "smtp://mara:%ff@mail.example.com",
    ] {
        let error = Settings::read(address).unwrap_err().to_string();
        assert!(error.starts_with("CAUSEWAY_SMTP_URL cannot be used: ") && !error.contains("secret"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::from_config(Some("smtps://mara:secret@mail.example.com"), folder.path()).unwrap();
    assert_eq!(format!("{mailer:?}"), "Mailer(\"mail.example.com:465 (Always)\")");
}

//! The tests' own tools, on samples: a tool that sees nothing would let every test pass.

use scraper::Html;
use url::Url;

use crate::support::form::{Form, Sent};
use crate::support::mail::MailFolder;
use crate::support::page::selector;

const FORM: &str = r#"
    <form method="post" action="/save?step=2" id="f">
      <input type="hidden" name="key" value="k1">
      <label>Name <input name="name" value="Old"></label>
      <input name="fixed" value="F" readonly>
      <input name="gone" value="x" disabled>
      <fieldset disabled><input name="gone_too" value="x"></fieldset>
      <input type="checkbox" name="mail" checked>
      <input type="checkbox" name="letter" value="post">
      <input type="radio" name="size" value="s" checked><input type="radio" name="size" value="l">
      <select name="country"><option value="at">Austria</option><option selected>Chile</option></select>
      <select name="first"><option value="1">One</option><option value="2">Two</option></select>
      <select name="many" multiple><option selected>a</option><option>b</option><option selected>c</option></select>
      <textarea name="text">
line 1
line 2</textarea>
      <button type="button">Nothing</button>
      <button>Save</button>
      <button name="verb" value="send" formaction="/send">Send <b>now</b></button>
    </form>
    <input name="outside" form="f" value="o">
    <input name="elsewhere" value="e">"#;

fn form() -> Form {
    let document = Html::parse_document(FORM);
    let form = document.select(&selector("form")).next().unwrap();
    Form::read(&Url::parse("http://portal.example/a/b").unwrap(), &document, form)
}

fn sent(form: Form) -> (String, Vec<(String, String)>) {
    let Sent { url, fields, .. } = form.into_request();
    (url.into(), fields)
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

#[test]
fn a_form_sends_what_a_browser_sends() {
    let (url, fields) = sent(form());
    assert_eq!(url, "http://portal.example/save?step=2");
    let expected = [
        ("key", "k1"),
        ("name", "Old"),
        ("fixed", "F"),
        ("mail", "on"),
        ("size", "s"),
        ("country", "Chile"),
        ("first", "1"),
        ("many", "a"),
        ("many", "c"),
        ("text", "line 1\r\nline 2"),
        ("outside", "o"),
    ];
    assert_eq!(fields, pairs(&expected));
}

#[test]
fn a_person_changes_what_can_be_changed() {
    let changed = form()
        .set("name", "New")
        .set("size", "l")
        .set("country", "Austria")
        .uncheck("mail", "on")
        .check("letter", "post")
        .uncheck("many", "c")
        .set("text", "")
        .press("Send now");
    let (url, fields) = sent(changed);
    assert_eq!(url, "http://portal.example/send");
    let expected = [
        ("key", "k1"),
        ("name", "New"),
        ("fixed", "F"),
        ("letter", "post"),
        ("size", "l"),
        ("country", "at"),
        ("first", "1"),
        ("many", "a"),
        ("text", ""),
        ("outside", "o"),
        ("verb", "send"),
    ];
    assert_eq!(fields, pairs(&expected));
}

#[test]
fn nobody_changes_what_the_page_does_not_offer() {
    for (name, value) in
        [("key", "k2"), ("fixed", "G"), ("country", "Peru"), ("size", "xl"), ("gone", "y"), ("none", "z")]
    {
        let attempt = std::panic::catch_unwind(|| form().set(name, value));
        assert!(attempt.is_err(), "{name} took {value}");
    }
    assert!(form().try_press("Nothing").is_err());
}

const MAIL: &str = "From: Causeway <no-reply@portal.example>\r\n\
    To: =?utf-8?q?=C3=84ndy_?= =?utf-8?b?w5ZybsOhxI0=?= <Andy@Example.com>,\r\n bob@example.com\r\n\
    Subject: =?utf-8?b?w5xiZXJibGljaw==?= for you\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"xx\"\r\n\r\n\
    --xx\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    Gr=C3=BC=C3=9Fe, open https://portal.example/a?=\r\nb=3D1&c=3D2.\r\n\
    --xx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    PGEgaHJlZj0iaHR0cHM6Ly9wb3J0YWwuZXhhbXBsZS9hP2I9MSZhbXA7Yz0yIj5vcGVuPC9hPg==\r\n\
    --xx--\r\n";

#[test]
fn mail_is_read_once_it_is_complete() {
    let dir = tempfile::tempdir().unwrap();
    let folder = MailFolder::new(dir.path().join("mail"));
    assert!(folder.all_to("andy@example.com").is_empty());
    std::fs::create_dir(dir.path().join("mail")).unwrap();
    let file = dir.path().join("mail/1.eml");

    std::fs::write(&file, &MAIL[..MAIL.len() - 6]).unwrap();
    assert!(folder.all_to("andy@example.com").is_empty(), "half a message was read");

    std::fs::write(&file, MAIL).unwrap();
    let mail = folder.next_to("ANDY@example.com");
    assert_eq!(mail.to, ["andy@example.com", "bob@example.com"]);
    assert_eq!(mail.subject, "Überblick for you");
    assert_eq!(mail.text.trim(), "Grüße, open https://portal.example/a?b=1&c=2.");
    assert_eq!(mail.link(), "https://portal.example/a?b=1&c=2");
    assert_eq!(mail.links().len(), 2, "the link of the HTML form counts too");
    assert_eq!(mail.link_with("c=2"), "https://portal.example/a?b=1&c=2");
    assert_eq!(folder.all_to("bob@example.com").len(), 1);
}

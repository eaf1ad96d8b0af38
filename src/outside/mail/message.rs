//! One message, and how it becomes a letter that a server takes.

use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::MailError;

/// Characters of a subject or a name that are kept; mail programs show fewer.
const HEADER_CHARS: usize = 250;

/// A message to one person. No text in it can become a header of its own.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What makes this message this one: the same key gives the same `Message-ID`.
    pub key: &'a str,
    /// When it was caused; its `Date`. The same on every try.
    pub at: Timestamp,
    /// The name of the sender as people see it.
    pub from_name: &'a str,
    /// The address of the sender.
    pub from: &'a str,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<&'a str>,
    /// The recipient's name; may be empty.
    pub to_name: &'a str,
    /// The recipient's address.
    pub to: &'a str,
    /// The subject. Line ends and control characters become blanks.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// The same with markup, for programs that show it.
    pub html: Option<&'a str>,
}

impl Message<'_> {
    /// The message's id, with angle brackets: a hash of the key at the sender's domain.
    pub fn id(&self) -> String {
        let domain = self.from.rsplit_once('@').map_or("", |(_, domain)| domain);
        // Ids are ASCII: `bücher.example` is `xn--bcher-kva.example` here.
        let domain = url::Host::parse(domain).map_or_else(|_| "localhost".to_owned(), |host| host.to_string());
        format!("<{}@{domain}>", self.digest())
    }

    /// What stands before the `@` of the id.
    pub(super) fn digest(&self) -> String {
        let mut digest = hex::encode(Sha256::digest(self.key.as_bytes()));
        digest.truncate(40);
        digest
    }

    /// The letter as it goes out.
    pub(super) fn letter(&self) -> Result<lettre::Message, MailError> {
        let mut builder = lettre::Message::builder()
            .message_id(Some(self.id()))
            .date(self.at.into())
            .from(mailbox(self.from_name, self.from)?)
            .to(mailbox(self.to_name, self.to)?)
            .subject(one_line(self.subject))
            // Keeps absence notes from being sent back.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = self.reply_to {
            builder = builder.reply_to(mailbox("", reply_to)?);
        }
        let part = |kind: ContentType, body: &str| SinglePart::builder().header(kind).body(body.to_owned());
        let text = part(ContentType::TEXT_PLAIN, self.text);
        let letter = match self.html {
            Some(html) => {
                let both = MultiPart::alternative().singlepart(text).singlepart(part(ContentType::TEXT_HTML, html));
                builder.multipart(both)
            }
            None => builder.singlepart(text),
        };
        letter.map_err(|error| MailError::ForGood(format!("the message cannot be put together: {error}")))
    }
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, MailError> {
    let unusable = || MailError::ForGood(format!("“{}” is not an e-mail address", one_line(address)));
    // Stricter than the standard: quoted local parts and addresses of machines are not for people.
    if address.len() > 254 || address.chars().any(|char| char.is_control() || " <>\",;:()[]\\".contains(char)) {
        return Err(unusable());
    }
    let address: Address = address.parse().map_err(|_| unusable())?;
    let name = one_line(name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// The text in one line of bounded length, without control characters and without those that turn the
/// direction of writing.
fn one_line(text: &str) -> String {
    let turns = |char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    let line: String =
        text.chars().map(|char| if char.is_control() || turns(char) { ' ' } else { char }).take(HEADER_CHARS).collect();
    line.trim().to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A message that is fine.
    pub(in crate::outside::mail) fn sample() -> Message<'static> {
        Message {
            key: "invitation UR-1",
            at: "2026-05-31T23:59:59.5Z".parse().unwrap(),
            from_name: "Größe & Co",
            from: "portal@example.com",
            reply_to: Some("help@example.com"),
            to_name: "",
            to: "mara@example.org",
            subject: "You are invited",
            text: "Hello Mara,\n.\nplease come.\n",
            html: None,
        }
    }

    fn formatted(message: &Message<'_>) -> String {
        String::from_utf8(message.letter().unwrap().formatted()).unwrap()
    }

    fn headers(letter: &str) -> Vec<String> {
        let (head, _) = letter.split_once("\r\n\r\n").unwrap();
        head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_letter_has_what_mail_programs_need() {
        let letter = formatted(&sample());
        let headers = headers(&letter);
        assert!(headers.contains(&format!("Message-ID: {}", sample().id())), "{letter}");
        assert!(headers.contains(&"Date: Sun, 31 May 2026 23:59:59 +0000".to_owned()), "{letter}");
        assert!(headers.contains(&"To: mara@example.org".to_owned()), "{letter}");
        assert!(headers.contains(&"Reply-To: help@example.com".to_owned()), "{letter}");
        assert!(headers.contains(&"Auto-Submitted: auto-generated".to_owned()), "{letter}");
        assert!(headers.contains(&"Subject: You are invited".to_owned()), "{letter}");
        assert!(headers.iter().any(|line| line.starts_with("From: ") && line.ends_with("<portal@example.com>")));
        let both = formatted(&Message { html: Some("<p>Hello</p>"), ..sample() });
        assert!(both.contains("multipart/alternative") && both.contains("text/html"), "{both}");
    }

    #[test]
    fn the_id_depends_on_the_key_alone() {
        assert_eq!(sample().id(), Message { subject: "x", at: Timestamp::UNIX_EPOCH, ..sample() }.id());
        assert_ne!(sample().id(), Message { key: "invitation UR-2", ..sample() }.id());
        assert!(sample().id().ends_with("@example.com>"));
        assert!(Message { from: "x@bücher.example", ..sample() }.id().ends_with("@xn--bcher-kva.example>"));
        assert!(Message { from: "nothing", ..sample() }.id().ends_with("@localhost>"));
    }

    #[test]
    fn addresses_of_this_machine_and_of_other_scripts_are_fine() {
        for address in ["no-reply@localhost", "jörg@bücher.example", "o'neil+x@sub.example.com", "a@b"] {
            assert!(Message { to: address, from: address, ..sample() }.letter().is_ok(), "{address}");
        }
    }

    #[test]
    fn wrong_addresses_are_refused_for_good() {
        for address in [
            "",
            "mara",
            "mara@",
            "@example.com",
            "a b@example.com",
            "mara@example.com\r\nBcc: all@example.com",
            "mara@example.com, eve@example.com",
            "Mara <mara@example.com>",
            "\"mara\"@example.com",
            "mara@[127.0.0.1]",
        ] {
            for message in [
                Message { to: address, ..sample() },
                Message { from: address, ..sample() },
                Message { reply_to: Some(address), ..sample() },
            ] {
                assert!(matches!(message.letter(), Err(MailError::ForGood(_))), "{address}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_header(
            text in "(\\PC|\r|\n|\t|\u{85}|\u{2028}|\0){0,60}(\r\n|\n|\r)(Bcc|X-Evil): ?a@example.com\r\n\r\nbody"
        ) {
            let names = ["Message-ID", "Date", "From", "To", "Subject", "Reply-To", "Auto-Submitted", "MIME-Version",
                "Content-Type", "Content-Transfer-Encoding"];
            let message = Message { from_name: &text, to_name: &text, subject: &text, key: &text, text: &text, ..sample() };
            let letter = formatted(&message);
            for header in headers(&letter) {
                let name = header.split(':').next().unwrap_or_default();
                prop_assert!(names.contains(&name), "{header:?} in {letter:?}");
            }
            prop_assert!(!letter.contains("X-Evil: a@example.com\r\n\r\nbody\r\n--"));
        }
    }
}

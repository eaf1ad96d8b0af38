//! Mail through an SMTP server.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{SmtpTransport, Transport};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::{MailError, MailSettingsError};

/// How long one step of the conversation may take.
const STEP: Duration = Duration::from_secs(30);
/// Connections at a time; there are few workers.
const CONNECTIONS: u32 = 4;

pub(super) struct Server {
    transport: SmtpTransport,
    shown: String,
    settings: Settings,
    tls: Tls,
}

/// An address as it is understood.
#[derive(Debug, PartialEq, Eq)]
struct Settings {
    host: String,
    port: u16,
    encryption: Encryption,
    user: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// From the first byte.
    Always,
    /// Turned on before anything is said, or nothing is said.
    Required,
    /// Turned on if the server can.
    IfOffered,
    Never,
}

impl Server {
    pub(super) fn at(address: &str) -> Result<Self, MailSettingsError> {
        let settings = Settings::read(address)?;
        let encryption = || {
            TlsParameters::new(settings.host.clone()).map_err(|error| {
                refused(&format!("encryption cannot be set up ({error}); is the package ca-certificates installed?"))
            })
        };
        let tls = match settings.encryption {
            Encryption::Always => Tls::Wrapper(encryption()?),
            Encryption::Required => Tls::Required(encryption()?),
            Encryption::IfOffered => Tls::Opportunistic(encryption()?),
            Encryption::Never => Tls::None,
        };
        let mut builder = SmtpTransport::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls.clone())
            .timeout(Some(STEP))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        let shown = format!("{}:{} ({:?})", settings.host, settings.port, settings.encryption);
        if let Some((user, password)) = settings.user.clone() {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Server { transport: builder.build(), shown, settings, tls })
    }

    /// Where mail goes, without user and password.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) fn send(&self, letter: &lettre::Message) -> Result<String, MailError> {
        let ascii = letter.envelope().to().iter().all(|address| address.to_string().is_ascii());
        match self.transport.send(letter) {
            Ok(answer) => Ok(answer.message().collect::<Vec<_>>().join(" ")),
            Err(error) => {
                let judged = self.judged(&error, ascii);
                let asked = ascii && error.status().is_some_and(|code| is_about_an_address(code.into()));
                match asked.then(|| self.refused_recipient(letter)).flatten() {
                    Some(said) => Err(MailError::Recipient { said, told: judged.to_string() }),
                    None => Err(judged),
                }
            }
        }
    }

    /// What the server says against the recipient of a letter that it has refused, if that is what it is against. The
    /// answer to a whole letter does not tell whether the sender, the recipient or the content was meant: they are offered
    /// one by one.
    fn refused_recipient(&self, letter: &lettre::Message) -> Option<String> {
        let envelope = letter.envelope();
        let recipient = envelope.to().first()?.clone();
        let mut connection = self.connection().ok()?;
        connection.command(Mail::new(envelope.from().cloned(), vec![])).ok()?;
        let refusal = connection.command(Rcpt::new(recipient, vec![])).err();
        connection.abort();
        let refusal = refusal?;
        let code = u16::from(refusal.status()?);
        // "permanent error (550): 5.1.1 no such user": the words follow the code.
        let words = refusal.source().map(ToString::to_string).unwrap_or_default();
        is_no_address(code, &words).then(|| format!("{code} {words}"))
    }

    fn connection(&self) -> Result<SmtpConnection, Error> {
        let name = ClientId::default();
        let wrapper = match &self.tls {
            Tls::Wrapper(tls) => Some(tls),
            _ => None,
        };
        let address = (self.settings.host.as_str(), self.settings.port);
        let mut connection = SmtpConnection::connect(address, Some(STEP), &name, wrapper, None)?;
        match &self.tls {
            Tls::Opportunistic(tls) if connection.can_starttls() => drop(connection.starttls(tls, &name)?),
            Tls::Required(tls) => drop(connection.starttls(tls, &name)?),
            _ => {}
        }
        if let Some((user, password)) = self.settings.user.clone() {
            connection.auth(DEFAULT_MECHANISMS, &Credentials::new(user, password))?;
        }
        Ok(connection)
    }

    pub(super) fn check(&self) -> Result<(), MailError> {
        match self.transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::ForNow(format!("the mail server {} does not answer", self.shown))),
            Err(error) => Err(self.judged(&error, true)),
        }
    }

    fn judged(&self, error: &Error, ascii: bool) -> MailError {
        let mut what = format!("the mail server {}: {error}", self.shown);
        let mut cause = error.source();
        while let Some(inner) = cause {
            if is_timeout(inner) {
                let seconds = STEP.as_secs();
                return MailError::ForNow(format!("the mail server {} did not answer for {seconds} s", self.shown));
            }
            // The library's texts often contain their cause already.
            let inner_text = inner.to_string();
            if !what.contains(&inner_text) {
                let _ = write!(what, ": {inner_text}");
            }
            cause = inner.source();
        }
        match error.status().map(u16::from) {
            // A server that refuses even a hello does not mean this message.
            Some(code) if is_about_the_message(code) && self.transport.test_connection().unwrap_or(false) => {
                MailError::ForGood(what)
            }
            // A name or host in other letters, and a server that does not take them.
            None if error.is_client() && !ascii => MailError::ForGood(what),
            _ => MailError::ForNow(what),
        }
    }
}

/// Waiting for too long is reported in one of two ways, depending on the system.
fn is_timeout(error: &(dyn std::error::Error + 'static)) -> bool {
    let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    matches!(kind, Some(std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut))
}

/// Whether a server's refusal is about this recipient or this content. The other refusals that are final by
/// their first digit are about us (unknown command, password wrong or missing): an operator can mend those,
/// and then the message shall still go out.
fn is_about_the_message(code: u16) -> bool {
    (500..600).contains(&code) && !matches!(code, 500..=504 | 521 | 523 | 530..=538)
}

/// Whether a refusal may mean that there is no such mailbox.
fn is_about_an_address(code: u16) -> bool {
    matches!(code, 550 | 551 | 553)
}

/// Whether a refused recipient does not exist, by the server's words. An enhanced code (RFC 3463) tells exactly; policy and
/// relaying are the operator's to mend, and then every recipient would be refused.
fn is_no_address(code: u16, words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default();
    let enhanced = first.split('.').count() == 3 && first.split('.').all(|part| part.parse::<u16>().is_ok());
    if enhanced {
        return ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"].contains(&first);
    }
    let ours = ["relay", "policy", "spam", "blocked", "denied", "authenti", "sender", "dns", "reputation"];
    let folded = words.to_lowercase();
    is_about_an_address(code) && !ours.iter().any(|word| folded.contains(word))
}

fn refused(why: &str) -> MailSettingsError {
    MailSettingsError(format!(
        "CAUSEWAY_SMTP_URL cannot be used: {why}. Write smtps://USER:PASSWORD@HOST, or smtp://HOST for a server without password."
    ))
}

impl Settings {
    fn read(address: &str) -> Result<Self, MailSettingsError> {
        let url = Url::parse(address).map_err(|_| refused("it is not an address"))?;
        let (host, local) = match url.host() {
            Some(Host::Ipv4(ip)) => (ip.to_string(), ip.is_loopback()),
            Some(Host::Ipv6(ip)) => (ip.to_string(), ip.is_loopback()),
            // In addresses of unusual schemes numbers are names, too.
            Some(Host::Domain(name)) => {
                let ip = name.parse::<std::net::Ipv4Addr>();
                let local = name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback());
                (percent_decode_str(name).decode_utf8_lossy().into_owned(), local)
            }
            None => return Err(refused("it names no server")),
        };
        if host.is_empty() {
            return Err(refused("it names no server"));
        }
        if !matches!(url.path(), "" | "/") {
            return Err(refused("nothing can stand behind the server's name"));
        }
        let decoded = |text: &str| match percent_decode_str(text).decode_utf8() {
            Ok(text) => Ok(text.into_owned()),
            Err(_) => Err(refused("user or password is not UTF-8")),
        };
        let user = match (url.username(), url.password()) {
            ("", None) => None,
            (_, None) => return Err(refused("it has a user but no password")),
            (user, Some(password)) => Some((decoded(user)?, decoded(password)?)),
        };
        let mut wanted = None;
        for (name, value) in url.query_pairs() {
            wanted = match (&*name, &*value) {
                ("tls", "required") => Some(Encryption::Required),
                ("tls", "opportunistic") => Some(Encryption::IfOffered),
                ("tls", "none") => Some(Encryption::Never),
                _ => {
                    return Err(refused(
                        "behind the question mark only tls=required, tls=opportunistic or tls=none can stand",
                    ));
                }
            };
        }
        let encryption = match (url.scheme(), wanted) {
            ("smtps", None | Some(Encryption::Required)) => Encryption::Always,
            ("smtps", Some(_)) => return Err(refused("smtps is always encrypted; remove ?tls=")),
            ("smtp", Some(wanted)) => wanted,
            ("smtp", None) if local => Encryption::Never,
            ("smtp", None) if user.is_some() => Encryption::Required,
            ("smtp", None) => Encryption::IfOffered,
            _ => return Err(refused("it begins neither with smtp:// nor with smtps://")),
        };
        if user.is_some() && !local && matches!(encryption, Encryption::Never | Encryption::IfOffered) {
            return Err(refused("it would send the password in the clear; remove ?tls="));
        }
        let port = url.port().unwrap_or(match encryption {
            Encryption::Always => 465,
            Encryption::Required => 587,
            _ if user.is_some() => 587,
            _ => 25,
        });
        Ok(Settings { host, port, encryption, user })
    }
}

#[cfg(test)]
mod tests;

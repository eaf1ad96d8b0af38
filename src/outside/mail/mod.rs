//! Mail that goes out: to an SMTP server, or into a folder where people and tests can look at it.
//!
//! Sending blocks, for half a minute per step at most; only jobs do it, never a request. A message has an id
//! made from its dedupe key, so that a message that was sent twice (the program died after the server took it
//! and before that was noted) is recognised as the same one by mail programs and in logs. SMTP itself cannot
//! promise more.

mod folder;
mod message;
mod server;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use self::folder::Folder;
pub use self::message::Message;
use self::server::Server;

/// Sends mail. Cloning shares connections.
#[derive(Clone)]
pub struct Mailer {
    way: Arc<Way>,
}

enum Way {
    Server(Server),
    Folder(Folder),
}

/// What became of a message that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its `Message-ID`, with angle brackets.
    pub message_id: String,
    /// What the server said, or the file that was written.
    pub answer: String,
}

/// Why a message did not go out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may work later: the server cannot be reached, is busy, or its settings must be mended.
    #[error("{0}")]
    ForNow(String),
    /// It will never work: an address is wrong, or the server refuses this content.
    #[error("{0}")]
    ForGood(String),
    /// The server refuses this recipient for good, whatever is sent.
    #[error("{told}")]
    Recipient {
        /// The server's own words.
        said: String,
        /// The same for the operator: which server it was.
        told: String,
    },
}

/// Settings for mail that cannot be used, in one line for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MailSettingsError(pub(super) String);

impl Mailer {
    /// Sends through the server at an address, or writes into a folder if there is none.
    ///
    /// - `smtps://USER:PASSWORD@HOST[:465]`: encrypted from the first byte.
    /// - `smtp://USER:PASSWORD@HOST[:587]`: begins in the clear and turns encryption on (STARTTLS) before
    ///   anything is said; if the server does not offer that, nothing is sent.
    /// - `smtp://HOST[:25]` without a password: encryption if the server offers it.
    /// - `smtp://localhost:1025`, and other names of this machine: never encrypted.
    /// - `?tls=required`, `?tls=opportunistic` or `?tls=none` behind it says otherwise; a password is never
    ///   sent in the clear to another machine.
    ///
    /// Characters with a meaning in addresses are written as `%40` and so on in user and password. The
    /// server's certificate is checked against the system's authorities. No connection is made yet.
    pub fn from_config(smtp_url: Option<&str>, folder: &Path) -> Result<Self, MailSettingsError> {
        let way = match smtp_url {
            Some(address) => Way::Server(Server::at(address)?),
            None => Way::Folder(Folder::open(folder)?),
        };
        Ok(Mailer { way: Arc::new(way) })
    }

    /// Sends a message. Blocks.
    pub fn send(&self, message: &Message<'_>) -> Result<Sent, MailError> {
        let letter = message.letter()?;
        let message_id = message.id();
        let answer = match &*self.way {
            Way::Server(server) => server.send(&letter)?,
            Way::Folder(folder) => folder.write(message, &letter)?,
        };
        Ok(Sent { message_id, answer })
    }

    /// Says hello to the server and, if there is a password, signs in; a folder is always fine. Blocks.
    pub fn check(&self) -> Result<(), MailError> {
        match &*self.way {
            Way::Server(server) => server.check(),
            Way::Folder(_) => Ok(()),
        }
    }
}

impl MailError {
    /// Whether another try makes no sense.
    pub fn is_for_good(&self) -> bool {
        matches!(self, MailError::ForGood(_) | MailError::Recipient { .. })
    }
}

/// Without the password.
impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match &*self.way {
            Way::Server(server) => server.shown().to_owned(),
            Way::Folder(folder) => folder.path().display().to_string(),
        };
        f.debug_tuple("Mailer").field(&way).finish()
    }
}

//! Mail as a job: an action enqueues it in its own transaction, a worker sends it.
//!
//! The queue holds texts and their arguments, not sentences: the mail is written in its reader's language. It holds no
//! secret either: a link that needs one is derived when the mail is sent. The same key gives the
//! same `Message-ID`, so that a mail sent twice around a crash is recognised as one.

mod log;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Failed, NewJob, Work, blocklist, enqueue};
use crate::db::schema::{job, person};
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::locale::Reader;
use crate::kit::{AccountId, Email, Refusal, Secret, Text, Time};
use crate::outside::mail::{MailError, Message};

pub use log::forget;

/// The kind of job.
pub const KIND: &str = "mail.send";

/// Where the link of a mail leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// A whole address.
    Address(String),
    /// A path of the portal, `/VA-123-456/requests/PR-…`.
    Path(String),
    /// A path that ends with a secret derived for one object, see [`Secret::derived`].
    Derived {
        /// The path before the secret, `/contracts/activate?secret=`; or a whole address up to there.
        path: String,
        /// What the secret is for.
        purpose: String,
        /// The object's id.
        object: String,
        /// The object's nonce.
        nonce: String,
    },
}

impl Link {
    /// The whole address. `base` is the portal's; `deployment` the deployment's secret.
    pub fn address(&self, base: &str, deployment: &str) -> String {
        let base = base.trim_end_matches('/');
        match self {
            Self::Address(address) => address.clone(),
            Self::Path(path) => format!("{base}{path}"),
            Self::Derived { path, purpose, object, nonce } => {
                let base = if path.starts_with('/') { base } else { "" };
                format!("{base}{path}{}", Secret::derived(deployment, purpose, object, nonce).reveal())
            }
        }
    }
}

/// A mail to one person: a greeting, paragraphs, at most one link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mail {
    /// The recipient's name; may be empty.
    pub to_name: String,
    /// The recipient's address.
    pub to: String,
    /// The subject.
    pub subject: Text,
    /// The text, a paragraph each.
    pub paragraphs: Vec<Text>,
    /// A link with its label.
    pub link: Option<(Text, Link)>,
    /// The language of the recipient; if it is not said, that of the person who is registered under the address.
    pub locale: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Args {
    key: String,
    at: Time,
    mail: Mail,
    #[serde(default)]
    zone: Option<String>,
}

/// Language and time zone of the person who is registered under an address.
fn reader_of(tx: &mut Tx<'_>, to: &Email) -> Result<(Option<String>, Option<String>)> {
    let known = person::table.filter(person::email_folded.eq(to.folded())).select((person::locale, person::timezone));
    Ok(known.first(tx.conn()).optional()?.unwrap_or_default())
}

/// Puts a mail into the queue; once per key. Nothing happens for an address that a mail server refused for good.
pub fn send(tx: &mut Tx<'_>, key: &str, account: Option<&AccountId>, to: &Email, mut mail: Mail) -> Result<()> {
    if blocklist::reason(tx, to)?.is_some() {
        tracing::info!(key, "no mail goes to an address that was refused for good");
        return Ok(());
    }
    mail.to = to.as_str().to_owned();
    let (locale, zone) = reader_of(tx, to)?;
    mail.locale = mail.locale.or(locale);
    let args = Args { key: key.to_owned(), at: tx.at(), mail, zone };
    put(tx, &args, account)
}

/// Puts a mail into the queue and into the log, unless one with its key is there.
fn put(tx: &mut Tx<'_>, args: &Args, account: Option<&AccountId>) -> Result<()> {
    let value = serde_json::to_value(args).map_err(|e| crate::db::Error::Outside(format!("mail: {e}")))?;
    let dedupe = Some(format!("mail:{}", args.key));
    if let Some(job) = enqueue(tx, NewJob { dedupe, account, ..NewJob::new(KIND, value) })? {
        log::queued(tx, job, account, &args.mail)?;
    }
    Ok(())
}

/// Puts a mail into the queue once more, as a mail of its own. Its job must still be there.
pub fn again(tx: &mut Tx<'_>, job: i64) -> Result<()> {
    let found: Option<(Doc<serde_json::Value>, Option<String>)> = job::table
        .find(job)
        .filter(job::kind.eq(KIND))
        .select((job::args, job::account_id))
        .first(tx.conn())
        .optional()?;
    let Some((kept, account)) = found else { return Err(Refusal::not_found("job", job).into()) };
    let mut args: Args = serde_json::from_value(kept.0).map_err(|e| crate::db::Error::Outside(format!("mail: {e}")))?;
    args.key = format!("{}:again:{}", args.key, tx.at().0);
    put(tx, &args, account.as_deref().and_then(AccountId::parse).as_ref())
}

/// Sends one mail.
pub fn run(work: &Work) -> std::result::Result<(), Failed> {
    let args: Args = serde_json::from_value(work.args().clone()).map_err(|e| Failed::ForGood(e.to_string()))?;
    let services = work.services();
    let to = Email::parse(&args.mail.to);
    // It may have been refused since this was put into the queue.
    if let Some(to) = &to
        && let Some(reason) = services.db.read(|tx| blocklist::reason(tx, to))?
    {
        return Err(Failed::ForGood(format!("no mail goes to this address any more: {reason}")));
    }
    let (locale, zone) = (args.mail.locale.as_deref().unwrap_or("en"), args.zone.as_deref().unwrap_or("UTC"));
    let reader = Reader::new(locale, zone, services.clock.now());
    let subject = reader.text(&args.mail.subject);
    let mut parts: Vec<String> = args.mail.paragraphs.iter().map(|p| reader.text(p)).collect();
    if let Some((label, link)) = &args.mail.link {
        parts.push(format!("{}\n{}", reader.text(label), link.address(services.public_url.as_str(), &services.secret)));
    }
    let text = format!("{}\n", parts.join("\n\n"));
    let message = Message {
        key: &args.key,
        at: args.at.jiff(),
        from_name: "Causeway",
        from: &services.config.mail_from,
        reply_to: None,
        to_name: &args.mail.to_name,
        to: &args.mail.to,
        subject: &subject,
        text: &text,
        html: None,
    };
    crate::crash::point("mail.before-send");
    let outcome = match services.mail.send(&message) {
        Ok(sent) => {
            crate::crash::point("mail.sent");
            tracing::info!(message_id = %sent.message_id, "mail sent");
            Ok(())
        }
        Err(MailError::Recipient { said, told }) => {
            if let Some(to) = &to {
                services.db.write(|tx| blocklist::block(tx, to, &said))?;
            }
            Err(Failed::ForGood(told))
        }
        Err(e) if e.is_for_good() => Err(Failed::ForGood(e.to_string())),
        Err(e) => Err(Failed::ForNow(e.to_string())),
    };
    log::tried(work, &outcome);
    outcome
}

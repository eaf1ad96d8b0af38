//! Mails to the people of a company about something that happened in a flow.

use crate::db::{Result, Tx};
use crate::flows::accounts::model::OptionalMail;
use crate::flows::accounts::store;
use crate::jobs::mail::{self, Link, Mail};
use crate::kit::{AccountId, Email, Level, Module, Text};

/// Most people of a company who are written to about one thing; those who may do most there come first.
pub const MOST_TOLD: i64 = 20;

/// Something that people of a company are to know.
#[derive(Debug, Clone)]
pub struct News {
    /// The same for each time that it happens, and for no other: a mail goes out once.
    pub key: String,
    /// Who may work in this module, at least at this level, is told.
    pub holds: (Module, Level),
    /// Whoever does not want mails about this gets none.
    pub about: OptionalMail,
    /// The mail's subject.
    pub subject: Text,
    /// What it says.
    pub paragraphs: Vec<Text>,
    /// What the link is called, and where it leads, within the portal of the company: `/contracts/CRP-…`.
    pub link: (Text, String),
}

/// Writes to the people of a company whom something concerns. Gives how many.
pub fn tell_people(tx: &mut Tx<'_>, account: &AccountId, news: &News) -> Result<usize> {
    let (module, level) = news.holds;
    let mut told = 0;
    for person in store::working(tx, account, (module, level), MOST_TOLD)? {
        let wanted = !person.muted.contains(&news.about);
        let Some(address) = Email::parse(&person.email).filter(|_| wanted) else { continue };
        let mail = Mail {
            to_name: person.name,
            to: String::new(),
            subject: news.subject.clone(),
            paragraphs: news.paragraphs.clone(),
            link: Some((news.link.0.clone(), Link::Path(format!("/{account}{}", news.link.1)))),
            locale: None,
        };
        mail::send(tx, &format!("{}:{}", news.key, person.user), Some(account), &address, mail)?;
        told += 1;
    }
    Ok(told)
}

//! What a partner is to the company that looks at it. Pure.

use crate::flows::accounts::model::people::ContactTag;
use crate::flows::accounts::model::{AccountStatus, Company, Contact};
use crate::kit::{AccountId, Role, Side};

/// How much there is between two companies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Program contracts that have not ended.
    pub program: i64,
    /// Distribution contracts that have not ended.
    pub distribution: i64,
    /// Service contracts that have not ended.
    pub service: i64,
    /// Syndication contracts that have not ended.
    pub syndication: i64,
    /// Products that are listed.
    pub listings: i64,
}

impl Stats {
    /// All contracts.
    pub fn contracts(&self) -> i64 {
        self.program + self.distribution + self.service + self.syndication
    }

    /// Counts so many of a kind, named by the word in the database.
    pub fn count(&mut self, kind: &str, number: i64) {
        match kind {
            "program" => self.program = number,
            "distribution" => self.distribution = number,
            "service" => self.service = number,
            "syndication" => self.syndication = number,
            "listing" => self.listings = number,
            _ => {}
        }
    }
}

/// A partner, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Its account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Where it stands.
    pub status: AccountStatus,
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// What it tells about itself.
    pub company: Company,
    /// How much there is between both.
    pub stats: Stats,
    /// Whom one may turn to.
    pub contacts: Vec<Contact>,
}

impl Partner {
    /// Those whom one may turn to for something.
    pub fn contacts_for(&self, tag: ContactTag) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(move |contact| contact.tag == tag)
    }
}

impl Partner {
    /// The same, in short.
    pub fn brief(&self) -> Brief {
        let c = &self.company;
        Brief { id: c.id.clone(), name: c.name.clone(), role: c.role, status: c.status }
    }
}

/// What lies between two companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Between {
    /// On which side the one that looks stands.
    pub side: Side,
    /// Ids of the newest contracts and listings between both.
    pub objects: Vec<String>,
}

//! Rules about companies and people. Pure.

mod agent;
mod company;
pub mod factors;
mod industry;
pub mod ip;
mod password;
pub mod people;
mod signing;
pub mod sso;
pub mod sso_groups;
pub mod token;

pub use agent::browser_words;
pub use company::*;
pub use industry::*;
pub use password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, PASSWORD_HINT, check_password};
pub use signing::*;
pub use token::TokenStatus;

use ip::IpRules;

use crate::kit::locale::Dates;
use crate::kit::{AccountId, Permissions, Role, Seat, Time, UserId};

crate::word_enum! {
    /// Where a company stands.
    pub enum AccountStatus {
        /// Nobody has accepted the invitation yet.
        Invited = "invited",
        /// Its people and tokens can work in it.
        Active = "active",
        /// It was closed: nobody can work in it, and its partners see what they shared with it.
        Inactive = "inactive",
    }
}

crate::word_enum! {
    /// Where a membership stands.
    pub enum MemberStatus { Invited = "invited", Active = "active", Inactive = "inactive", Expired = "expired" }
}

crate::word_enum! {
    /// What a link that is sent once is for.
    pub enum LinkPurpose { SetPassword = "set_password", Join = "join", NotMe = "not_me" }
}

/// What a company may do besides using its portal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Grants {
    /// May create program agreements.
    pub program_create: bool,
    /// May create service agreements.
    pub service_create: bool,
    /// May hand these rights on.
    pub service_delegate: bool,
}

impl Grants {
    /// Everything.
    pub const ALL: Grants = Grants { program_create: true, service_create: true, service_delegate: true };

    /// These and those.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            program_create: self.program_create || other.program_create,
            service_create: self.service_create || other.service_create,
            service_delegate: self.service_delegate || other.service_delegate,
        }
    }
}

/// Name of the group that every company starts with.
pub const ADMINISTRATORS: &str = "Administrators";
/// What is said about it.
pub const ADMINISTRATORS_MAY: &str = "May do everything.";
/// How long a link to set a password or to join works, in seconds.
pub const LINK_SECONDS: i64 = 7 * 24 * 3600;
/// How many wrong tries for one address are allowed before it is blocked for a while.
pub const MAX_FAILURES: i32 = 8;
/// For how long wrong tries count, from the first one on, in seconds.
pub const FAILURES_COUNT_SECONDS: i64 = 6 * 3600;

/// A company in which a person works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The company.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Path of its logo.
    pub icon: Option<String>,
    /// What the person may do there.
    pub permissions: Permissions,
    /// From where its people may come.
    pub addresses: IpRules,
    /// Whether it runs the deployment.
    pub operates: bool,
    /// Whether it asks its members for a second factor.
    pub factor_policy: factors::Policy,
    /// What it asks of this member's address.
    pub single_sign_on: Option<sso::Covering>,
}

impl Membership {
    /// The seat to act from.
    pub fn seat(&self) -> Seat {
        Seat {
            account: self.account.clone(),
            name: self.name.clone(),
            role: self.role,
            permissions: self.permissions.clone(),
        }
    }
}

/// A signed-in person with all their companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Path of their picture.
    pub icon: Option<String>,
    /// The language they chose.
    pub locale: Option<String>,
    /// The time zone they chose.
    pub timezone: Option<String>,
    /// How they want dates to be written.
    pub dates: Dates,
    /// Where they worked last.
    pub last_account: Option<String>,
    /// Whether they have an authenticator app or a passkey.
    pub has_factor: bool,
    /// Whether they put away the hint to set one up.
    pub factor_later: bool,
    /// Their companies, by name.
    pub memberships: Vec<Membership>,
}

impl Person {
    /// As they are for a session: where a provider alone vouches for them, with the companies alone that it opens.
    #[must_use]
    pub fn as_far_as(mut self, ways: &sso::Ways) -> Self {
        if ways.foreign {
            self.memberships.retain(|member| ways.opens(member) == sso::Opens::Yes);
        }
        self
    }

    /// Their membership in a company.
    pub fn member_of(&self, account: &str) -> Option<&Membership> {
        self.memberships.iter().find(|m| m.account == *account)
    }

    /// The company they worked in last, or the first: of those that may be entered from this address, as long as there is one.
    pub fn home(&self, address: &str) -> Option<&Membership> {
        let last = self.last_account.as_deref().and_then(|a| self.member_of(a)).into_iter();
        let mut all = last.chain(&self.memberships);
        all.clone().find(|m| m.addresses.allow(address)).or_else(|| all.next())
    }
}

/// Until when an address is blocked after so many failures: a minute, doubling, at most an hour.
pub fn blocked_until(failures: i32, now: Time) -> Option<Time> {
    (failures >= MAX_FAILURES).then(|| {
        let doublings = u32::try_from((failures - MAX_FAILURES).clamp(0, 6)).unwrap_or(0);
        now.plus_seconds((60i64 << doublings).min(3600))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocking_starts_late_and_doubles() {
        let now = Time(0);
        assert_eq!(blocked_until(MAX_FAILURES - 1, now), None);
        assert_eq!(blocked_until(MAX_FAILURES, now), Some(now.plus_seconds(60)));
        assert_eq!(blocked_until(MAX_FAILURES + 1, now), Some(now.plus_seconds(120)));
        assert_eq!(blocked_until(MAX_FAILURES + 40, now), Some(now.plus_seconds(3600)));
    }
}

//! Rules about companies and people. Pure.

mod company;
mod industry;

pub use company::*;
pub use industry::*;

use crate::kit::{AccountId, Permissions, Problems, Role, Seat, Text, Time, UserId};

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
    pub enum MemberStatus { Invited = "invited", Active = "active", Expired = "expired" }
}

crate::word_enum! {
    /// Where an API token stands.
    pub enum TokenStatus { Active = "active", Inactive = "inactive", Expired = "expired", Deleted = "deleted" }
}

crate::word_enum! {
    /// What a link that is sent once is for.
    pub enum LinkPurpose { SetPassword = "set_password", Join = "join" }
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
    /// The language they chose.
    pub locale: Option<String>,
    /// The time zone they chose.
    pub timezone: Option<String>,
    /// Where they worked last.
    pub last_account: Option<String>,
    /// Their companies, by name.
    pub memberships: Vec<Membership>,
}

impl Person {
    /// Their membership in a company.
    pub fn member_of(&self, account: &str) -> Option<&Membership> {
        self.memberships.iter().find(|m| m.account == *account)
    }

    /// The company they worked in last, or the first.
    pub fn home(&self) -> Option<&Membership> {
        self.last_account.as_deref().and_then(|a| self.member_of(a)).or_else(|| self.memberships.first())
    }
}

/// Notes what is wrong with a new password. The rules are those the field's portals document.
pub fn check_password(problems: &mut Problems, field: &str, password: &str) {
    let chars: Vec<char> = password.chars().collect();
    let mut check = |holds: bool, text: &'static str| problems.check(holds, field, || Text::new(text));
    check(chars.len() >= 8, "The password is too short. Use at least 8 characters.");
    check(password.len() <= 256, "The password is too long. Use at most 256 bytes.");
    check(chars.iter().any(|c| c.is_lowercase()), "The password needs a lower-case letter.");
    check(chars.iter().any(|c| c.is_uppercase()), "The password needs an upper-case letter.");
    check(chars.iter().any(char::is_ascii_digit), "The password needs a digit.");
    check(
        chars.iter().any(|c| !c.is_alphanumeric()),
        "The password needs a character that is neither letter nor digit.",
    );
    check(
        !chars.windows(3).any(|w| w[0] == w[1] && w[1] == w[2]),
        "The password has the same character three times in a row.",
    );
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
    fn passwords() {
        for (password, good) in [
            ("Tr0ub4dor&3", true),
            ("short1!", false),
            ("alllower1!", false),
            ("ALLUPPER1!", false),
            ("NoDigits!!x", false),
            ("NoSpecial11x", false),
            ("Aaaa1111!!bb", false),
            ("Größe-2026", true),
        ] {
            let mut problems = Problems::default();
            check_password(&mut problems, "password", password);
            assert_eq!(problems.none(), good, "{password}");
        }
    }

    #[test]
    fn blocking_starts_late_and_doubles() {
        let now = Time(0);
        assert_eq!(blocked_until(MAX_FAILURES - 1, now), None);
        assert_eq!(blocked_until(MAX_FAILURES, now), Some(now.plus_seconds(60)));
        assert_eq!(blocked_until(MAX_FAILURES + 1, now), Some(now.plus_seconds(120)));
        assert_eq!(blocked_until(MAX_FAILURES + 40, now), Some(now.plus_seconds(3600)));
    }
}

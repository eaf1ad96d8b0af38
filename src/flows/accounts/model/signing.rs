//! How people prove who they are, and what they say about themselves.

use crate::kit::{Time, UserId};

/// Somebody who may come in: their session is to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrance {
    /// Who.
    pub user: UserId,
    /// Their epoch when they proved who they are. Whatever ends all their sessions begins the next one.
    pub epoch: i64,
}

crate::word_enum! {
    /// How somebody proved who they are. Ways that are added later are one more word here; all of them let a person in and
    /// confirm dangerous changes.
    pub enum Proof {
        /// By their password.
        Password = "password",
        /// By a link in a mail to their address, at which they chose a password.
        Link = "link",
        /// By their password and a code of their authenticator app.
        App = "app",
        /// By a passkey, alone or after the password.
        Passkey = "passkey",
        /// By their password and a recovery code.
        Recovery = "recovery",
        /// By a provider of single sign-on.
        SingleSignOn = "single_sign_on",
        /// By one that says that they showed it a second factor, and whose word counts.
        SafeSignOn = "safe_sign_on",
    }
}

impl Proof {
    /// Whether it takes more than the password or the mail of the person.
    pub fn is_two_factors(self) -> bool {
        matches!(self, Self::App | Self::Passkey | Self::Recovery | Self::SafeSignOn)
    }
}

crate::word_enum! {
    /// A mail that a person may do without. Any other comes in any case: it is an answer to something, or warns of something
    /// that only the person should have done.
    pub enum OptionalMail {
        /// Somebody signed in in a browser that the person had not used before.
        NewBrowser = "new_browser",
        /// A contract of a company of theirs was offered, decided, ended, or has a newer version.
        Contracts = "contracts",
    }
}

impl OptionalMail {
    /// What it tells.
    pub fn label(self) -> &'static str {
        match self {
            Self::NewBrowser => "A sign-in in a new browser",
            Self::Contracts => "Contracts: offers, decisions, newer versions, and when one ends",
        }
    }
}

/// After how many failures for one address, from all networks together, unknown browsers are slowed down.
pub const SLOW_AFTER: i32 = 100;
/// For how long one more failure slows them down, in seconds: short, because whoever fails on purpose slows the owner too.
const SLOW_SECONDS: i64 = 5;
/// How often somebody may ask for another address in a day: each makes a mail to an address that they typed.
pub const EMAIL_CHANGES_A_DAY: i64 = 5;
/// How long the link to a new address works, in seconds.
pub const EMAIL_CHANGE_SECONDS: i64 = 24 * 3600;
/// For how long a change of address can be taken back, in seconds.
pub const EMAIL_UNDO_SECONDS: i64 = 7 * 24 * 3600;

/// Until when unknown browsers have to wait after so many failures for one address.
pub fn slowed_until(failures: i32, now: Time) -> Option<Time> {
    (failures >= SLOW_AFTER).then(|| now.plus_seconds(SLOW_SECONDS))
}

crate::word_enum! {
    /// How pages look to a person.
    pub enum Look {
        /// As the system says.
        Auto = "auto",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}

impl Look {
    /// What people choose it by.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// What a person says about themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Their name.
    pub name: String,
    /// What they are: `Head of purchasing`; may be empty.
    pub title: String,
    /// The language they read.
    pub locale: String,
    /// The time zone they live in; empty is UTC.
    pub timezone: String,
    /// How dates are written for them.
    pub date_format: String,
    /// Whether a new browser begins light, dark or as its system says.
    pub theme: String,
}

//! What an export is, and who may have one.

use crate::kit::{Actor, Level, Module, Refusal, Seat};

crate::word_enum! {
    /// Where an export stands.
    pub enum ExportState {
        /// A job is at it, or will be.
        Making = "making",
        /// It can be downloaded.
        Ready = "ready",
        /// It could not be made.
        Failed = "failed",
        /// Somebody did not want it any more.
        Cancelled = "cancelled",
        /// Its time is over.
        Expired = "expired",
        /// Somebody deleted it.
        Deleted = "deleted",
    }
}

/// For how many days an archive can be downloaded.
pub const DOWNLOAD_DAYS: i64 = 7;
/// For how many days it is told that there was an export.
pub const KEPT_DAYS: i64 = 400;
/// So often a worker begins with an export whose makers were killed, before it is given up.
pub const MOST_BEGINNINGS: i64 = 24;

/// What whoever has an archive could read without it: what is in it.
const READS: &[(Module, Level)] = &[
    (Module::Account, Level::Manage),
    (Module::Integrations, Level::Manage),
    (Module::Partners, Level::Read),
    (Module::Marketplaces, Level::Read),
    (Module::Products, Level::Read),
    (Module::Listings, Level::Read),
    (Module::Customers, Level::Read),
    (Module::Subscriptions, Level::Read),
    (Module::Usage, Level::Read),
];

/// Refuses whoever may not read all that is in an archive: nobody gets more by it than they hold.
pub fn may_have(actor: &Actor) -> Result<&Seat, Refusal> {
    for (module, level) in READS {
        actor.need(*module, *level)?;
    }
    actor.company()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::{AccountId, Permissions, Role};

    fn with(permissions: Permissions) -> Actor {
        let account = AccountId::parse("VA-000-001").unwrap();
        Actor::System { seat: Seat { account, name: "V".to_owned(), role: Role::Vendor, permissions } }
    }

    #[test]
    fn whoever_may_not_read_a_part_may_not_have_the_whole() {
        assert!(may_have(&with(Permissions::all())).is_ok());
        for (module, _) in READS {
            assert!(may_have(&with(Permissions::all().without(*module))).is_err(), "{module}");
        }
    }
}

//! The flows. In which order they may depend on each other says ARCHITECTURE.md; what must happen in a flow above is a
//! reaction to a happening below: [`react`].

pub mod accounts;
pub mod audit;
pub mod contracts;
pub mod customers;
pub mod desk;
pub mod export;
pub mod listings;
pub mod marketplaces;
pub mod operator;
pub mod orders;
pub mod partners;
pub mod products;
pub mod usage;

pub use crate::db::{Result as Done, Tx};

use crate::db::Result;
use crate::jobs;
use crate::kit::{Actor, Happening, Text};

/// What each flow does when something happened in another one. Runs in the transaction of the action.
pub fn react(tx: &mut Tx<'_>, actor: &Actor, happening: &Happening) -> Result<()> {
    if happening.verb.starts_with("contract.") {
        contracts::actions::tell(tx, actor, happening.verb, &happening.object)?;
    }
    match happening.verb {
        "contract.activated" => products::actions::contract_activated(tx, &happening.object),
        "contract.terminated" => {
            listings::actions::contract_terminated(tx, actor, &happening.object)?;
            orders::actions::contract_ended(tx, actor, &happening.object)
        }
        _ => Ok(()),
    }
}

/// What the flows would do if something happened in another one: sentences for whoever is about to do it.
pub fn foresee(tx: &mut Tx<'_>, happening: &Happening) -> Result<Vec<Text>> {
    match happening.verb {
        "contract.terminated" => {
            let (mut all, ending) = contracts::actions::foresee_end(tx, &happening.object)?;
            all.extend(listings::actions::foresee_contract_end(tx, &ending)?);
            all.extend(orders::actions::foresee_contract_end(tx, &ending)?);
            Ok(all)
        }
        _ => Ok(vec![]),
    }
}

/// Every kind of job.
pub const WORK: &[jobs::Kind] = &[
    jobs::Kind::short(jobs::mail::KIND, jobs::mail::run),
    jobs::Kind::short(accounts::actions::FORGOTTEN, accounts::jobs::forgotten),
    jobs::Kind::short(accounts::jobs::TURN, accounts::jobs::turn),
    jobs::Kind::short(accounts::jobs::CHECK_DOMAINS, accounts::jobs::check_domains),
    jobs::Kind::short(accounts::jobs::EXPIRE, accounts::jobs::expire),
    jobs::Kind::short("contracts.expire", contracts::jobs::expire),
    jobs::Kind::long(contracts::actions::NEWER, contracts::jobs::tell_newer),
    jobs::Kind::long(contracts::actions::CHECK_BATCH, contracts::jobs::check_batch),
    jobs::Kind::long(contracts::actions::INVITE_BATCH, contracts::jobs::invite_batch),
    jobs::Kind::short(orders::jobs::WAKE, orders::jobs::wake),
    jobs::Kind::long(orders::actions::ENDED, orders::jobs::tell_ended),
    jobs::Kind::long(usage::actions::PROCESS, usage::jobs::process),
    jobs::Kind::long(usage::actions::BUILD, usage::jobs::build),
    jobs::Kind::long(usage::actions::CLEAR, usage::jobs::clear),
    jobs::Kind::long(usage::actions::CLOSE, usage::jobs::close),
    jobs::Kind::long(usage::actions::LINK, usage::jobs::link),
    jobs::Kind::long(export::actions::MAKE, export::jobs::make),
    jobs::Kind::short("journal.seal", housekeeping::seal),
    jobs::Kind::long("housekeeping", housekeeping::run),
    jobs::Kind::long("files.clean", housekeeping::clean_files),
];

/// Jobs that come back.
pub const SCHEDULES: &[jobs::Schedule] = &[
    jobs::Schedule { kind: "journal.seal", every_seconds: 60 },
    jobs::Schedule { kind: accounts::jobs::TURN, every_seconds: 900 },
    jobs::Schedule { kind: accounts::jobs::CHECK_DOMAINS, every_seconds: 6 * 3600 },
    jobs::Schedule { kind: accounts::jobs::EXPIRE, every_seconds: 900 },
    jobs::Schedule { kind: "contracts.expire", every_seconds: 900 },
    jobs::Schedule { kind: "housekeeping", every_seconds: 3600 },
    jobs::Schedule { kind: "files.clean", every_seconds: 6 * 3600 },
];

/// Jobs that belong to no flow.
mod housekeeping {
    use std::time::Duration;

    use super::{Tx, accounts, contracts, export, orders};
    use crate::jobs::{self, Failed, Work};
    use crate::outside::files::{FileKey, FilesError};
    use crate::{db, journal};

    /// A file that is younger may belong to an action that has not committed yet, or to an upload that still comes in.
    const LEFT_OVER: Duration = Duration::from_secs(24 * 3600);
    /// Files that are looked up at once.
    const FILES: usize = 500;

    /// Chains the journal's new entries.
    pub fn seal(work: &Work) -> Result<(), Failed> {
        while work.services().db.write(journal::seal::run)? > 0 {}
        Ok(())
    }

    /// Rows that are forgotten in one transaction.
    const ROWS: i64 = 500;

    /// Forgets what is no longer needed. ARCHITECTURE.md says of each table that grows how long its rows are kept.
    pub fn run(work: &Work) -> Result<(), Failed> {
        let before = |days: i64| work.services().clock.now().plus_seconds(-days * 24 * 3600);
        let (month, fortnight, season) = (before(30), before(14), before(90));
        all(work, |tx| db::idempotency::forget(tx, month, ROWS))?;
        all(work, |tx| jobs::forget(tx, &["done", "cancelled"], fortnight, ROWS))?;
        all(work, |tx| jobs::forget(tx, &["dead"], season, ROWS))?;
        all(work, |tx| jobs::mail::forget(tx, season, ROWS))?;
        all(work, |tx| accounts::store::forget_sessions(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_links(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_attempts(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_devices(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_email_changes(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_challenges(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_sso_attempts(tx, ROWS))?;
        all(work, |tx| accounts::store::forget_calls(tx, ROWS))?;
        let refused = work.services().clock.now().plus_seconds(-jobs::blocklist::KEPT_SECONDS);
        all(work, |tx| jobs::blocklist::forget(tx, refused, ROWS))?;
        all(work, |tx| orders::store::forget_untouched_drafts(tx, before(orders::actions::KEPT_DAYS), ROWS))?;
        all(work, |tx| contracts::store::forget_batches(tx, ROWS))?;
        all(work, |tx| export::store::expire(tx, ROWS))?;
        all(work, |tx| export::store::forget(tx, before(export::model::KEPT_DAYS), ROWS))?;
        drop_files(work)
    }

    /// Does a bounded piece of work in one short transaction after the other, until there is none left.
    fn all(work: &Work, some: impl Fn(&mut Tx<'_>) -> db::Result<usize>) -> Result<(), Failed> {
        while work.services().db.write_bulk(&some)? > 0 {}
        Ok(())
    }

    /// Deletes files that were dropped a while ago: first the bytes, then the row that names them.
    fn drop_files(work: &Work) -> Result<(), Failed> {
        let services = work.services();
        let before = services.clock.now().plus_seconds(-db::file::DROPPED_SECONDS);
        loop {
            let keys = services.db.read(|tx| db::file::dropped(tx, before, ROWS))?;
            if keys.is_empty() {
                return Ok(());
            }
            // One that cannot be deleted does not keep the others.
            let (mut gone, mut wrong) = (vec![], None);
            for key in keys {
                match key.parse::<FileKey>().map(|key| services.files.delete(&key)) {
                    Ok(Err(e)) => wrong = Some(e),
                    Ok(Ok(_)) | Err(_) => gone.push(key),
                }
            }
            services.db.write_bulk(|tx| db::file::forget(tx, &gone))?;
            if let Some(e) = wrong {
                return Err(Failed::ForNow(e.text().to_string()));
            }
        }
    }

    /// Deletes uploads that nobody finished, and kept files that no row names: what an action leaves behind when the
    /// program dies between keeping a file and committing.
    pub fn clean_files(work: &Work) -> Result<(), Failed> {
        let failed = |e: FilesError| Failed::ForNow(e.text().to_string());
        let files = &work.services().files;
        let swept = files.sweep(LEFT_OVER).map_err(failed)?;
        let (mut deleted, mut found) = (0_usize, files.kept(LEFT_OVER));
        loop {
            let keys: Vec<String> = found
                .by_ref()
                .take(FILES)
                .map(|f| f.map(|f| f.key.to_string()))
                .collect::<Result<_, _>>()
                .map_err(failed)?;
            if keys.is_empty() {
                break;
            }
            for key in work.services().db.read(|tx| db::file::unnamed(tx, &keys))? {
                let Ok(key) = key.parse::<FileKey>() else { continue };
                deleted += usize::from(files.delete(&key).map_err(failed)?);
            }
        }
        if swept + deleted > 0 {
            tracing::info!(swept, deleted, "left-over files were deleted");
        }
        Ok(())
    }
}

//! The audit, from the command line of the server: whether its chain is whole.

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::say;
use crate::app::{self, StartError};
use crate::config::Config;
use crate::db::Db;
use crate::journal::entry_id;
use crate::journal::seal::{self, Head, Walk};
use crate::kit::{Clock, Time};

/// What is done about the audit.
#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Checks the whole chain of the journal; fails and names the first entry that does not fit.
    Verify {
        /// Answers as JSON.
        #[arg(long)]
        json: bool,
        /// A head that was kept elsewhere: fails too if the chain does not come past it.
        #[arg(long, value_name = "HASH@ID")]
        expect_head: Option<String>,
    },
    /// Prints the newest seal, to be kept elsewhere.
    Head,
}

pub(super) fn act(config: &Config, command: &AuditCommand) -> Result<(), StartError> {
    // For as long as it takes, and beside a running server.
    let db = app::open_database(config, &Clock::default())?.for_workers();
    match command {
        AuditCommand::Verify { json, expect_head } => verify(&db, *json, expect_head.as_deref()),
        AuditCommand::Head => match read(&db, seal::head)? {
            Some((head, _)) => say(&head.to_string()),
            None => {
                Err(StartError("Nothing of the journal is sealed yet. A worker does that every minute.".to_owned()))
            }
        },
    }
}

fn read<T>(db: &Db, work: impl FnOnce(&mut crate::db::Tx<'_>) -> crate::db::Result<T>) -> Result<T, StartError> {
    db.read(work).map_err(|e| StartError(format!("The journal could not be read: {e}")))
}

fn verify(db: &Db, as_json: bool, expected: Option<&str>) -> Result<(), StartError> {
    let expected = expected
        .map(|text| {
            Head::parse(text).ok_or_else(|| {
                StartError(format!(
                    "`{text}` is not a head. Give what `causeway audit head` printed: HASH@EV-000000000012."
                ))
            })
        })
        .transpose()?;
    let all = read(db, seal::head)?.map_or(0, |(_, place)| place);
    // Only a terminal sees it.
    let bar = ProgressBar::new(u64::try_from(all).unwrap_or_default());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} entries, {eta} left") {
        bar.set_style(style);
    }
    let mut walk = Walk::past(expected);
    while read(db, |tx| walk.step(tx))? {
        bar.set_position(u64::try_from(walk.entries).unwrap_or_default());
    }
    bar.finish_and_clear();
    let unsealed = read(db, seal::unsealed)?;
    let when = |at: Option<Time>| at.map(Time::wire);
    let head = walk.head.as_ref().map(Head::to_string);
    if as_json {
        let broken = walk.broken.map(|(entry, fault)| json!({ "entry": entry_id(entry), "reason": fault.words() }));
        say(&json!({
            "whole": broken.is_none(), "entries": walk.entries, "from": when(walk.from), "until": when(walk.until),
            "head": head, "unsealed": unsealed, "broken": broken,
        })
        .to_string())?;
    } else if walk.broken.is_none() {
        let span = match (when(walk.from), when(walk.until)) {
            (Some(from), Some(until)) => format!(", from {from} until {until}"),
            _ => String::new(),
        };
        say(&format!("{} entries are whole{span}; {unsealed} wait for their seal", walk.entries))?;
        if let Some(head) = head {
            say(&format!("head {head}"))?;
        }
    }
    match walk.broken {
        None => Ok(()),
        Some((entry, fault)) => Err(StartError(format!(
            "The journal is broken at entry {}: {}. {} entries before it are whole.",
            entry_id(entry),
            fault.words(),
            walk.entries
        ))),
    }
}

//! Companies, from the command line of the server: the way back in.

use clap::Subcommand;

use super::say;
use crate::app::{self, StartError};
use crate::config::Config;
use crate::flows::accounts::actions as accounts;
use crate::kit::{AccountId, Clock};

/// What is done about companies.
#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Takes every IP rule of a company away, for somebody who locked everybody out.
    ClearIpRules {
        /// The company's id, as in VA-123-456.
        account: String,
    },
    /// Lets people of a company use their passwords again where single sign-on was the only way in.
    SsoOff {
        /// The company's id, as in VA-123-456.
        account: String,
    },
}

pub(super) fn act(config: &Config, command: &AccountCommand) -> Result<(), StartError> {
    match command {
        AccountCommand::ClearIpRules { account } => clear_ip_rules(config, account),
        AccountCommand::SsoOff { account } => sso_off(config, account),
    }
}

fn clear_ip_rules(config: &Config, account: &str) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    let unknown =
        || StartError(format!("There is no account {account}. `causeway user list` shows the accounts of everybody."));
    let id = AccountId::parse(account).ok_or_else(unknown)?;
    let cleared = services.db.write(|tx| accounts::clear_ip_rules(tx, &id)).map_err(|e| StartError(e.to_string()))?;
    let (name, count) = cleared.ok_or_else(unknown)?;
    // A name comes from people: nothing in it may move the terminal.
    let name = name.replace(|c: char| c.is_control(), " ");
    say(&format!(
        "{name} ({id}) has no IP rule any more; there were {count}. People and programs may come from everywhere."
    ))
}

fn sso_off(config: &Config, account: &str) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    let unknown =
        || StartError(format!("There is no account {account}. `causeway user list` shows the accounts of everybody."));
    let id = AccountId::parse(account).ok_or_else(unknown)?;
    let opened = services.db.write(|tx| accounts::sso_off(tx, &id)).map_err(|e| StartError(e.to_string()))?;
    let (name, count) = opened.ok_or_else(unknown)?;
    // A name comes from people: nothing in it may move the terminal.
    let name = name.replace(|c: char| c.is_control(), " ");
    say(&format!(
        "{name} ({id}) lets everybody use their passwords again; single sign-on was the only way in for {count} of its domains."
    ))
}

//! People, from the command line of the server: the first one, the way back in, who there is.

use clap::Subcommand;

use super::say;
use crate::app::{self, StartError};
use crate::config::Config;
use crate::flows::accounts::actions as accounts;
use crate::kit::{AccountId, Clock, Email};

/// What is done about people who sign in.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Prints a one-time link by which a person sets a new password.
    ResetPassword {
        /// The person's address.
        email: String,
    },
    /// Removes every second factor of a person who has lost them all, recovery codes included, and ends their sessions.
    ResetFactors {
        /// The person's address.
        email: String,
    },
    /// Prints everybody: id, address, name, companies, last sign-in, why no mail goes to the address.
    List,
}

pub(super) fn act(config: &Config, command: &UserCommand) -> Result<(), StartError> {
    match command {
        UserCommand::ResetPassword { email } => reset_password(config, email),
        UserCommand::ResetFactors { email } => reset_factors(config, email),
        UserCommand::List => list(config),
    }
}

pub(super) fn init(config: &Config, account: &str, email: &str) -> Result<(), StartError> {
    let address = Email::parse(email).ok_or_else(|| {
        StartError(format!("`{email}` is not an e-mail address. Give one like ann@example.com with --email."))
    })?;
    let services = app::services(config, Clock::default())?;
    let (id, _, secret) = services
        .db
        .write(|tx| accounts::first_company(tx, account, &address))
        .map_err(|e| StartError(e.to_string()))?;
    say(&format!("{account} is {id}. Its administrator sets a password here, once, within a week:"))?;
    say(&format!("{}set-password?secret={}", services.public_url, secret.reveal()))
}

fn reset_password(config: &Config, email: &str) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    let secret = services
        .db
        .write(|tx| match accounts::person_by_email(tx, email)? {
            Some(user) => accounts::password_link_by_operator(tx, &user).map(Some),
            None => Ok(None),
        })
        .map_err(|e| StartError(e.to_string()))?
        .ok_or_else(|| {
            StartError(format!("Nobody is registered with the address {email}. `causeway user list` shows who is."))
        })?;
    say(&format!("{}set-password?secret={}", services.public_url, secret.reveal()))
}

fn reset_factors(config: &Config, email: &str) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    services
        .db
        .write(|tx| match accounts::person_by_email(tx, email)? {
            Some(user) => accounts::reset_factors(tx, &user).map(Some),
            None => Ok(None),
        })
        .map_err(|e| StartError(e.to_string()))?
        .ok_or_else(|| {
            StartError(format!("Nobody is registered with the address {email}. `causeway user list` shows who is."))
        })?;
    say(&format!("{email} signs in with the password alone, until a new second factor is set up."))
}

/// One line for each person, fields separated by tabs; a thousand at a time.
fn list(config: &Config) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    let mut after = String::new();
    loop {
        let people =
            services.db.read(|tx| accounts::everybody(tx, &after, 1_000)).map_err(|e| StartError(e.to_string()))?;
        let Some(last) = people.last() else { return Ok(()) };
        after = last.folded.clone();
        for person in &people {
            let companies: Vec<String> = person.companies.iter().map(|(id, name)| format!("{name} ({id})")).collect();
            let signed = person.signed_in_at.map_or_else(|| "never".to_owned(), |at| at.wire());
            let refused = person.blocked_for.as_deref().unwrap_or_default();
            let fields = [person.id.as_str(), &person.email, &person.name, &companies.join(", "), &signed, refused];
            // Names come from people: nothing in them may look like another field or line, or move the terminal.
            let plain = fields.map(|f| f.replace(|c: char| c.is_control(), " "));
            say(&plain.join("\t"))?;
        }
    }
}

/// Says which account runs the deployment, or makes another one do so.
pub(super) fn operator(config: &Config, account: Option<&str>) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    let fault = |e: crate::db::Error| StartError(e.to_string());
    let Some(wanted) = account else {
        return match services.db.read(accounts::operator).map_err(fault)? {
            Some(id) => say(id.as_str()),
            None => Err(StartError(
                "No account runs this deployment yet. Name a distributor: `causeway operator PA-…`.".to_owned(),
            )),
        };
    };
    let id = AccountId::parse(wanted)
        .ok_or_else(|| StartError(format!("`{wanted}` is not the id of an account. Give one like PA-123-456.")))?;
    services.db.write(|tx| accounts::appoint_operator(tx, &id)).map_err(fault)?;
    say(&format!("{id} runs this deployment"))
}

//! What people do with companies, memberships, tokens and their own sign-in.

mod company;
mod links;
mod members;
pub mod password;
mod pictures;
mod sub_accounts;
mod tokens;

pub use company::{Logo, close_own_company, company, edit_company, grant, grants, open_sub_accounts, profiles};
pub use links::*;
pub use members::*;
pub use pictures::*;
pub use sub_accounts::*;
pub use tokens::*;

use super::model::{self, AccountStatus, Person};
use super::store;
use crate::db::party::Waiting;
use crate::db::{Db, Result, Tx};
use crate::journal::{self, Entry};
use crate::kit::{
    AccountId, Actor, Email, Events, Permissions, Problems, Refusal, Role, Secret, Text, TokenId, UserId,
};

/// Loads a person with everything they may do.
pub fn person(tx: &mut Tx<'_>, id: &UserId) -> Result<Option<Person>> {
    Ok(visitor(tx, id, None)?.map(|(person, _)| person))
}

/// The person of a session with everything they may do, and what waits in the company that they look at.
pub fn visitor(tx: &mut Tx<'_>, id: &UserId, looks_at: Option<&str>) -> Result<Option<(Person, Vec<Waiting>)>> {
    store::person_with_memberships(tx, id, looks_at)
}

/// Checks address and password and gives the person. Says the same whether the address or the password is wrong.
/// Runs its own transactions, because the password is checked outside of them: that takes tens of milliseconds.
pub fn sign_in(db: &Db, email: &str, password: &str, address: &str) -> Result<UserId> {
    // Held from the look at the failures to the count of this one: of many tries at once, few are not counted yet.
    let turn = password::turn()?;
    // An address that nobody can have is nobody's: only its client is counted.
    let folded = Email::parse(email).map_or_else(String::new, |e| e.folded());
    let subjects = [format!("email:{folded}"), format!("address:{address}")];
    let found = db.read(|tx| {
        let at = tx.at();
        for subject in &subjects {
            let (_, blocked) = store::attempts(tx, subject)?;
            if let Some(until) = blocked.filter(|b| *b > at) {
                let seconds = (until.0 - at.0) / 1_000_000 + 1;
                return Err(Refusal::too_many(
                    Text::new("Too many wrong passwords. Try again in {seconds} seconds, or set a new password.")
                        .arg("seconds", seconds),
                )
                .with("retry_after", seconds)
                .into());
            }
        }
        store::credentials(tx, &folded)
    })?;
    let kept = found.as_ref().and_then(|c| c.password.clone());
    let right = turn.verify(kept.as_deref(), password);
    db.write(|tx| match (&found, right) {
        (Some(who), true) => {
            store::forgiven(tx, &subjects[0])?;
            store::signed_in(tx, &who.id)?;
            Ok(Some(who.id.clone()))
        }
        _ => {
            for (subject, allowance) in subjects.iter().zip([0, 40]) {
                let (failures, _) = store::attempts(tx, subject)?;
                let failures = failures.saturating_add(1);
                store::failed(tx, subject, failures, model::blocked_until(failures - allowance, tx.at()))?;
            }
            Ok(None)
        }
    })?
    .ok_or_else(|| {
        Refusal::field(
            "email",
            Text::new("No account fits this e-mail address and password. Check both, or set a new password."),
        )
        .into()
    })
}

/// Refuses while somebody has to wait after too many wrong secrets: `subject` says whose tries are counted.
pub fn must_not_wait(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    let (at, (_, blocked)) = (tx.at(), store::attempts(tx, subject)?);
    match blocked.filter(|b| *b > at) {
        Some(until) => {
            let seconds = (until.0 - at.0) / 1_000_000 + 1;
            let text = Text::new("Too many addresses that lead nowhere. Try again in {seconds} seconds.");
            Err(Refusal::too_many(text.arg("seconds", seconds)).with("retry_after", seconds).into())
        }
        None => Ok(()),
    }
}

/// Counts a wrong secret; after more than `allowance` of them each makes the next wait longer.
pub fn tried(tx: &mut Tx<'_>, subject: &str, allowance: i32) -> Result<()> {
    let failures = store::attempts(tx, subject)?.0.saturating_add(1);
    store::failed(tx, subject, failures, model::blocked_until(failures - allowance, tx.at()))
}

/// Remembers where a person works, so that they come back there.
pub fn works_in(tx: &mut Tx<'_>, person: &UserId, account: &AccountId) -> Result<()> {
    store::works_in(tx, person, account)
}

/// The actor behind `SU-…:secret`; none if the token is unknown, wrong, inactive or expired.
pub fn token_actor(db: &Db, id: &TokenId, secret: &Secret) -> Result<Option<Actor>> {
    let Some((actor, used_at)) = db.read(|tx| store::token_actor(tx, id, secret))? else { return Ok(None) };
    let now = db.clock().now();
    // One write in five minutes at most: SQLite has one writer.
    if used_at.is_none_or(|u| u.plus_seconds(300) < now) {
        db.write(|tx| store::token_used(tx, id))?;
    }
    Ok(Some(actor))
}

/// Makes a company with its group Administrators.
pub fn create_company(
    tx: &mut Tx<'_>,
    actor: &Actor,
    name: &str,
    role: Role,
    status: AccountStatus,
) -> Result<AccountId> {
    let mut problems = Problems::default();
    let name = problems.text("name", name, 64);
    problems.done()?;
    let events = Events::created(tx.at(), actor.by());
    let inviter = actor.seat().map(|s| s.account.clone());
    let id = store::insert_account(tx, &name, role, status, inviter.as_ref(), events.clone())?;
    store::insert_group(tx, &id, model::ADMINISTRATORS, model::ADMINISTRATORS_MAY, &Permissions::all(), events)?;
    // A distributor that the operator lets in may do what distributors do; others get from their contract what they may.
    if *actor == Actor::Operator && role == Role::Distributor {
        store::set_grants(tx, &id, role, model::Grants::ALL)?;
    }
    let text = Text::new("{name} was added").arg("name", &name);
    journal::record(tx, actor, Entry::new("account", &id, "account.created", text))?;
    Ok(id)
}

/// Opens the portal of an invited company under the name that its people chose.
pub fn activate_company(tx: &mut Tx<'_>, actor: &Actor, id: &AccountId, name: &str) -> Result<()> {
    let mut problems = Problems::default();
    let name = problems.text("company", name, 64);
    problems.done()?;
    store::set_account(tx, id, &name, AccountStatus::Active)?;
    let text = Text::new("{name} opened its portal").arg("name", &name);
    journal::record(tx, actor, Entry::new("account", id, "account.activated", text))?;
    Ok(())
}

/// Name, role and status of companies. For the flows above, which have shown them to their actor.
pub fn company_names(tx: &mut Tx<'_>, ids: &[&AccountId]) -> Result<Vec<(AccountId, String, Role, AccountStatus)>> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    store::account_names(tx, &ids)
}

/// Takes away a company that was made for an invitation, if it is still invited and nobody has joined it. For the flows
/// above: the invitation was withdrawn, or another company accepted it. Nothing may refer to the company any more.
pub fn forget_invited_company(tx: &mut Tx<'_>, id: &AccountId) -> Result<()> {
    store::delete_invited_account(tx, id)
}

/// Everybody who signs in, in the order of their addresses: those after one, at most `limit`. For the operator.
pub fn everybody(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<store::Listed>> {
    store::everybody(tx, after, limit)
}

/// Whether there is any company yet.
pub fn any_company(tx: &mut Tx<'_>) -> Result<bool> {
    store::any_account(tx)
}

/// Makes the first distributor and its administrator on an empty database, and the secret of the link by which the
/// administrator sets a password.
pub fn first_company(tx: &mut Tx<'_>, name: &str, email: &Email) -> Result<(AccountId, UserId, Secret)> {
    if store::any_account(tx)? {
        return Err(Refusal::conflict(Text::new(
            "The database has accounts already. `causeway init` is for an empty one; `causeway user reset-password` lets people in again.",
        ))
        .into());
    }
    let account = create_company(tx, &Actor::Operator, name, Role::Distributor, AccountStatus::Active)?;
    let person = NewPerson { name: email.as_str(), email, password: None };
    let user = register_administrator(tx, &Actor::Operator, &account, &person)?;
    let secret = password_link(tx, &user)?;
    Ok((account, user, secret))
}

/// The person that an address belongs to.
pub fn person_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<UserId>> {
    Ok(store::credentials(tx, &crate::kit::fold(email.trim()))?.map(|c| c.id))
}

/// Saves the name, language and time zone of a person.
pub fn edit_profile(tx: &mut Tx<'_>, user: &UserId, name: &str, locale: &str, zone: &str) -> Result<()> {
    let mut problems = Problems::default();
    let name = problems.text("name", name, 128);
    let zone = zone.trim();
    problems.check(zone.is_empty() || jiff::tz::TimeZone::get(zone).is_ok(), "timezone", || {
        Text::new("There is no time zone {zone}. Write it as in Europe/Berlin.").arg("zone", zone)
    });
    problems.check(crate::kit::locale::Locale::choices().any(|l| l.tag() == locale), "locale", || {
        Text::new("There is no language {locale} here. Choose one of the list.").arg("locale", locale)
    });
    problems.done()?;
    store::save_profile(tx, user, &name, locale, (!zone.is_empty()).then_some(zone))
}

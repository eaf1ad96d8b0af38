//! What people do with companies, memberships, tokens and their own sign-in.

mod addresses;
mod calls;
mod company;
mod confirm;
mod factors;
mod four_eyes;
mod groups;
mod handles;
mod ip_rules;
mod links;
mod managing;
mod members;
mod memberships;
mod notices;
mod operator;
pub mod passkeys;
pub mod password;
mod pictures;
mod profile;
mod signing;
mod sso;
mod sso_joining;
mod sso_sign_in;
mod sub_accounts;
mod telling;
mod token_ends;
mod tokens;
mod uploads;

pub use addresses::{ask_for_email, email_asked, email_before, prove_email, undo_email};
pub use calls::{Admitted, Calls, reset_calls, token_actor};
pub use company::{close_own_company, company, contacts, edit_company, grant, grants, kept_open, profiles};
pub use confirm::{change_password, confirm};
pub use factors::*;
pub use four_eyes::{needs_two, set_two_people};
pub use groups::*;
pub use handles::{NewHandle, create_pending_token, handle_refused, redeem_handle, renew_handle};
pub use ip_rules::*;
pub use links::*;
pub use members::*;
pub use memberships::*;
pub use operator::*;
pub use pictures::*;
pub use profile::*;
pub use signing::{Origin, entered, sign_in};
pub use sso::*;
pub use sso_sign_in::*;
pub use sub_accounts::*;
pub use telling::{News, tell_people};
pub use token_ends::*;
pub use tokens::*;
pub use uploads::{Upload, keep_upload, settle_upload};

use super::model::{self, AccountStatus, Entrance, Person};
use super::store;
use crate::db::party::Waiting;
use crate::db::{Result, Tx};
use crate::journal::{self, Entry};
use crate::kit::{AccountId, Actor, Email, Events, Permissions, Problems, Refusal, Role, Secret, Text, UserId};

/// Loads a person with everything they may do.
pub fn person(tx: &mut Tx<'_>, id: &UserId) -> Result<Option<Person>> {
    Ok(visitor(tx, id, None)?.map(|(person, _)| person))
}

/// The person of a session with everything they may do, and what waits in the company that they look at.
pub fn visitor(tx: &mut Tx<'_>, id: &UserId, looks_at: Option<&str>) -> Result<Option<(Person, Vec<Waiting>)>> {
    store::person_with_memberships(tx, id, looks_at)
}

/// What is said to a member of a closed company who goes there; nothing if it is none, or not theirs.
pub fn is_closed(tx: &mut Tx<'_>, user: &UserId, company: &str) -> Result<Option<Refusal>> {
    let text =
        "The account {name} was closed, so nobody can work in it. The operator of this portal can open it again.";
    let closed = store::closed_company_of(tx, user, company)?;
    Ok(closed.map(|name| {
        let mut refusal = Refusal::not_found("account", company);
        refusal.problems[0].text = Text::new(text).arg("name", name);
        refusal
    }))
}

/// Refuses while somebody has to wait after too many wrong secrets: `subject` says whose tries are counted.
pub fn must_not_wait(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    must_not_wait_after(tx, subject, "Too many addresses that lead nowhere. Try again in {seconds} seconds.")
}

/// As [`must_not_wait`], with the sentence that says why; it has the word `{seconds}`.
fn must_not_wait_after(tx: &mut Tx<'_>, subject: &str, why: &'static str) -> Result<()> {
    let (at, (_, blocked)) = (tx.at(), store::attempts(tx, subject)?);
    match blocked.filter(|b| *b > at) {
        Some(until) => {
            let seconds = (until.0 - at.0) / 1_000_000 + 1;
            Err(Refusal::too_many(Text::new(why).arg("seconds", seconds)).with("retry_after", seconds).into())
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
    appoint_operator(tx, &account)?;
    let secret = password_link(tx, &user)?;
    Ok((account, user, secret))
}

/// The person that an address belongs to.
pub fn person_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<UserId>> {
    Ok(store::credentials(tx, &crate::kit::fold(email.trim()))?.map(|c| c.id))
}

/// Lets a person in who has just proved in this program who they are.
pub fn entrance(tx: &mut Tx<'_>, email: &str) -> Result<Option<Entrance>> {
    let known = store::credentials(tx, &crate::kit::fold(email.trim()))?;
    Ok(known.map(|c| Entrance { user: c.id, epoch: c.epoch }))
}

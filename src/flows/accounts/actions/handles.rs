//! Handles: how an integration gets the key of a token without a person ever seeing it.
//!
//! Whoever makes the token gets a *handle* in place of its key and hands it over. Until then the token is pending: it has no key
//! that anybody knows. The integration, which is a program with a token of its own in whatever account, shows the handle once and
//! gets the key; from then on the token is active and the handle is nothing. It ends after [`token::HANDLE_SECONDS`], can be made
//! anew as long as nobody has used it, and only its hash is kept.
//!
//! Whoever reads a handle on its way can use it first. So the token's account is told by mail, and in its audit, which account
//! has fetched the key; the integration that comes second gets nothing. Wrong handles are counted for the account that tries.

use super::token_ends::{Told, tell_managers};
use super::tokens::{changed, check_token, insert, may_see_key, opened};
use super::{NewToken, TokenWords};
use crate::db::{self, Db, Result, Tx};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::model::token::{self, Keys};
use crate::flows::accounts::store;
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{Actor, NamedRef, Permissions, Refusal, Secret, Text, Time, TokenId};

/// A handle, which is shown this once.
#[derive(Debug, Clone)]
pub struct NewHandle {
    /// The token whose key it fetches.
    pub id: TokenId,
    /// The handle.
    pub handle: Secret,
    /// Until when it works.
    pub until: Time,
}

/// Makes an API token whose key an integration will fetch. It may do no more than the person who makes it.
pub fn create_pending_token(
    tx: &mut Tx<'_>,
    actor: &Actor,
    words: TokenWords,
    wanted: &Permissions,
) -> Result<NewHandle> {
    let account = actor.account()?.clone();
    db::lock(tx, "account", account.as_str())?;
    let words = check_token(tx, actor, words, wanted)?;
    let id = insert(tx, actor, &words, wanted, TokenStatus::Pending, &Secret::generate())?;
    let text = Text::new("Token {name} was created for an integration that fetches its key").arg("name", &words.name);
    journal::record(tx, actor, Entry::new("token", &id, "token.created", text))?;
    put_handle(tx, id)
}

fn put_handle(tx: &mut Tx<'_>, id: TokenId) -> Result<NewHandle> {
    let (handle, until) = (Secret::generate(), tx.at().plus_seconds(token::HANDLE_SECONDS));
    store::set_handle(tx, &id, Some((&handle, until)))?;
    Ok(NewHandle { id, handle, until })
}

/// Gives a pending token another handle; older ones are nothing from now on.
pub fn renew_handle(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId, revision: Option<i64>) -> Result<NewHandle> {
    let (seat, row) = opened(tx, actor, id, revision)?;
    may_see_key(tx, actor, &seat, &row)?;
    if row.status != TokenStatus::Pending {
        let text = "Token {id} is {status:word}: its key was fetched or shown already. Rotate it to get a new key.";
        return Err(Refusal::state(Text::new(text).arg("id", id).arg("status", row.status)).into());
    }
    let made = put_handle(tx, id.clone())?;
    let text = Text::new("Token {name} got a new handle; older ones do not work").arg("name", &row.name);
    let entry = Entry::new("token", id, "token.handle_made", text).changes([Change::secret("Handle")]);
    changed(tx, actor, &row, entry)?;
    Ok(made)
}

/// The same for a handle that never was, was used, and has ended.
fn no_such_handle() -> Refusal {
    let mut refusal = Refusal::not_found("handle", "");
    refusal.problems[0].text = Text::new(
        "No token waits for this handle: it is wrong, was used, or has ended. Ask whoever gave it to you for a new one.",
    );
    refusal
}

/// Gives the key of a pending token to whoever shows its handle, and makes the token active.
///
/// # Errors
/// The handle fetches nothing; see [`handle_refused`].
pub fn redeem_handle(tx: &mut Tx<'_>, actor: &Actor, handle: &Secret) -> Result<NewToken> {
    let by = actor.company()?.clone();
    must_not_wait(tx, actor)?;
    let Some(waiting) = store::by_handle(tx, handle)? else { return Err(no_such_handle().into()) };
    // Of several at once the first one gets it.
    db::lock(tx, "token", waiting.id.as_str())?;
    let Some(store::Handled { id, account, account_name, role }) = store::by_handle(tx, handle)? else {
        return Err(no_such_handle().into());
    };
    let owner = Actor::system(account.clone(), account_name, role);
    let row = store::tokens(tx, &owner, &[id.to_string()])?.pop().ok_or_else(no_such_handle)?;
    let (secret, keys) = (Secret::generate(), Keys { kept: TokenStatus::Active, ..row.keys });
    store::set_keys(tx, &id, &keys, Some(&secret), None)?;
    store::set_handle(tx, &id, None)?;
    let mut events = row.events.0.clone();
    let redeemer = NamedRef { id: by.account.to_string(), name: by.name.clone() };
    events.stamp("redeemed", tx.at(), Some(redeemer));
    store::token_changed(tx, &id, events)?;
    let text = Text::new("{account} ({account_id}) fetched the key of token {name} with its handle")
        .arg("account", &by.name)
        .arg("account_id", &by.account)
        .arg("name", &row.name);
    let change = Change::word("Status", row.status, keys.status(tx.at()));
    let entry = Entry::new("token", &id, "token.redeemed", text).audience(Audience::Account(account)).changes(change);
    journal::record(tx, actor, entry)?;
    let told = Told {
        key: format!("token-redeemed:{id}:{}", tx.at().0),
        token: &id,
        subject: Text::new("The key of token {name} was fetched").arg("name", &row.name),
        paragraphs: vec![
            Text::new("{account} ({account_id}) has shown the handle of the API token {name} and got its key.")
                .arg("account", &by.name)
                .arg("account_id", &by.account)
                .arg("name", &row.name),
            Text::new("If that is not the integration you gave the handle to, deactivate the token now."),
        ],
    };
    tell_managers(tx, &owner, told)?;
    Ok(NewToken { id, secret })
}

fn subject(actor: &Actor) -> Result<String> {
    Ok(format!("handle:{}", actor.account()?))
}

fn must_not_wait(tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
    let text = "Too many wrong handles came from your account. Try again in {seconds} seconds.";
    super::must_not_wait_after(tx, &subject(actor)?, text)
}

/// Counts a handle that fetched nothing, in a transaction of its own: each after the first few makes the account wait longer.
pub fn handle_refused(db: &Db, actor: &Actor) -> Result<()> {
    let subject = subject(actor)?;
    db.write(|tx| super::tried(tx, &subject, 0))
}

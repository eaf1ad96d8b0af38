//! API tokens.

use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::store;
use crate::journal::{self, Change, Entry};
use crate::kit::{Actor, Events, Level, Module, Permissions, Problems, Refusal, Secret, Text, Time, TokenId};

/// A new token with its secret, which is shown this once.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The token.
    pub id: TokenId,
    /// Its secret.
    pub secret: Secret,
}

impl NewToken {
    /// What a client puts into the header `Authorization`.
    pub fn key(&self) -> String {
        format!("ApiKey {}:{}", self.id, self.secret.reveal())
    }
}

/// What is said about a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenWords {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The owner's number for it.
    pub external_id: Option<String>,
    /// Until when it may be used; none for no end.
    pub expires_at: Option<Time>,
}

impl TokenWords {
    /// The words as they are kept. An end that has passed is refused, unless it stood there before.
    fn checked(self, before: Option<Time>, at: Time, problems: &mut Problems) -> Self {
        let expires_at = self.expires_at;
        problems.check(expires_at.is_none_or(|end| end > at || Some(end) == before), "expiration_date", || {
            let text = Text::new("{date} has passed. Send a date to come, or null for a token without an end.");
            text.arg("date", expires_at.map(Time::wire).unwrap_or_default())
        });
        Self {
            name: problems.text("name", &self.name, 128),
            description: problems.optional("description", &self.description, 255).unwrap_or_default(),
            external_id: self.external_id.and_then(|id| problems.optional("external_id", &id, 128)),
            expires_at,
        }
    }
}

impl From<&store::TokenRow> for TokenWords {
    fn from(row: &store::TokenRow) -> Self {
        Self {
            name: row.name.clone(),
            description: row.description.clone(),
            external_id: row.external_id.clone(),
            expires_at: row.expires_at,
        }
    }
}

/// Makes an API token with a name and a description, that works until it is stopped. As [`create_token_as`].
pub fn create_token(
    tx: &mut Tx<'_>,
    actor: &Actor,
    name: &str,
    description: &str,
    wanted: &Permissions,
) -> Result<NewToken> {
    let words = TokenWords { name: name.to_owned(), description: description.to_owned(), ..TokenWords::default() };
    create_token_as(tx, actor, words, wanted)
}

/// Makes an API token. It may do no more than the person who makes it.
pub fn create_token_as(tx: &mut Tx<'_>, actor: &Actor, words: TokenWords, wanted: &Permissions) -> Result<NewToken> {
    let seat = actor.need(Module::Integrations, Level::Manage)?.clone();
    let mut problems = Problems::default();
    let words = words.checked(None, tx.at(), &mut problems);
    for (module, level) in wanted.modules() {
        problems.check(seat.permissions.holds(module, level), "permissions", || {
            Text::new("You cannot give {level:word} in {module:word}: you do not hold it yourself.")
                .arg("level", level)
                .arg("module", module.title())
        });
    }
    problems.done()?;
    store::limit(store::token_count(tx, actor)?, tx.limits().tokens, "tokens")?;
    let secret = Secret::generate();
    let events = Events::created(tx.at(), actor.by());
    let new = store::TokenToWrite {
        name: &words.name,
        description: &words.description,
        external_id: words.external_id.as_deref(),
        secret: &secret,
        permissions: wanted,
        expires_at: words.expires_at,
        events,
    };
    let id = store::insert_token(tx, &seat.account, &new)?;
    let text = Text::new("Token {name} was created").arg("name", &words.name);
    journal::record(tx, actor, Entry::new("token", &id, "token.created", text))?;
    crate::crash::point("accounts.create_token.before-commit");
    Ok(NewToken { id, secret })
}

/// Changes what is said about a token of the own company; `change` gets what is said now.
pub fn edit_token(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &TokenId,
    change: impl FnOnce(TokenWords) -> std::result::Result<TokenWords, Refusal>,
) -> Result<()> {
    actor.need(Module::Integrations, Level::Manage)?;
    db::lock(tx, "token", id.as_str())?;
    let rows = store::tokens(tx, actor, &[id.to_string()])?;
    let Some(row) = rows.first() else { return Err(Refusal::not_found("token", id).into()) };
    if row.status == TokenStatus::Deleted {
        return Err(Refusal::state(Text::new("Token {id} is deleted. Make another one.").arg("id", id)).into());
    }
    let old = TokenWords::from(row);
    let mut problems = Problems::default();
    let new = change(old.clone())?.checked(old.expires_at, tx.at(), &mut problems);
    problems.done()?;
    let until = |words: &TokenWords| words.expires_at.map(Time::wire).unwrap_or_default();
    let number = |words: &TokenWords| words.external_id.clone().unwrap_or_default();
    let changes = [
        Change::of("name", &old.name, &new.name),
        Change::of("description", &old.description, &new.description),
        Change::of("external_id", number(&old), number(&new)),
        Change::of("expiration_date", until(&old), until(&new)),
    ];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    if changes.is_empty() {
        return Ok(());
    }
    let mut events = row.events.0.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_token(tx, id, (&new.name, &new.description, new.external_id.as_deref()), new.expires_at, events)?;
    let text = Text::new("Token {name} was changed").arg("name", &new.name);
    journal::record(tx, actor, Entry::new("token", id, "token.changed", text).changes(changes))?;
    Ok(())
}

/// What can be done with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenVerb {
    /// Let it be used again.
    Activate,
    /// Stop it for a while.
    Deactivate,
    /// End it for good.
    Delete,
}

impl TokenVerb {
    /// Where it leads from a status; none if it cannot be done there.
    pub fn next(self, from: TokenStatus) -> Option<TokenStatus> {
        use TokenStatus::{Active, Deleted, Inactive};
        match (self, from) {
            (Self::Activate, Inactive) => Some(Active),
            (Self::Deactivate, Active) => Some(Inactive),
            (Self::Delete, from) if from != Deleted => Some(Deleted),
            _ => None,
        }
    }

    /// What the journal calls it.
    fn happening(self) -> &'static str {
        match self {
            Self::Activate => "token.activated",
            Self::Deactivate => "token.deactivated",
            Self::Delete => "token.deleted",
        }
    }
}

/// Activates, deactivates or deletes a token of the own company.
pub fn change_token(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId, verb: TokenVerb) -> Result<()> {
    actor.need(Module::Integrations, Level::Manage)?;
    let rows = store::tokens(tx, actor, &[id.to_string()])?;
    let Some(token) = rows.first() else { return Err(Refusal::not_found("token", id).into()) };
    let Some(to) = verb.next(token.status) else {
        return Err(Refusal::state(
            Text::new("Token {id} is {status:word}, so this cannot be done.").arg("id", id).arg("status", token.status),
        )
        .into());
    };
    store::set_token_status(tx, id, to)?;
    let text = Text::new("Token {name} is now {status:word}").arg("name", &token.name).arg("status", to);
    journal::record(tx, actor, Entry::new("token", id, verb.happening(), text))?;
    crate::crash::point("accounts.change_token.before-commit");
    Ok(())
}

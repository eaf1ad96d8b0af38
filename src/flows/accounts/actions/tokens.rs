//! API tokens.

use crate::db::{Result, Tx};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::store;
use crate::journal::{self, Entry};
use crate::kit::{Actor, Events, Level, Module, Permissions, Problems, Refusal, Secret, Text, TokenId};

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

/// Makes an API token. It may do no more than the person who makes it.
pub fn create_token(
    tx: &mut Tx<'_>,
    actor: &Actor,
    name: &str,
    description: &str,
    wanted: &Permissions,
) -> Result<NewToken> {
    let seat = actor.need(Module::Integrations, Level::Manage)?.clone();
    let mut problems = Problems::default();
    let name = problems.text("name", name, 128);
    let description = problems.optional("description", description, 255).unwrap_or_default();
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
        name: &name,
        description: &description,
        secret: &secret,
        permissions: wanted,
        expires_at: None,
        events,
    };
    let id = store::insert_token(tx, &seat.account, &new)?;
    let text = Text::new("Token {name} was created").arg("name", &name);
    journal::record(tx, actor, Entry::new("token", &id, "token.created", text))?;
    crate::crash::point("accounts.create_token.before-commit");
    Ok(NewToken { id, secret })
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

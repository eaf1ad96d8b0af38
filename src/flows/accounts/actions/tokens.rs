//! API tokens: making, changing, renewing and ending them.

use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::model::token::{self, DAY_SECONDS, Keys, USUAL_DAYS};
use crate::flows::accounts::store::{self, TokenRow};
use crate::journal::{self, Change, Entry};
use crate::kit::{Actor, Events, Level, Module, Permissions, Problems, Refusal, Seat, Secret, Text, Time, TokenId};

/// A token with a new secret, which is shown this once.
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
        if self.expires_at != before {
            token::check_end(problems, self.expires_at, None, at);
        }
        Self {
            name: problems.text("name", &self.name, 128),
            description: problems.optional("description", &self.description, 255).unwrap_or_default(),
            external_id: self.external_id.and_then(|id| problems.optional("external_id", &id, 128)),
            expires_at: self.expires_at,
        }
    }
}

impl From<&TokenRow> for TokenWords {
    fn from(row: &TokenRow) -> Self {
        Self {
            name: row.name.clone(),
            description: row.description.clone(),
            external_id: row.external_id.clone(),
            expires_at: row.keys.expires_at,
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

/// Whether a token can be made like this, and the words as they would be kept.
pub fn check_token(tx: &mut Tx<'_>, actor: &Actor, words: TokenWords, wanted: &Permissions) -> Result<TokenWords> {
    let seat = actor.need(Module::Integrations, Level::Manage)?;
    let mut problems = Problems::default();
    let words = words.checked(None, tx.at(), &mut problems);
    token::check_given(&mut problems, &seat.permissions, &Permissions::default(), wanted);
    problems.done()?;
    store::limit(store::token_count(tx, actor)?, tx.limits().tokens, "tokens")?;
    Ok(words)
}

/// Makes an API token. It may do no more than the person who makes it.
pub fn create_token_as(tx: &mut Tx<'_>, actor: &Actor, words: TokenWords, wanted: &Permissions) -> Result<NewToken> {
    let account = actor.account()?.clone();
    // Two at once must not both be the last one that is allowed.
    db::lock(tx, "account", account.as_str())?;
    let words = check_token(tx, actor, words, wanted)?;
    let secret = Secret::generate();
    let id = insert(tx, actor, &words, wanted, TokenStatus::Active, &secret)?;
    knows_the_end(tx, &id, &Keys { kept: TokenStatus::Active, expires_at: words.expires_at, renewed: None })?;
    let text = Text::new("Token {name} was created").arg("name", &words.name);
    journal::record(tx, actor, Entry::new("token", &id, "token.created", text))?;
    crate::crash::point("accounts.create_token.before-commit");
    Ok(NewToken { id, secret })
}

/// Writes a new token of the own company.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    actor: &Actor,
    words: &TokenWords,
    wanted: &Permissions,
    status: TokenStatus,
    secret: &Secret,
) -> Result<TokenId> {
    let new = store::TokenToWrite {
        name: &words.name,
        description: &words.description,
        external_id: words.external_id.as_deref(),
        status,
        secret,
        permissions: wanted,
        expires_at: words.expires_at,
        events: Events::created(tx.at(), actor.by()),
    };
    store::insert_token(tx, actor.account()?, &new)
}

/// Whoever chooses an end that is near needs no mail about it.
fn knows_the_end(tx: &mut Tx<'_>, id: &TokenId, keys: &Keys) -> Result<()> {
    if let (TokenStatus::Expiring, Some(end)) = (keys.status(tx.at()), keys.end()) {
        store::told_of_end(tx, id, end)?;
    }
    Ok(())
}

/// A token of the own company, locked to be changed. One that is deleted only can be read.
pub(super) fn opened(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId, revision: Option<i64>) -> Result<(Seat, TokenRow)> {
    let seat = actor.need(Module::Integrations, Level::Manage)?.clone();
    db::lock(tx, "token", id.as_str())?;
    let row = store::tokens(tx, actor, &[id.to_string()])?.pop().ok_or_else(|| Refusal::not_found("token", id))?;
    if row.status == TokenStatus::Deleted {
        return Err(Refusal::state(Text::new("Token {id} is deleted. Make another one.").arg("id", id)).into());
    }
    journal::unchanged(tx, actor, ("token", id.as_str()), "token", (revision, row.revision))?;
    Ok((seat, row))
}

/// Notes a change in the token and in the journal.
pub(super) fn changed(tx: &mut Tx<'_>, actor: &Actor, row: &TokenRow, entry: Entry<'_>) -> Result<()> {
    let mut events = row.events.0.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::token_changed(tx, &row.id, events)?;
    journal::record(tx, actor, entry)?;
    Ok(())
}

fn until(end: Option<Time>) -> String {
    end.map(Time::wire).unwrap_or_default()
}

/// Changes what is said about a token of the own company; `change` gets what is said now.
pub fn edit_token(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &TokenId,
    revision: Option<i64>,
    change: impl FnOnce(TokenWords) -> std::result::Result<TokenWords, Refusal>,
) -> Result<()> {
    let (_, row) = opened(tx, actor, id, revision)?;
    let old = TokenWords::from(&row);
    let mut problems = Problems::default();
    let new = change(old.clone())?.checked(old.expires_at, tx.at(), &mut problems);
    if let Some(renewed) = row.keys.renewed.filter(|_| new.expires_at != old.expires_at) {
        token::check_first(&mut problems, new.expires_at, renewed);
    }
    problems.done()?;
    let number = |words: &TokenWords| words.external_id.clone().unwrap_or_default();
    let changes = [
        Change::of("Name", &old.name, &new.name),
        Change::of("Description", &old.description, &new.description),
        Change::of("External id", number(&old), number(&new)),
        Change::of("Key ends", until(old.expires_at), until(new.expires_at)),
    ];
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    if changes.is_empty() {
        return Ok(());
    }
    store::update_token(tx, id, (&new.name, &new.description, new.external_id.as_deref()))?;
    let keys = Keys { expires_at: new.expires_at, ..row.keys };
    store::set_keys(tx, id, &keys, None, None)?;
    knows_the_end(tx, id, &keys)?;
    let text = Text::new("Token {name} was changed").arg("name", &new.name);
    changed(tx, actor, &row, Entry::new("token", id, "token.changed", text).changes(changes))
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
    /// Where it leads from what people made of a token; none if it cannot be done there.
    pub fn next(self, kept: TokenStatus) -> Option<TokenStatus> {
        use TokenStatus::{Active, Deleted, Inactive};
        match (self, kept) {
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
    let (_, row) = opened(tx, actor, id, None)?;
    let Some(to) = verb.next(row.keys.kept) else {
        return Err(Refusal::state(
            Text::new("Token {id} is {status:word}, so this cannot be done.").arg("id", id).arg("status", row.status),
        )
        .into());
    };
    let keys = Keys { kept: to, ..row.keys };
    store::set_keys(tx, id, &keys, None, None)?;
    if row.status == TokenStatus::Pending {
        store::set_handle(tx, id, None)?;
    }
    let now = keys.status(tx.at());
    let text = Text::new("Token {name} is now {status:word}").arg("name", &row.name).arg("status", now);
    let change = Change::word("Status", row.status, now);
    changed(tx, actor, &row, Entry::new("token", id, verb.happening(), text).changes(change))?;
    crate::crash::point("accounts.change_token.before-commit");
    Ok(())
}

/// What a token of the own company may do.
pub fn permissions_of(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId) -> Result<Permissions> {
    let mut held = Permissions::default();
    for (_, module, level) in store::token_permissions(tx, actor, &[id.to_string()])? {
        held.grant(module, level);
    }
    Ok(held)
}

/// Lets a token do something else; `change` gets what it may do now. Nobody gives what they do not hold themselves.
pub fn set_token_permissions(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &TokenId,
    revision: Option<i64>,
    change: impl FnOnce(&Permissions) -> std::result::Result<Permissions, Refusal>,
) -> Result<()> {
    let (seat, row) = opened(tx, actor, id, revision)?;
    let had = permissions_of(tx, actor, id)?;
    let wanted = change(&had)?;
    let mut problems = Problems::default();
    token::check_given(&mut problems, &seat.permissions, &had, &wanted);
    problems.done()?;
    let level = |held: &Permissions, module: Module| {
        held.modules().find(|(m, _)| *m == module).map_or("", |(_, level)| level.as_str())
    };
    let changes = Module::ALL.iter().map(|m| Change::word(m.title(), level(&had, *m), level(&wanted, *m)));
    let changes: Vec<Change> = changes.flatten().collect();
    if changes.is_empty() {
        return Ok(());
    }
    store::set_token_permissions(tx, id, &wanted)?;
    let text = Text::new("What token {name} may do was changed").arg("name", &row.name);
    changed(tx, actor, &row, Entry::new("token", id, "token.permitted", text).changes(changes))
}

/// Until when a new key is to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nobody said it.
    Usual,
    /// Until then; none for no end.
    At(Option<Time>),
}

/// Who is shown a new key of a token, or its handle, could do what the token may do: they must hold all of it.
pub(super) fn may_see_key(tx: &mut Tx<'_>, actor: &Actor, seat: &Seat, row: &TokenRow) -> Result<()> {
    if seat.permissions.include(&permissions_of(tx, actor, &row.id)?) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        Text::new("Token {name} may do more than you may, so its new key cannot be shown to you. Ask somebody who holds all its permissions.")
            .arg("name", &row.name),
    )
    .into())
}

/// A token whose key nobody has fetched yet gets no other one.
fn not_pending(row: &TokenRow) -> Result<()> {
    if row.status != TokenStatus::Pending {
        return Ok(());
    }
    let text = "Token {id} is pending: no integration has fetched its key yet. Make a new handle, or delete the token.";
    Err(Refusal::state(Text::new(text).arg("id", &row.id)).into())
}

/// Gives a token a second key. The first one works beside it until its own end, so that programs can change over.
pub fn renew_token(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId, revision: Option<i64>, end: End) -> Result<NewToken> {
    let (seat, row) = opened(tx, actor, id, revision)?;
    may_see_key(tx, actor, &seat, &row)?;
    not_pending(&row)?;
    let state = |text: &'static str| Refusal::state(Text::new(text).arg("id", id).arg("status", row.status));
    if !row.keys.works(token::Key::First, tx.at()) {
        return Err(
            state("Token {id} is {status:word}: it has no key that a new one could work beside. Rotate it.").into()
        );
    }
    let Some(first) = row.keys.expires_at else {
        return Err(state(
            "The key of token {id} has no end, so it would never be replaced. Give it an end first, or rotate it.",
        )
        .into());
    };
    let end = match end {
        End::At(end) => end,
        End::Usual => Some(first.plus_seconds(USUAL_DAYS * DAY_SECONDS)),
    };
    let mut problems = Problems::default();
    token::check_end(&mut problems, end, Some(first), tx.at());
    problems.done()?;
    let (secret, keys) = (Secret::generate(), Keys { renewed: Some(end), ..row.keys });
    store::set_keys(tx, id, &keys, None, Some(&secret))?;
    let text = Text::new("Token {name} got a new key; the old one works until its end").arg("name", &row.name);
    let changes = Change::of("New key ends", until(row.keys.renewed.flatten()), until(end));
    let entry = Entry::new("token", id, "token.renewed", text).changes([Change::secret("Key")]).changes(changes);
    changed(tx, actor, &row, entry)?;
    crate::crash::point("accounts.renew_token.before-commit");
    Ok(NewToken { id: id.clone(), secret })
}

/// Gives a token a new key in place of what it has: older ones are refused from now on.
pub fn rotate_token(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId, revision: Option<i64>, end: End) -> Result<NewToken> {
    let (seat, row) = opened(tx, actor, id, revision)?;
    may_see_key(tx, actor, &seat, &row)?;
    not_pending(&row)?;
    let at = tx.at();
    let end = match end {
        End::At(end) => end,
        End::Usual if row.keys.end().is_none_or(|end| end > at) => row.keys.end(),
        End::Usual => Some(at.plus_seconds(USUAL_DAYS * DAY_SECONDS)),
    };
    let mut problems = Problems::default();
    token::check_end(&mut problems, end, None, at);
    problems.done()?;
    let (secret, keys) = (Secret::generate(), Keys { expires_at: end, renewed: None, ..row.keys });
    store::set_keys(tx, id, &keys, Some(&secret), None)?;
    knows_the_end(tx, id, &keys)?;
    let text = Text::new("Token {name} got a new key; older ones are refused").arg("name", &row.name);
    let changes = Change::of("Key ends", until(row.keys.end()), until(end));
    let entry = Entry::new("token", id, "token.rotated", text).changes([Change::secret("Key")]).changes(changes);
    changed(tx, actor, &row, entry)?;
    crate::crash::point("accounts.rotate_token.before-commit");
    Ok(NewToken { id: id.clone(), secret })
}

//! Doing a thing once, however often it is asked for.
//!
//! The answer is kept under (actor, key) in the action's own transaction. A repeat gets that answer, also after a crash
//! between commit and answer; another request under the same key is refused. Without a key nothing is kept: then the
//! natural keys of the flows (`external_uid`, one open request per subscription) are what protects.

use diesel::prelude::*;

use super::schema::answer;
use super::{Result, Tx};
use crate::kit::{Actor, Refusal, Secret, Text, digest};
use crate::on_each;

/// What a person or program was answered: enough to give the same answer again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Where a page sends the person next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What the next page says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash: Option<Text>,
    /// The body of an API's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The object whose state is the body. Then the body, which holds a secret, is not kept: a repetition reads the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

impl Answer {
    /// A page's answer: go there.
    pub fn go(location: impl Into<String>) -> Self {
        Self { status: 303, location: Some(location.into()), ..Self::empty() }
    }

    /// With a message for the next page.
    #[must_use]
    pub fn flash(mut self, text: Text) -> Self {
        self.flash = Some(text);
        self
    }

    /// An API's answer with a JSON body.
    pub fn json(status: u16, body: String) -> Self {
        Self { status, body: Some(body), ..Self::empty() }
    }

    /// Keeps the object's id in place of the body.
    #[must_use]
    pub fn about(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// An API's answer without a body.
    pub fn empty() -> Self {
        Self { status: 204, location: None, flash: None, body: None, object: None }
    }
}

/// The key that a form or a client sent, and the hash of what it asked for.
#[derive(Debug, Clone)]
pub struct Once {
    /// The key; at most 255 bytes.
    pub key: String,
    /// A keyed hash over method, path and body: a body may hold a password, which nobody may guess from what is kept.
    pub request: String,
    /// Whether a person sent it with a form of a page.
    pub by_form: bool,
}

impl Once {
    /// The key of a request. `deployment` is the deployment's secret, `what` its method and path.
    pub fn new(deployment: &str, key: &str, what: &str, body: &[u8]) -> Self {
        let request = Secret::derived(deployment, "request", what, &digest(body)).reveal().to_owned();
        Self { key: key.to_owned(), request, by_form: false }
    }

    /// The key of a form that a person sent.
    #[must_use]
    pub fn by_form(self) -> Self {
        Self { by_form: true, ..self }
    }

    /// Why something else under the same key is not done.
    fn taken(&self) -> Refusal {
        // Whoever goes back in the browser, changes something and sends the old form again knows of no key.
        let text = if self.by_form {
            "This form was already sent with other answers, and those were saved. Nothing was changed this time. Look at \
             what is there now, and send the form again if it is still wanted."
        } else {
            "Something else was sent under this key already, so this was not done. Use a new idempotency key."
        };
        Refusal::conflict(Text::new(text)).with("idempotency_key", &self.key)
    }
}

/// Runs `act` unless this actor's request was answered before; then gives that answer.
pub fn once(
    tx: &mut Tx<'_>,
    actor: &Actor,
    once: Option<&Once>,
    act: impl FnOnce(&mut Tx<'_>) -> Result<Answer>,
) -> Result<Answer> {
    let Some(once) = once else { return act(tx) };
    if once.key.len() > 255 {
        return Err(Refusal::field(
            "Idempotency-Key",
            Text::new("This key is longer than 255 characters. Use a shorter one."),
        )
        .into());
    }
    let actor_key = actor.key();
    // The row is taken first, so that a second request with the same key waits here until the first has committed.
    let at = tx.at();
    let mine = (
        answer::actor.eq(&actor_key),
        answer::key.eq(&once.key),
        answer::request.eq(&once.request),
        answer::given.eq(""),
        answer::created_at.eq(at),
    );
    let taken = on_each!(tx, |c| diesel::insert_into(answer::table).values(mine).on_conflict_do_nothing().execute(c))?;
    let row = answer::table.find((&actor_key, &once.key));
    if taken == 0 {
        let (request, kept): (String, String) = row.select((answer::request, answer::given)).first(tx.conn())?;
        if request != once.request {
            return Err(once.taken().into());
        }
        return serde_json::from_str(&kept).map_err(|e| super::Error::Outside(format!("kept answer: {e}")));
    }
    let given = act(tx)?;
    let body = if given.object.is_some() { None } else { given.body.clone() };
    let text = serde_json::to_string(&Answer { body, ..given.clone() })
        .map_err(|e| super::Error::Outside(format!("answer: {e}")))?;
    diesel::update(row).set(answer::given.eq(text)).execute(tx.conn())?;
    Ok(given)
}

/// Whether this actor was answered under this key already. Asked before something is refused for what it has done itself.
pub fn is_answered(tx: &mut Tx<'_>, actor: &Actor, once: &Once) -> Result<bool> {
    let row = answer::table.find((actor.key(), &once.key));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(tx.conn())?)
}

/// Forgets answers older than `before`, at most `limit` at a time; says how many.
pub fn forget(tx: &mut Tx<'_>, before: crate::kit::Time, limit: i64) -> Result<usize> {
    let old: Vec<(String, String)> = answer::table
        .filter(answer::created_at.lt(before))
        .select((answer::actor, answer::key))
        .limit(limit)
        .load(tx.conn())?;
    for (actor, key) in &old {
        diesel::delete(answer::table.find((actor, key))).execute(tx.conn())?;
    }
    Ok(old.len())
}

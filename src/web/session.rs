//! Sessions: rows of our own behind actix-session, so that they can be listed and ended.
//!
//! The cookie carries a random key; the table has its hash. A session names the person and the host it was made on, and how
//! and when the person proved last who they are; what the person may do is read with every request.
//!
//! - It ends when it was not used for [`IDLE_SECONDS`], and in any case so many days after signing in as the settings say
//!   (`CAUSEWAY_SESSION_DAYS`).
//! - Its key changes whenever the person proves who they are ([`ROTATE`]), in one statement: a session that was ended at the
//!   same moment does not come back under the new key.
//! - It carries the person's *epoch* of the moment when the password was checked. What ends all sessions of a person begins
//!   the next epoch, so that one that is made at the same moment, with the password that was just changed, is none.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use actix_web::web;
use diesel::prelude::*;

use crate::db::schema::{person, session};
use crate::db::{Db, Result as DbResult};
use crate::flows::accounts::model::sso::Ways;
use crate::kit::column::Doc;
use crate::kit::{Secret, Time};
use crate::web::stats::Statements;

/// Name of the state entry that holds the person's id.
pub const PERSON: &str = "person";
/// Name of the state entry that holds who gave the right password and has not taken the second step yet.
pub const HALFWAY: &str = "halfway";
/// Name of the state entry that holds the host the session belongs to.
pub const HOST: &str = "host";
/// Name of the state entry with the address somebody signed in from.
pub const ADDRESS: &str = "address";
/// Name of the state entry with the browser somebody signed in with.
pub const AGENT: &str = "agent";
/// Name of the state entry with the session's name in lists; nobody gets in by it.
pub const HANDLE: &str = "handle";
/// Name of the state entry with the person's epoch.
pub const EPOCH: &str = "epoch";
/// Name of the state entry with the way in which the person proved last who they are.
pub const PROOF: &str = "proof";
/// Name of the state entry with the moment of that, in microseconds.
pub const CONFIRMED: &str = "confirmed";
/// Name of the state entry that says by what the session was opened; without it, by something of the person's own.
pub const WAYS: &str = "ways";
/// Name of a state entry that asks for a new key; it is not kept.
pub const ROTATE: &str = "rotate";

/// How long a session lives without being used, in seconds.
pub const IDLE_SECONDS: i64 = 12 * 3600;
/// How seldom its last use is noted, in seconds: SQLite has one writer.
const TOUCH_SECONDS: i64 = 300;

type State = HashMap<String, String>;

/// Keeps sessions in the database.
#[derive(Clone)]
pub struct Store {
    /// The database.
    pub db: Db,
    /// How long a session lives at most, in seconds.
    pub longest: i64,
}

impl Store {
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Db) -> DbResult<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let (db, counter) = (self.db.clone(), Statements::current());
        Ok(web::block(move || counter.count(|| work(&db))).await??)
    }
}

/// State values are JSON texts.
fn entry(state: &State, name: &str, max: usize) -> String {
    let text: String = state.get(name).and_then(|v| serde_json::from_str(v).ok()).unwrap_or_default();
    text.chars().take(max).collect()
}

/// What a session of this state opens, for whoever asks who is signed in: whether the person has shown something of their own in it, and
/// who vouched for them.
fn opened_by(state: &State) -> (bool, String) {
    let ways: Ways = state.get(WAYS).and_then(|v| serde_json::from_str(v).ok()).unwrap_or_default();
    (!ways.foreign, ways.vouched.iter().map(|vouched| format!(",{},", vouched.provider)).collect())
}

impl SessionStore for Store {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let (id, longest) = (Secret::presented(key.as_ref()).hash(), self.longest);
        self.run(move |db| {
            let found: Option<(Doc<State>, Time, Time)> = db.read(|tx| {
                let at = tx.at();
                Ok(session::table
                    .left_join(person::table.on(person::id.nullable().eq(session::user_id)))
                    .filter(session::id.eq(&id))
                    .filter(session::expires_at.gt(at))
                    .filter(session::created_at.gt(at.plus_seconds(-longest)))
                    .filter(
                        session::user_id.is_null().or(person::session_epoch.nullable().eq(session::epoch.nullable())),
                    )
                    .select((session::state, session::seen_at, session::created_at))
                    .first(tx.conn())
                    .optional()?)
            })?;
            let Some((Doc(state), seen, began)) = found else { return Ok(None) };
            if seen.plus_seconds(TOUCH_SECONDS) < db.clock().now() {
                db.write(|tx| {
                    let at = tx.at();
                    let end = at.plus_seconds(IDLE_SECONDS).min(began.plus_seconds(longest));
                    diesel::update(session::table.find(&id))
                        .set((session::seen_at.eq(at), session::expires_at.eq(end)))
                        .execute(tx.conn())?;
                    Ok(())
                })?;
            }
            Ok(Some(state))
        })
        .await
        .map_err(LoadError::Other)
    }

    async fn save(&self, state: State, _ttl: &Duration) -> Result<SessionKey, SaveError> {
        let key = Secret::generate();
        let (id, lives) = (key.hash(), self.longest.min(IDLE_SECONDS));
        self.run(move |db| {
            db.write(|tx| {
                let at = tx.at();
                let user = entry(&state, PERSON, 48);
                let (own, vouched) = opened_by(&state);
                let row = (
                    session::id.eq(&id),
                    session::user_id.eq((!user.is_empty()).then_some(user)),
                    session::host.eq(entry(&state, HOST, 255)),
                    session::address.eq(entry(&state, ADDRESS, 64)),
                    session::agent.eq(entry(&state, AGENT, 255)),
                    session::state.eq(Doc(state.clone())),
                    session::created_at.eq(at),
                    session::seen_at.eq(at),
                    session::expires_at.eq(at.plus_seconds(lives)),
                    session::handle.eq(entry(&state, HANDLE, 64)),
                    session::epoch.eq(entry(&state, EPOCH, 20).parse::<i64>().unwrap_or_default()),
                    session::own.eq(own),
                    session::vouched.eq(vouched),
                );
                diesel::insert_into(session::table).values(row).execute(tx.conn())?;
                Ok(())
            })
        })
        .await
        .map_err(SaveError::Other)?;
        SessionKey::try_from(key.reveal().to_owned()).map_err(|e| SaveError::Other(e.into()))
    }

    async fn update(&self, key: SessionKey, mut state: State, ttl: &Duration) -> Result<SessionKey, UpdateError> {
        let old = Secret::presented(key.as_ref());
        let new = if state.remove(ROTATE).is_some() { Secret::generate() } else { old.clone() };
        let (kept, id, next) = (state.clone(), old.hash(), new.hash());
        let (own, vouched) = opened_by(&state);
        let changed = self
            .run(move |db| {
                db.write(|tx| {
                    Ok(diesel::update(session::table.find(&id))
                        .set((
                            session::id.eq(&next),
                            session::state.eq(Doc(kept.clone())),
                            session::own.eq(own),
                            session::vouched.eq(&vouched),
                        ))
                        .execute(tx.conn())?)
                })
            })
            .await
            .map_err(UpdateError::Other)?;
        if changed == 1 {
            return SessionKey::try_from(new.reveal().to_owned()).map_err(|e| UpdateError::Other(e.into()));
        }
        // It was ended meanwhile; the next load finds nothing under a fresh key that holds no person.
        let anonymous: State = state.into_iter().filter(|(name, _)| name != PERSON && name != HALFWAY).collect();
        self.save(anonymous, ttl).await.map_err(|e| UpdateError::Other(e.into()))
    }

    async fn update_ttl(&self, _key: &SessionKey, _ttl: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        let id = Secret::presented(key.as_ref()).hash();
        self.run(move |db| {
            db.write(|tx| {
                diesel::delete(session::table.find(&id)).execute(tx.conn())?;
                Ok(())
            })
        })
        .await
    }
}

//! Counting what programs do with their tokens.
//!
//! A call of the API writes nothing about itself: it is counted in the memory of its process, and every few seconds what was
//! counted is added to the rows, in transactions of their own. Several processes add up. What a process has counted and not
//! written is written when it stops, and lost when it is killed: some seconds of counting, and nothing else.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::db::{Db, Result, Tx};
use crate::flows::accounts::model::ip::Acl;
use crate::flows::accounts::store;
use crate::journal::{self, Entry};
use crate::kit::{Actor, Level, Module, Refusal, Secret, Text, Time, TokenId};

/// As many tokens, with days and statuses, are counted at once; more than that at a time is not.
const MOST: usize = 20_000;
/// Tokens that are written in one transaction.
const TOKENS: usize = 200;

/// What is counted of one token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counted {
    /// Calls by day and HTTP status.
    calls: BTreeMap<(i64, u16), i64>,
    /// When it was used last, and from where.
    used: Option<(Time, String)>,
}

impl Counted {
    fn add(&mut self, other: Self) {
        for (what, calls) in other.calls {
            *self.calls.entry(what).or_default() += calls;
        }
        if other.used.as_ref().map(|used| used.0) > self.used.as_ref().map(|used| used.0) {
            self.used = other.used;
        }
    }
}

#[derive(Debug, Default)]
struct Waiting {
    tokens: BTreeMap<TokenId, Counted>,
    size: usize,
    uncounted: u64,
}

/// What this process has counted and not written yet.
#[derive(Debug, Default)]
pub struct Calls {
    waiting: Mutex<Waiting>,
    /// Held while something is written: whoever wants it written waits until it is.
    writing: Mutex<()>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Calls {
    /// Counts a call with a token that was answered with this HTTP status.
    pub fn count(&self, token: &TokenId, status: u16, at: Time) {
        let mut waiting = held(&self.waiting);
        let what = (store::day_of(at), status);
        if let Some(calls) = waiting.tokens.get_mut(token).and_then(|counted| counted.calls.get_mut(&what)) {
            *calls += 1;
        } else if waiting.size < MOST {
            waiting.size += 1;
            waiting.tokens.entry(token.clone()).or_default().calls.insert(what, 1);
        } else {
            waiting.uncounted += 1;
        }
    }

    /// Notes that a token let somebody in from an address.
    fn used(&self, token: &TokenId, at: Time, address: &str) {
        let mut waiting = held(&self.waiting);
        let full = waiting.size >= MOST;
        if full && !waiting.tokens.contains_key(token) {
            return;
        }
        waiting.tokens.entry(token.clone()).or_default().used = Some((at, address.to_owned()));
    }

    /// Writes what was counted so far. What could not be written is kept for the next time.
    ///
    /// # Errors
    /// The database does not take it.
    pub fn write(&self, db: &Db) -> Result<()> {
        let _alone = held(&self.writing);
        let Waiting { tokens, uncounted, .. } = std::mem::take(&mut *held(&self.waiting));
        if uncounted > 0 {
            tracing::warn!(uncounted, "too many tokens were used at once; {uncounted} calls were not counted");
        }
        let mut left: Vec<(TokenId, Counted)> = tokens.into_iter().collect();
        while !left.is_empty() {
            // The tokens in their order, so that two processes wait for each other and neither for both.
            let some = &left[..left.len().min(TOKENS)];
            if let Err(error) = db.write_bulk(|tx| put(tx, some)) {
                self.take_back(left);
                return Err(error);
            }
            left.drain(..left.len().min(TOKENS));
        }
        Ok(())
    }

    fn take_back(&self, tokens: Vec<(TokenId, Counted)>) {
        let mut waiting = held(&self.waiting);
        for (token, counted) in tokens {
            waiting.tokens.entry(token).or_default().add(counted);
        }
        waiting.size = waiting.tokens.values().map(|counted| counted.calls.len()).sum();
    }
}

fn put(tx: &mut Tx<'_>, tokens: &[(TokenId, Counted)]) -> Result<()> {
    for (token, counted) in tokens {
        for ((day, code), calls) in &counted.calls {
            store::add_calls(tx, token, *day, i32::from(*code), *calls)?;
        }
        if let Some((at, address)) = &counted.used {
            store::token_used(tx, token, *at, address)?;
        }
    }
    Ok(())
}

/// What is known of who shows a token.
#[derive(Debug)]
pub enum Admitted {
    /// There is no such token.
    Nobody,
    /// There is, but the secret is wrong, or the token does not work now.
    Shut,
    /// The rules of its company do not let programs in from there.
    Elsewhere(Refusal),
    /// It acts.
    In(Actor),
}

/// Who is behind `SU-…:secret` and comes from `address`; notes that the token was used.
pub fn token_actor(db: &Db, calls: &Calls, id: &TokenId, secret: &Secret, address: &str) -> Result<Admitted> {
    let store::Presented { actor, addresses } = match db.read(|tx| store::token_actor(tx, id, secret))? {
        store::Looked::Unknown => return Ok(Admitted::Nobody),
        store::Looked::Wrong => return Ok(Admitted::Shut),
        store::Looked::Right(presented) => presented,
    };
    if !addresses.allow(address) {
        let account = actor.company().map(|seat| seat.name.clone())?;
        return Ok(Admitted::Elsewhere(super::not_from(Acl::Tokens, &account, address)));
    }
    calls.used(id, db.clock().now(), address);
    Ok(Admitted::In(actor))
}

/// Begins to count the calls of a token of the own company anew.
pub fn reset_calls(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId) -> Result<()> {
    actor.need(Module::Integrations, Level::Manage)?;
    let row = store::tokens(tx, actor, &[id.to_string()])?.pop().ok_or_else(|| Refusal::not_found("token", id))?;
    store::reset_calls(tx, id)?;
    let text = Text::new("The calls of token {name} are counted anew").arg("name", &row.name);
    journal::record(tx, actor, Entry::new("token", id, "token.calls_reset", text))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(n: usize) -> TokenId {
        TokenId::parse(&format!("SU-000-{:03}-{:03}", n / 1000, n % 1000)).unwrap()
    }

    #[test]
    fn what_could_not_be_written_is_added_to_what_came_meanwhile() {
        let calls = Calls::default();
        let at = Time(5);
        for _ in 0..3 {
            calls.count(&token(1), 200, at);
        }
        let taken = std::mem::take(&mut *held(&calls.waiting));
        calls.count(&token(1), 200, at);
        calls.count(&token(1), 404, at);
        calls.used(&token(1), Time(9), "there");
        calls.take_back(taken.tokens.into_iter().collect());
        let waiting = held(&calls.waiting);
        let counted = &waiting.tokens[&token(1)];
        assert_eq!(counted.calls, BTreeMap::from([((0, 200), 4), ((0, 404), 1)]));
        assert_eq!((counted.used.as_ref().unwrap().1.as_str(), waiting.size), ("there", 2));
    }

    #[test]
    fn no_more_is_kept_in_memory_than_fits() {
        let calls = Calls::default();
        for n in 0..MOST + 10 {
            calls.count(&token(n), 200, Time(0));
        }
        calls.count(&token(1), 200, Time(0));
        let waiting = held(&calls.waiting);
        assert_eq!((waiting.tokens.len(), waiting.size, waiting.uncounted), (MOST, MOST, 10));
        assert_eq!(waiting.tokens[&token(1)].calls[&(0, 200)], 2);
    }
}

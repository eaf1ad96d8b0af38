//! Passwords: argon2id with 19 MiB, two passes. At most as many at once as there are processors.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::db::{Error, Result};
use crate::kit::{Refusal, Text};

/// How many may wait for their turn; whoever comes then is asked to come again.
const MAX_WAITING: usize = 32;

/// Who has a turn and who waits for one.
#[derive(Default)]
struct Queue {
    busy: usize,
    waiting: usize,
}

static QUEUE: (Mutex<Queue>, Condvar) = (Mutex::new(Queue { busy: 0, waiting: 0 }), Condvar::new());

/// How many turns there are.
fn places() -> usize {
    static PLACES: OnceLock<usize> = OnceLock::new();
    *PLACES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Leave to work on one password. Anybody may ask for that, and each takes 19 MiB and tens of milliseconds.
pub struct Turn(());

/// Waits for a turn, which holds a thread: not for asynchronous code. Refused if too many wait already.
pub fn turn() -> Result<Turn> {
    let mut queue = QUEUE.0.lock().unwrap_or_else(PoisonError::into_inner);
    if queue.busy >= places() {
        if queue.waiting >= MAX_WAITING {
            let text = Text::new("Too many people sign in at this moment. Try again in a few seconds.");
            return Err(Refusal::too_many(text).with("retry_after", 5).into());
        }
        queue.waiting += 1;
        while queue.busy >= places() {
            queue = QUEUE.1.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.waiting -= 1;
    }
    queue.busy += 1;
    Ok(Turn(()))
}

impl Drop for Turn {
    fn drop(&mut self) {
        QUEUE.0.lock().unwrap_or_else(PoisonError::into_inner).busy -= 1;
        QUEUE.1.notify_one();
    }
}

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// The hash that is kept. Waits for a turn.
pub fn hash(password: &str) -> Result<String> {
    hash_in(&turn()?, password)
}

/// As [`hash`], for somebody who has a turn already.
pub(super) fn hash_in(_: &Turn, password: &str) -> Result<String> {
    argon()
        .hash_password(password.as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| Error::Outside(format!("password hash: {e}")))
}

/// Whether a hash was made with the present settings; another one is made at the next sign-in.
pub(super) fn is_current(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let settings = Params::default();
    Params::try_from(&parsed).is_ok_and(|of| {
        parsed.algorithm == Algorithm::Argon2id.ident()
            && (of.m_cost(), of.t_cost(), of.p_cost()) == (settings.m_cost(), settings.t_cost(), settings.p_cost())
    })
}

impl Turn {
    /// Whether the password fits. Takes the same time when there is no hash to compare with.
    pub fn verify(&self, kept: Option<&str>, password: &str) -> bool {
        const NOBODY: &str =
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let Ok(parsed) = PasswordHash::new(kept.unwrap_or(NOBODY)) else { return false };
        argon().verify_password(password.as_bytes(), &parsed).is_ok() && kept.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test: the turns belong to the whole process.
    #[test]
    fn a_password_fits_and_few_are_checked_at_once() {
        let hash = hash("Right-1-one").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let held: Vec<Turn> = (0..places()).map(|_| turn().unwrap()).collect();
        assert!(held[0].verify(Some(&hash), "Right-1-one"));
        assert!(is_current(&hash) && !is_current(&hash.replace("t=2", "t=1")) && !is_current("nonsense"));
        assert!(!held[0].verify(Some(&hash), "wrong"));
        assert!(!held[0].verify(None, "wrong"));
        let (sent, outcomes) = std::sync::mpsc::channel();
        for _ in 0..=MAX_WAITING {
            let sent = sent.clone();
            std::thread::spawn(move || sent.send(turn().map(drop).is_ok()));
        }
        // All but one wait; nothing moves before that one is sent away.
        assert_eq!(outcomes.recv(), Ok(false));
        drop(held);
        assert!((0..MAX_WAITING).all(|_| outcomes.recv() == Ok(true)));
    }
}

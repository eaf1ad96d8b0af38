//! Signing in by address and password.
//!
//! Wrong passwords are slowed down so that nobody guesses one, and so that nobody keeps the owner of an address out by
//! typing wrong ones on purpose:
//!
//! - A browser in which the person has signed in before carries a long-lived cookie (a *device*). Its wrong passwords are
//!   counted by themselves, and nothing that happens elsewhere stops it.
//! - From any other browser, failures are counted for the address together with the network they come from: after
//!   [`model::MAX_FAILURES`] each makes the next wait longer. Somebody in another network does not notice.
//! - A network is counted over all addresses too, so that one that tries many addresses is stopped, much later.
//! - An address is counted over all networks, so that an attacker with very many networks has no more than a few tries
//!   a minute: after [`model::SLOW_AFTER`] failures in six hours each makes unknown browsers wait for a few seconds.
//! - The way by a forgotten password has limits of its own, and lets its user in at once.
//!
//! Nobody learns whether an address is registered: what is counted, said and done is the same for every address, and one
//! argon2 run is made in each case, also for an address that has to wait and for a password that nobody can have.

use super::{Door, notices, password};
use crate::db::{Db, Result, Tx};
use crate::flows::accounts::model::{self, Entrance, MAX_PASSWORD_BYTES, Proof};
use crate::flows::accounts::store;
use crate::journal::{self, Audience, Entry};
use crate::kit::{Actor, Email, Refusal, Secret, Text, UserId};

/// Where somebody comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address of the client.
    pub address: String,
    /// The network whose wrong passwords are counted together.
    pub network: String,
    /// What the browser calls itself.
    pub agent: String,
    /// What it was given when somebody signed in.
    pub device: Option<Secret>,
}

const TOO_OFTEN: &str = "Too many wrong passwords. Try again in {seconds} seconds, or set a new password.";

/// Whose failures are counted, and after how many more than usual they begin to matter.
struct Counted {
    subject: String,
    allowance: i32,
    slowly: bool,
}

impl Counted {
    fn all(folded: &str, from: &Origin, known: Option<&Secret>) -> Vec<Self> {
        let one = |subject, allowance| Self { subject, allowance, slowly: false };
        match known {
            Some(device) => vec![one(format!("device:{}:{folded}", device.hash()), 0)],
            None => vec![
                one(format!("email:{folded}:{}", from.network), 0),
                one(format!("address:{}", from.network), 40),
                Self { slowly: true, ..one(format!("email:{folded}"), 0) },
            ],
        }
    }

    fn failed(&self, tx: &mut Tx<'_>) -> Result<i32> {
        let failures = store::attempts(tx, &self.subject)?.0.saturating_add(1);
        let blocked = match self.slowly {
            true => model::slowed_until(failures, tx.at()),
            false => model::blocked_until(failures - self.allowance, tx.at()),
        };
        store::failed(tx, &self.subject, failures, blocked)?;
        Ok(failures)
    }
}

/// Checks address and password and says who may come in; the module's head says how. Runs its own transactions, because
/// the password is checked outside of them: that takes tens of milliseconds.
pub fn sign_in(db: &Db, email: &str, password: &str, from: &Origin) -> Result<Entrance> {
    // Held from the look at the failures to the count of this one: of many tries at once, few are not counted yet.
    let turn = password::turn()?;
    // An address that nobody can have is nobody's: only its client is counted.
    let folded = Email::parse(email).map_or_else(String::new, |e| e.folded());
    let (found, counted, waits) = db.read(|tx| {
        let found = store::credentials(tx, &folded)?;
        let known = match &from.device {
            Some(device) => store::is_device_of(tx, device, &folded)?.then_some(device),
            None => None,
        };
        let counted = Counted::all(&folded, from, known);
        let mut waits = None;
        for one in &counted {
            waits = waits.or(super::must_not_wait_after(tx, &one.subject, TOO_OFTEN).err());
        }
        Ok((found, counted, waits))
    })?;
    let kept = found.as_ref().and_then(|c| c.password.as_deref());
    let possible = waits.is_none() && password.len() <= MAX_PASSWORD_BYTES;
    let right = turn.verify(kept.filter(|_| possible), if possible { password } else { "" });
    if let Some(refused) = waits {
        tracing::warn!(address = %from.address, "a sign-in was refused: too many wrong passwords");
        return Err(refused);
    }
    match found.filter(|_| right) {
        Some(who) => {
            let renewed = match kept_with_old_settings(who.password.as_deref()) {
                true => Some(password::hash_in(&turn, password)?),
                false => None,
            };
            db.write(|tx| {
                store::forgiven(tx, &counted[0].subject)?;
                if let (Some(before), Some(hash)) = (&who.password, &renewed) {
                    store::change_password(tx, &who.id, before, hash)?;
                }
                Ok(())
            })?;
            Ok(Entrance { user: who.id, epoch: who.epoch })
        }
        None => {
            let wrong =
                Text::new("No account fits this e-mail address and password. Check both, or set a new password.");
            db.write(|tx| {
                let mut most = 0;
                for one in &counted {
                    most = most.max(one.failed(tx)?);
                }
                note_failure(tx, &folded, from, most)
            })?;
            Err(Refusal::field("email", wrong).into())
        }
    }
}

/// Whether a password was hashed with other settings than the present ones.
fn kept_with_old_settings(hash: Option<&str>) -> bool {
    hash.is_some_and(|hash| !password::is_current(hash))
}

/// Notes a wrong password for the person's eyes, as long as there are not very many: the journal is kept for good, and
/// anybody can type wrong ones.
fn note_failure(tx: &mut Tx<'_>, folded: &str, from: &Origin, failures: i32) -> Result<()> {
    tracing::warn!(address = %from.address, agent = %from.agent, failures, "a sign-in failed: wrong address or password");
    let Some(who) = store::credentials(tx, folded)? else { return Ok(()) };
    if failures > model::SLOW_AFTER {
        return Ok(());
    }
    let text = Text::new("A wrong password was typed, from {address}, {browser:text}");
    note_entrance(tx, &who.id, "person.sign_in_failed", text, from)
}

/// Notes that somebody came in, and that they know this browser from now on; tells them by mail if they did not before.
pub fn entered(
    tx: &mut Tx<'_>,
    who: &Entrance,
    proof: Proof,
    from: &Origin,
    device: &Secret,
    door: &Door<'_>,
) -> Result<()> {
    let first = store::signed_in(tx, &who.user)?.is_none();
    let known = store::put_device(tx, device, &who.user)?;
    tracing::info!(user = %who.user, address = %from.address, agent = %from.agent, proof = %proof, known, "signed in");
    let text = Text::new("Signed in from {address}, {browser:text}");
    note_entrance(tx, &who.user, "person.signed_in", text, from)?;
    // Who has set a password by a link is told of that.
    if known || first || proof == Proof::Link {
        return Ok(());
    }
    notices::new_browser(tx, &who.user, proof, from, door)
}

fn note_entrance(tx: &mut Tx<'_>, user: &UserId, verb: &'static str, text: Text, from: &Origin) -> Result<()> {
    let text = text.arg("address", &from.address).part("browser", &model::browser_words(&from.agent));
    let entry = Entry::new("person", user, verb, text).audience(Audience::Person(user.clone()));
    journal::record(tx, &Actor::Guest { object: user.to_string() }, entry).map(drop)
}

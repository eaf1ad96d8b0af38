//! Starting and ending a session, and what it knows about who is behind it.

use super::ctx::Ctx;
use super::error::{Error, broken};
use super::session::{ADDRESS, AGENT, CONFIRMED, EPOCH, HALFWAY, HANDLE, HOST, PERSON, PROOF, ROTATE, WAYS};
use crate::flows::accounts::model::sso::Ways;
use crate::flows::accounts::model::{Entrance, Proof};
use crate::kit::{Secret, Time, UserId};

/// Starts a session for a person who has proved who they are, under a fresh key.
pub fn sign_in(ctx: &Ctx, who: &Entrance, proof: Proof, ways: &Ways) -> Result<(), Error> {
    let session = ctx.session();
    session.clear();
    session.renew();
    let (handle, epoch) = (Secret::nonce(), who.epoch.to_string());
    for (name, value) in [
        (PERSON, who.user.as_str()),
        (HOST, ctx.site().host.as_str()),
        (ADDRESS, ctx.site().client.as_str()),
        (AGENT, ctx.agent()),
        (HANDLE, &handle),
        (EPOCH, &epoch),
    ] {
        session.insert(name, value).map_err(|e| broken(&e))?;
    }
    note_proof(ctx, proof, ways)
}

/// Notes that the person of this session has proved again who they are, and by what it is opened now. The session gets
/// another key.
pub fn confirm(ctx: &Ctx, proof: Proof, ways: &Ways) -> Result<(), Error> {
    ctx.session().insert(ROTATE, "yes").map_err(|e| broken(&e))?;
    note_proof(ctx, proof, ways)
}

fn note_proof(ctx: &Ctx, proof: Proof, ways: &Ways) -> Result<(), Error> {
    match *ways == Ways::default() {
        true => drop(ctx.session().remove(WAYS)),
        false => ctx.session().insert(WAYS, ways).map_err(|e| broken(&e))?,
    }
    let now = ctx.services().clock.now().0.to_string();
    for (name, value) in [(PROOF, proof.as_str()), (CONFIRMED, &now)] {
        ctx.session().insert(name, value).map_err(|e| broken(&e))?;
    }
    Ok(())
}

/// Somebody who gave the right password, or came by single sign-on, and has a second step to take. They are not signed in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Halfway {
    /// Who.
    pub user: UserId,
    /// Their epoch then: with another password, and with whatever else ends their sessions, this ends too.
    pub epoch: i64,
    /// Until when the second step can be taken.
    pub until: Time,
    /// By what their session will be opened.
    #[serde(default)]
    pub ways: Ways,
}

/// Remembers in a fresh session that somebody gave the right password.
pub fn halfway(ctx: &Ctx, half: &Halfway) -> Result<(), Error> {
    let session = ctx.session();
    session.clear();
    session.renew();
    session.insert(HOST, &ctx.site().host).map_err(|e| broken(&e))?;
    session.insert(HALFWAY, half).map_err(|e| broken(&e))
}

/// Who gave the right password in this browser, at this host.
pub fn halfway_of(ctx: &Ctx) -> Option<Halfway> {
    let fits = ctx.session().get::<String>(HOST).ok().flatten().is_some_and(|host| host == ctx.site().host);
    ctx.session().get::<Halfway>(HALFWAY).ok().flatten().filter(|_| fits)
}

/// The name of this browser's session in lists; empty if it has none.
pub fn handle(ctx: &Ctx) -> String {
    ctx.session().get::<String>(HANDLE).ok().flatten().unwrap_or_default()
}

/// Ends the session of this browser.
pub fn sign_out(ctx: &Ctx) {
    ctx.session().purge();
}

//! Starting and ending a session, and what it knows about who is behind it.

use super::ctx::Ctx;
use super::error::{Error, broken};
use super::session::{ADDRESS, AGENT, CONFIRMED, EPOCH, HANDLE, HOST, PERSON, PROOF, ROTATE};
use crate::flows::accounts::model::{Entrance, Proof};
use crate::kit::Secret;

/// Starts a session for a person who has proved who they are, under a fresh key.
pub fn sign_in(ctx: &Ctx, who: &Entrance, proof: Proof) -> Result<(), Error> {
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
    note_proof(ctx, proof)
}

/// Notes that the person of this session has proved again who they are. The session gets another key.
pub fn confirm(ctx: &Ctx, proof: Proof) -> Result<(), Error> {
    ctx.session().insert(ROTATE, "yes").map_err(|e| broken(&e))?;
    note_proof(ctx, proof)
}

fn note_proof(ctx: &Ctx, proof: Proof) -> Result<(), Error> {
    let now = ctx.services().clock.now().0.to_string();
    for (name, value) in [(PROOF, proof.as_str()), (CONFIRMED, &now)] {
        ctx.session().insert(name, value).map_err(|e| broken(&e))?;
    }
    Ok(())
}

/// The name of this browser's session in lists; empty if it has none.
pub fn handle(ctx: &Ctx) -> String {
    ctx.session().get::<String>(HANDLE).ok().flatten().unwrap_or_default()
}

/// Ends the session of this browser.
pub fn sign_out(ctx: &Ctx) {
    ctx.session().purge();
}

//! Starting and ending a session.

use super::ctx::Ctx;
use super::error::{Error, broken};
use super::session::{ADDRESS, AGENT, HOST, PERSON};
use crate::kit::UserId;

/// Starts a session for a person, under a fresh key.
pub fn sign_in(ctx: &Ctx, user: &UserId) -> Result<(), Error> {
    let session = ctx.session();
    session.clear();
    session.renew();
    for (name, value) in [
        (PERSON, user.as_str()),
        (HOST, ctx.site().host.as_str()),
        (ADDRESS, ctx.site().client.as_str()),
        (AGENT, ctx.agent()),
    ] {
        session.insert(name, value).map_err(|e| broken(&e))?;
    }
    Ok(())
}

/// Ends the session of this browser.
pub fn sign_out(ctx: &Ctx) {
    ctx.session().purge();
}

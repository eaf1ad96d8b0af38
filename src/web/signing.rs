//! Starting and ending a session.

use super::ctx::Ctx;
use super::error::{Error, broken};
use super::session::{ADDRESS, AGENT, HALFWAY, HOST, PERSON};
use crate::kit::{Time, UserId};

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

/// Somebody who gave the right password and has a second step to take. They are not signed in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Halfway {
    /// Who.
    pub user: UserId,
    /// Until when the second step can be taken.
    pub until: Time,
    /// The mark of the password that was given.
    pub mark: Option<String>,
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

/// Ends the session of this browser.
pub fn sign_out(ctx: &Ctx) {
    ctx.session().purge();
}

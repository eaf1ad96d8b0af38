//! Proving again who one is, before a dangerous change.
//!
//! A session may be hours old when somebody else sits down at the browser, and a stolen cookie is as good as a session. So
//! what would let a stranger stay, or let others in or out, asks for a proof that is not older than
//! [`CONFIRM_SECONDS`]: signing in is one, `/confirm` asks for another. Marked are, in the table of routes
//! ([`super::endpoint::Endpoint::confirmed`]):
//!
//! - API tokens, making and changing them: a token outlives every session and works from anywhere;
//! - rules about addresses, which keep people and programs out, and second factors, of oneself and as an account asks for them;
//! - people and groups of a company, inviting, changing and removing them: it lets somebody in for good, or out;
//! - all data of a company as one archive, starting and downloading it;
//! - decisions about contracts: they open or end the business between two companies;
//! - second factors, adding and removing them, and what an account asks of its members: who adds one can stay for good;
//! - the own address, whose mail can set a password, and which warnings one gets. Setting a password asks for the old one in its own form.
//!
//! Not marked is what is seen at once and can be taken back: names, texts, the own profile; and ending sessions, which is
//! what somebody in trouble must be able to do without delay. The API has no sessions: a token is proof of itself.
//!
//! Whom a provider of single sign-on vouches for proves it there, by signing in there anew, for changes in the account whose
//! provider it is; for anything else as everybody does.
//!
//! Who has a second factor proves it with that and the password, or with a passkey alone, which checks its owner by itself.
//!
//! A page that needs a proof leads to `/confirm`, and from there back. A form that was sent too late changes nothing: the
//! browser takes it to [`LATE`] (307), where it is kept in the page, without passwords, until the person has proved who
//! they are and sends it on.

use actix_session::Session;

use super::ctx::Ctx;
use super::endpoint::Endpoint;
use super::error::{Cause, Error};
use super::session::{CONFIRMED, PROOF};
use crate::flows::accounts::model::{Membership, Proof};
use crate::kit::Time;

/// Where people prove again who they are.
pub const PATH: &str = "/confirm";
/// Where a form goes that was sent too late.
pub const LATE: &str = "/confirm/late";
/// How long a proof is good for dangerous changes, in seconds.
pub const CONFIRM_SECONDS: i64 = 15 * 60;

/// The last proof of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// How the person proved who they are.
    pub proof: Proof,
    /// When.
    pub at: Time,
}

impl Confirmed {
    /// What the session says; nothing if it is of a version that noted no proof.
    pub(super) fn of(session: &Session) -> Option<Self> {
        let text = |name: &str| session.get::<String>(name).ok().flatten();
        let at = text(CONFIRMED)?.parse().ok().map(Time)?;
        Some(Self { proof: Proof::parse(&text(PROOF)?)?, at })
    }

    /// Whether it is good for a dangerous change.
    fn is_fresh(self, now: Time) -> bool {
        self.at.plus_seconds(CONFIRM_SECONDS) > now
    }
}

/// The address that asks for a proof and leads on to `next` after it.
pub fn path_to(base: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{base}?next={next}")
}

/// Refuses a dangerous change, and the page that asks for it, if the last proof is too old.
pub(super) fn check(ctx: &Ctx, endpoint: Option<&Endpoint>, table: &[Endpoint]) -> Result<(), Error> {
    let Some(endpoint) = endpoint.filter(|e| e.confirmed) else { return Ok(()) };
    // What a provider of single sign-on said counts in its own account alone.
    let member = ctx.actor().seat().and_then(|seat| ctx.person()?.member_of(seat.account.as_str()));
    if ctx.confirmed().is_some_and(|c| c.is_fresh(ctx.services().clock.now())) && ctx.ways().confirms(member) {
        return Ok(());
    }
    let form = !endpoint.method.is_safe();
    let to = match form {
        false => path_to(PATH, &ctx.here()),
        true => {
            let has_page = table.iter().any(|e| e.path == endpoint.path && e.method.is_safe());
            let back = if has_page { ctx.here() } else { "/".to_owned() };
            format!("{}&{}", path_to(LATE, &back), to_form(ctx.path()))
        }
    };
    Err(Cause::Confirm { to, form }.into())
}

/// Refuses a decision on a page that belongs to no company, until the person has proved of late who they are; from there it
/// leads to `next`. `member` is the company for which they decide, if it is one of theirs.
pub fn prove_again(ctx: &Ctx, member: Option<&Membership>, next: &str) -> Result<(), Error> {
    let fresh = ctx.confirmed().is_some_and(|c| c.is_fresh(ctx.services().clock.now()));
    if fresh && (member.is_none() || ctx.ways().confirms(member)) {
        return Ok(());
    }
    Err(Cause::Confirm { to: path_to(PATH, next), form: false }.into())
}

/// Asks for something of the person's own, where a provider's word opens nothing.
pub(super) fn by_own(ctx: &Ctx, endpoint: Option<&Endpoint>) -> Error {
    match endpoint.is_some_and(|e| !e.method.is_safe()) {
        false => Cause::Confirm { to: path_to(PATH, &ctx.here()), form: false }.into(),
        true => {
            let to = format!("{}&{}", path_to(LATE, "/"), to_form(ctx.path()));
            Cause::Confirm { to, form: true }.into()
        }
    }
}

fn to_form(path: &str) -> String {
    let path: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
    format!("then={path}")
}

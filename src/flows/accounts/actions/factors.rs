//! Second factors: setting up, removing, and what is asked after the password.
//!
//! An administrator takes no factor of a member away: the person may work in other companies too, whose doors it guards.
//! The ways back in are the recovery codes, and after them the operator at the command line of the server.

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::super::model::factors::{self, Factor, Policy};
use super::super::model::{self, Entrance};
use super::super::store;
use super::passkeys::{self, Answer};
use crate::db::{self, Db, Error, Result, Tx};
use crate::jobs::mail::{self, Link, Mail};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::{Actor, Email, Level, Module, Refusal, Secret, Text, Time, UserId, open, seal};

/// Where somebody confirms who they are: secrets and passkeys belong to one deployment and one host.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The deployment's secret.
    pub deployment: &'a str,
    /// The host, with its port.
    pub host: &'a str,
    /// Whether the browser uses HTTPS.
    pub https: bool,
    /// What the portal is called.
    pub portal: &'a str,
}

const APP: &str = "authenticator app";
const APP_SET_UP: &str = "authenticator app that is set up";

/// An authenticator app that is being set up. Nothing is kept before its first code: the page carries the secret, sealed.
#[derive(Debug)]
pub struct SetUp {
    /// What the form carries.
    pub sealed: String,
    /// The secret as it is typed, in groups of four.
    pub secret: String,
    /// What the picture says, `otpauth://…`.
    pub address: String,
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    id: String,
    until: Time,
    secret: String,
}

/// Begins to set up an authenticator app for a person.
pub fn begin_app(place: &Place<'_>, user: &UserId, email: &str, at: Time) -> Result<SetUp> {
    let secret: [u8; factors::APP_SECRET] = rand::rng().random();
    let until = at.plus_seconds(factors::SET_UP_SECONDS);
    let waiting = Waiting { id: Secret::nonce(), until, secret: hex::encode(secret) };
    let text = serde_json::to_vec(&waiting).map_err(|e| Error::Outside(format!("authenticator app: {e}")))?;
    let sealed = seal(place.deployment, APP_SET_UP, user.as_str(), &text);
    sealed
        .and_then(|sealed| shown(place, email, sealed, &secret))
        .ok_or_else(|| Error::Outside("the secret of an authenticator app could not be sealed".to_owned()))
}

/// The app that a form carries once more, for another try; nothing if that took too long.
pub fn app_again(place: &Place<'_>, user: &UserId, email: &str, sealed: &str, at: Time) -> Option<SetUp> {
    let (_, secret) = waiting(place, user, sealed, at)?;
    shown(place, email, sealed.to_owned(), &secret)
}

fn waiting(place: &Place<'_>, user: &UserId, sealed: &str, at: Time) -> Option<(Waiting, Vec<u8>)> {
    let text = open(place.deployment, APP_SET_UP, user.as_str(), sealed)?;
    let waiting: Waiting = serde_json::from_slice(&text).ok()?;
    let secret = hex::decode(&waiting.secret).ok()?;
    (waiting.until > at).then_some((waiting, secret))
}

fn shown(place: &Place<'_>, email: &str, sealed: String, secret: &[u8]) -> Option<SetUp> {
    let generator = factors::generator(secret, place.portal, email)?;
    let letters: Vec<char> = generator.secret().to_base32().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Some(SetUp { sealed, secret: groups.join(" "), address: generator.to_url().ok()? })
}

/// Keeps the app that was set up, by its first code. Gives recovery codes if the person had none. Of a person who had no
/// factor before, all sessions end but the one with this handle: the password alone opened them.
pub fn add_app(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    (user, session): (&UserId, &str),
    sealed: &str,
    code: &str,
) -> Result<Vec<String>> {
    db::lock(tx, "person", user.as_str())?;
    let Some((waiting, secret)) = waiting(place, user, sealed, tx.at()) else {
        return Err(Refusal::conflict(Text::new(
            "Setting up took too long, so this picture counts no longer. Start again with a new one.",
        ))
        .into());
    };
    let step = factors::step_of(&secret, code, tx.at()).ok_or_else(factors::wrong_code)?;
    if !store::use_challenge(tx, &waiting.id, waiting.until)? {
        return Err(set_up_before());
    }
    let kept = seal(place.deployment, APP, user.as_str(), &secret)
        .ok_or_else(|| Error::Outside("the secret of an authenticator app could not be sealed".to_owned()))?;
    let before = store::factors(tx, user)?;
    store::put_app(tx, user, &kept, step)?;
    let text = match before.app {
        Some(_) => Text::new("The authenticator app was replaced"),
        None => Text::new("An authenticator app was added"),
    };
    added(tx, (user, session), &before, "person.app_added", text)
}

fn set_up_before() -> Error {
    Refusal::conflict(Text::new(
        "This was set up already. If you have not seen your recovery codes, make new ones in your profile, under Security.",
    ))
    .into()
}

/// What follows on a new factor: recovery codes for who has none, the end of sessions without a factor, entry and mail.
fn added(
    tx: &mut Tx<'_>,
    (user, session): (&UserId, &str),
    before: &store::Factors,
    verb: &'static str,
    text: Text,
) -> Result<Vec<String>> {
    if !before.any() {
        store::end_sessions(tx, user, Some(session))?;
    }
    changed(tx, user, verb, text)?;
    if before.codes_left > 0 { Ok(vec![]) } else { write_codes(tx, user) }
}

fn write_codes(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..factors::RECOVERY_CODES).map(|_| factors::recovery_code()).collect();
    let kept: Vec<Secret> = codes.iter().map(|code| factors::typed_code(code)).collect();
    store::put_codes(tx, user, &kept)?;
    Ok(codes)
}

/// Keeps a new passkey under a name. Recovery codes and sessions as with [`add_app`].
pub fn add_passkey(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    (user, session): (&UserId, &str),
    name: &str,
    answer: &Answer,
) -> Result<Vec<String>> {
    db::lock(tx, "person", user.as_str())?;
    let mut problems = crate::kit::Problems::default();
    let name = problems.text("name", name, 64);
    problems.done()?;
    let before = store::factors(tx, user)?;
    if before.passkeys.len() >= factors::MAX_PASSKEYS {
        return Err(Refusal::conflict(
            Text::new("You have {count} passkeys already; more are not allowed. Remove one first.")
                .arg("count", before.passkeys.len()),
        )
        .into());
    }
    passkeys::register(tx, place, user, &name, answer)?;
    let text = Text::new("The passkey {name} was added").arg("name", &name);
    added(tx, (user, session), &before, "person.passkey_added", text)
}

/// Takes the authenticator app away.
pub fn remove_app(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    db::lock(tx, "person", user.as_str())?;
    if !store::delete_app(tx, user)? {
        return Err(Refusal::state(Text::new("There is no authenticator app any more.")).into());
    }
    removed(tx, user, "person.app_removed", Text::new("The authenticator app was removed"))
}

/// Takes a passkey away.
pub fn remove_passkey(tx: &mut Tx<'_>, user: &UserId, id: &str) -> Result<()> {
    db::lock(tx, "person", user.as_str())?;
    let before = store::factors(tx, user)?;
    let Some(passkey) = before.passkeys.iter().find(|p| p.id == id) else {
        return Err(Refusal::not_found("passkey", id).into());
    };
    store::delete_passkey(tx, user, id)?;
    let text = Text::new("The passkey {name} was removed").arg("name", &passkey.name);
    removed(tx, user, "person.passkey_removed", text)
}

/// Refuses to take away the last factor where it is required; recovery codes go with the last one.
fn removed(tx: &mut Tx<'_>, user: &UserId, verb: &'static str, text: Text) -> Result<()> {
    if !store::factors(tx, user)?.any() {
        let person = super::person(tx, user)?;
        if let Some(account) = person.as_ref().and_then(|p| p.required_by().next()) {
            return Err(Refusal::state(
                Text::new("{account} requires a second factor, and this is your last one. Add another one before you remove it.")
                    .arg("account", account),
            )
            .into());
        }
        store::delete_codes(tx, user)?;
    }
    changed(tx, user, verb, text)
}

/// Makes new recovery codes; the ones before work no longer.
pub fn new_codes(tx: &mut Tx<'_>, user: &UserId) -> Result<Vec<String>> {
    db::lock(tx, "person", user.as_str())?;
    if !store::factors(tx, user)?.any() {
        return Err(Refusal::state(Text::new(
            "Recovery codes stand in for an authenticator app or a passkey. Add one of these first.",
        ))
        .into());
    }
    let codes = write_codes(tx, user)?;
    changed(tx, user, "person.codes_made", Text::new("New recovery codes were made"))?;
    Ok(codes)
}

/// Takes every factor of a person away and ends their sessions: for the operator, when all else is lost. Whoever requires
/// a factor leads the person to set a new one up.
pub fn reset_factors(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    db::lock(tx, "person", user.as_str())?;
    let before = store::factors(tx, user)?;
    store::delete_app(tx, user)?;
    for passkey in &before.passkeys {
        store::delete_passkey(tx, user, &passkey.id)?;
    }
    store::delete_codes(tx, user)?;
    store::end_sessions(tx, user, None)?;
    let text = Text::new("The operator removed all second factors");
    note(tx, &Actor::Operator, user, "person.factors_reset", text)
}

/// Puts the hint to set a factor up away.
pub fn later(tx: &mut Tx<'_>, user: &UserId) -> Result<()> {
    store::factors_later(tx, user)
}

/// Notes a change of factors that a person made, and mails it to them: it may have been somebody else.
fn changed(tx: &mut Tx<'_>, user: &UserId, verb: &'static str, text: Text) -> Result<()> {
    note(tx, &Actor::Guest { object: user.to_string() }, user, verb, text)
}

fn note(tx: &mut Tx<'_>, actor: &Actor, user: &UserId, verb: &'static str, text: Text) -> Result<()> {
    tracing::info!(user = %user, verb, "{text}");
    let entry = Entry::new("person", user, verb, text.clone()).audience(Audience::Person(user.clone()));
    let entry = entry.changes([Change::secret("Second factors")]);
    let entry = journal::record(tx, actor, entry)?;
    let what = Text::new("{what:text}.").part("what", &text);
    let advice = Text::new(
        "If it was not you, set a new password at once, look at your second factors, and tell an administrator.",
    );
    tell(tx, user, &format!("factors:{entry}"), Text::new("Your second factors were changed"), vec![what, advice])?;
    crate::crash::point("accounts.factors.before-commit");
    Ok(())
}

/// Mails a person about their way to sign in.
fn tell(tx: &mut Tx<'_>, user: &UserId, key: &str, subject: Text, paragraphs: Vec<Text>) -> Result<()> {
    let Some((name, email)) = store::contact(tx, user)? else { return Ok(()) };
    let Some(address) = Email::parse(&email) else { return Ok(()) };
    let link = Some((Text::new("Your second factors:"), Link::Path(super::super::FACTORS_PATH.to_owned())));
    mail::send(
        tx,
        key,
        None,
        &address,
        Mail { to_name: name, to: String::new(), subject, paragraphs, link, locale: None },
    )
}

/// What somebody shows beside the password.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A code of the authenticator app.
    Code(String),
    /// A recovery code.
    Recovery(String),
    /// A passkey's answer.
    Passkey(Answer),
}

impl Shown {
    /// Which factor it is.
    pub fn factor(&self) -> Factor {
        match self {
            Self::Code(_) => Factor::App,
            Self::Recovery(_) => Factor::Recovery,
            Self::Passkey(_) => Factor::Passkey,
        }
    }
}

/// Checks what somebody shows beside the password. Wrong ones are counted for each kind by itself: whoever has the password
/// and guesses codes shuts nobody out who has a passkey or a recovery code. Runs its own transaction, which keeps the count.
pub fn check_factor(db: &Db, place: &Place<'_>, user: &UserId, shown: &Shown) -> Result<()> {
    let subject = format!("{}:{user}", shown.factor());
    db.write(|tx| {
        // Of many tries at once, none is looked at before the ones that came first are counted.
        db::lock_name(tx, &subject)?;
        must_not_wait(tx, &subject)?;
        match fits(tx, place, user, shown)? {
            None => {
                store::forgiven(tx, &subject)?;
                Ok(Ok(()))
            }
            Some(refusal) => {
                super::tried(tx, &subject, 0)?;
                suspicious(tx, user, &subject)?;
                Ok(Err(refusal))
            }
        }
    })?
    .map_err(Error::from)
}

/// What is wrong with what somebody shows; none if it fits.
fn fits(tx: &mut Tx<'_>, place: &Place<'_>, user: &UserId, shown: &Shown) -> Result<Option<Refusal>> {
    Ok(match shown {
        Shown::Code(code) => {
            let app = store::app(tx, user)?;
            let secret = app.and_then(|app| open(place.deployment, APP, user.as_str(), &app.sealed));
            let step = secret.and_then(|secret| factors::step_of(&secret, code, tx.at()));
            let used = match step {
                Some(step) => store::use_step(tx, user, step)?,
                None => false,
            };
            (!used).then(factors::wrong_code)
        }
        Shown::Recovery(code) => {
            if store::use_code(tx, user, &factors::typed_code(code))? {
                let left = store::factors(tx, user)?.codes_left;
                let text = Text::new("A recovery code was used; {left|one is|{left} are} left").arg("left", left);
                changed(tx, user, "person.code_used", text)?;
                None
            } else {
                Some(factors::wrong_recovery_code())
            }
        }
        Shown::Passkey(answer) => match passkeys::confirm(tx, place, Some(user), answer)? {
            Some(_) => None,
            None => Some(factors::wrong_passkey()),
        },
    })
}

/// Whoever gets as far as the second step knows the password: after so many wrong tries its owner is told.
fn suspicious(tx: &mut Tx<'_>, user: &UserId, subject: &str) -> Result<()> {
    if store::attempts(tx, subject)?.0 != model::MAX_FAILURES {
        return Ok(());
    }
    let paragraphs = vec![
        Text::new("Somebody gave your right password and then failed several times at the second step."),
        Text::new("If it was not you, set a new password now: the old one is known to somebody else."),
    ];
    let key = format!("second-step:{subject}:{}", tx.at().0);
    tell(tx, user, &key, Text::new("Somebody tried to sign in with your password"), paragraphs)
}

fn must_not_wait(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    let text = "Too many wrong tries. Try again in {seconds} seconds, or use another second factor.";
    super::must_not_wait_after(tx, subject, text)
}

/// Signs in with a passkey alone, which checks its owner by itself. `address` is where the browser is: its failures count.
pub fn sign_in_by_passkey(db: &Db, place: &Place<'_>, answer: &Answer, address: &str) -> Result<Entrance> {
    let subject = format!("passkeys:{address}");
    let found = db.write(|tx| {
        must_not_wait(tx, &subject)?;
        let found = passkeys::confirm(tx, place, None, answer)?;
        let Some(user) = found else {
            super::tried(tx, &subject, 40)?;
            return Ok(None);
        };
        Ok(store::credentials_of(tx, &user)?.map(|who| Entrance { user, epoch: who.epoch }))
    })?;
    found.ok_or_else(|| {
        Refusal::field("passkey", Text::new("This passkey was not accepted. Try again, or sign in with your password."))
            .into()
    })
}

/// Says whether the own company asks its members for a second factor.
pub fn set_policy(tx: &mut Tx<'_>, actor: &Actor, policy: Policy) -> Result<()> {
    let seat = actor.need(Module::Account, Level::Manage)?.clone();
    db::lock(tx, "account", seat.account.as_str())?;
    let before = store::factor_policy(tx, actor)?;
    if before == policy {
        return Ok(());
    }
    store::set_factor_policy(tx, actor, policy)?;
    let text = Text::new("The rule for second factors was changed");
    let change =
        Change::word("Second factor", super::super::policy_word(before).key(), super::super::policy_word(policy).key());
    let entry = Entry::new("account", &seat.account, "account.factor_policy_set", text).changes(change);
    journal::record(tx, actor, entry)?;
    crate::crash::point("accounts.factor_policy.before-commit");
    Ok(())
}

//! Signing in by a provider of single sign-on.
//!
//! Who manages an account may name any server as its provider, and that server may say anything. What its word is worth:
//!
//! - Whom it means is looked for among the active members of its own account alone. The first time by the address, if the
//!   provider has checked it and the account has shown that the domain is its own; from then on by what the provider calls
//!   the person (subject), so that a name that it gives to somebody else later does not come in as the first one.
//!   Whom it may make a member, and into which groups it puts people, says `sso_joining`.
//! - The session that begins opens that account alone ([`model::sso::Ways`]): what belongs to the person, and every other account,
//!   takes something of their own. `web::ctx` checks it with each request against the domains as they are then.
//! - What comes back belongs to one sign-in in one browser: `state` is found once, with the secret of the browser's cookie;
//!   nonce and PKCE's verifier are derived from it. Each provider has a way back of its own, and `iss` is checked where it is
//!   sent, so that the answer of one provider cannot be handed to another (mix-up).

use super::super::model::sso::{self, Vouched};
use super::super::model::{self, Entrance};
use super::super::store::{self, Attempt, IdpRow};
use super::sso::client_secret;
use super::sso_joining;
use crate::db::{self, Db, Result, Tx};
use crate::journal::{self, Audience, Entry};
use crate::kit::{Actor, Email, IdpId, Refusal, Secret, Text, UserId};
use crate::outside::http::Http;
use crate::outside::openid::{Discovered, Identity, Provider, Registration, Returned, Ticket};

/// What signing in by a provider needs.
#[derive(Clone)]
pub struct Gate {
    /// The database.
    pub db: Db,
    /// The way to other servers.
    pub http: Http,
    /// The deployment's secret.
    pub deployment: String,
    /// Where this portal is reached, `https://portal.example.com`.
    pub portal: String,
}

/// The way back from a provider.
pub fn way_back(portal: &str, provider: &IdpId) -> String {
    format!("{portal}/sign-in/oidc/callback/{provider}")
}

/// Secrets of one sign-in: all come from its state.
struct Tickets {
    nonce: Secret,
    verifier: Secret,
}

impl Gate {
    fn tickets(&self, provider: &IdpId, state: &Secret) -> Tickets {
        let derived = |purpose| Secret::derived(&self.deployment, purpose, provider.as_str(), state.reveal());
        Tickets { nonce: derived("nonce of single sign-on"), verifier: derived("verifier of single sign-on") }
    }

    fn registration(&self, row: &IdpRow) -> Result<Registration> {
        let secret = client_secret(&self.deployment, row).filter(|_| row.is_ready());
        let client_secret = secret.ok_or_else(|| {
            let text = "{name} is not set up yet. An administrator of the account adds the client id and its secret.";
            Refusal::conflict(Text::new(text).arg("name", &row.name))
        })?;
        Ok(Registration {
            issuer: row.issuer.clone(),
            client_id: row.client_id.clone(),
            client_secret,
            redirect: way_back(&self.portal, &row.id),
            scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
            groups_claim: Some(row.groups_claim.clone()).filter(|claim| !claim.is_empty()),
        })
    }

    fn row(&self, provider: &IdpId) -> Result<IdpRow> {
        let found = self.db.read(|tx| store::any_idp(tx, provider))?;
        found.ok_or_else(|| Refusal::not_found("provider", provider).into())
    }

    /// Begins a sign-in in a browser; gives the address at the provider to go to. Calls the provider.
    pub fn begin(&self, attempt: &Attempt, browser: &Secret) -> Result<String> {
        let row = self.row(&attempt.provider)?;
        let (us, state) = (self.registration(&row)?, Secret::generate());
        let tickets = self.tickets(&row.id, &state);
        let provider = Provider::find(&self.http, &us.issuer)?;
        let ticket = Ticket {
            state: state.reveal(),
            nonce: tickets.nonce.reveal(),
            verifier: tickets.verifier.reveal(),
            again: attempt.again,
        };
        let address = provider.address(&us, &ticket)?;
        let end_session = provider.discovered().end_session;
        self.db.write(|tx| {
            if end_session != row.end_session {
                store::note_end_session(tx, &row.id, end_session.as_deref())?;
            }
            let until = tx.at().plus_seconds(sso::ATTEMPT_SECONDS);
            store::insert_attempt(tx, (&state, browser), attempt, until)
        })?;
        Ok(address)
    }

    /// Takes a sign-in that comes back: it cannot come back again.
    pub fn take(&self, provider: &IdpId, state: &Secret, browser: &Secret) -> Result<Attempt> {
        let found = self.db.write(|tx| store::take_attempt(tx, state, browser))?;
        found.filter(|attempt| attempt.provider == *provider).ok_or_else(|| {
            tracing::warn!(provider = %provider, "somebody came back from a provider who had not begun here");
            let text = "This sign-in did not begin in this browser, was used already, or took too long. Sign in anew.";
            Refusal::field("provider", Text::new(text)).into()
        })
    }

    /// Lets somebody in for whom the provider vouches. Calls the provider.
    pub fn finish(&self, attempt: &Attempt, state: &Secret, returned: &Returned<'_>) -> Result<(Entrance, Vouched)> {
        let row = self.row(&attempt.provider)?;
        let us = self.registration(&row)?;
        let tickets = self.tickets(&row.id, state);
        let ticket = Ticket {
            state: state.reveal(),
            nonce: tickets.nonce.reveal(),
            verifier: tickets.verifier.reveal(),
            again: attempt.again,
        };
        let provider = Provider::find(&self.http, &us.issuer)?;
        let identity = provider.identity(&us, &ticket, returned, self.db.clock().now())?;
        let who = self.db.write(|tx| admit(tx, &row, &identity))?;
        Ok((who, Vouched { provider: row.id, two_factors: identity.two_factors }))
    }

    /// Looks a provider of an account up, for whoever sets it up. Calls the provider.
    pub fn test(&self, row: &IdpRow) -> Result<Discovered> {
        let found = Provider::find(&self.http, &row.issuer)?.discovered();
        self.db.write(|tx| store::note_end_session(tx, &row.id, found.end_session.as_deref()))?;
        Ok(found)
    }
}

/// Who it is that a provider vouches for, among the active members of its account.
fn admit(tx: &mut Tx<'_>, asked: &IdpRow, identity: &Identity) -> Result<Entrance> {
    // Who is in the account, and in which groups, changes for one at a time.
    db::lock(tx, "account", asked.account.as_str())?;
    let row = &store::any_idp(tx, &asked.id)?.filter(|row| row.revision == asked.revision).ok_or_else(|| {
        let text = "{provider} was changed here while you signed in there. Sign in anew.";
        refused(asked, Text::new(text))
    })?;
    let system = sso_joining::account_of(tx, row)?;
    let user = match known(tx, row, identity)? {
        Some(user) => user,
        None => first_time(tx, &system, row, identity)?,
    };
    if let Some(told) = &identity.groups {
        sso_joining::regroup(tx, &system, row, &user, told)?;
    }
    store::subject_used(tx, &row.id, &identity.subject)?;
    let who = store::credentials_of(tx, &user)?.ok_or_else(|| Refusal::not_found("user", &user))?;
    Ok(Entrance { user: who.id, epoch: who.epoch })
}

pub(super) fn refused(row: &IdpRow, why: Text) -> Refusal {
    tracing::warn!(provider = %row.id, account = %row.account, "a provider vouched for somebody who may not come in: {why}");
    Refusal::field("provider", why.arg("provider", &row.name))
}

/// Whom the provider means by this subject. Their address may have become another one.
fn known(tx: &mut Tx<'_>, row: &IdpRow, identity: &Identity) -> Result<Option<UserId>> {
    let Some((user, email)) = store::meant_by(tx, &row.account, &row.id, &identity.subject)? else { return Ok(None) };
    let domain = Email::parse(&email).and_then(|email| sso::domain_of(&email));
    match domain {
        Some(domain) if store::covers(tx, &row.account, &row.id, &domain)? => Ok(Some(user)),
        _ => Err(not_covered(row).into()),
    }
}

pub(super) fn not_covered(row: &IdpRow) -> Refusal {
    let text =
        "{provider} may not sign you in: your address is in no domain that its account has verified and given to it.";
    refused(row, Text::new(text))
}

/// What somebody reads whom nobody has invited.
pub(super) const NOBODY: &str =
    "No user of the account has the address that {provider} told. Ask an administrator for an invitation.";

fn first_time(tx: &mut Tx<'_>, system: &Actor, row: &IdpRow, identity: &Identity) -> Result<UserId> {
    let Some(email) = identity.email.as_deref().and_then(Email::parse) else {
        let text = "{provider} did not tell your e-mail address. It has to send the claims email and email_verified.";
        return Err(refused(row, Text::new(text)).into());
    };
    if !identity.email_verified {
        let text = "{provider} does not say that it has checked your e-mail address (email_verified).";
        return Err(refused(row, Text::new(text)).into());
    }
    match sso::domain_of(&email) {
        Some(domain) if store::covers(tx, &row.account, &row.id, &domain)? => {}
        _ => return Err(not_covered(row).into()),
    }
    let user = match store::member_with(tx, &row.account, &email.folded())? {
        Some(user) => user,
        None if row.joins => sso_joining::join(tx, system, row, (&email, identity))?,
        None => return Err(refused(row, Text::new(NOBODY)).into()),
    };
    if store::put_subject(tx, &row.id, &identity.subject, &user)? {
        note_link(tx, row, &user)?;
        return Ok(user);
    }
    // Another request may have linked the same two at this moment.
    match store::meant_by(tx, &row.account, &row.id, &identity.subject)? {
        Some((same, _)) if same == user => Ok(user),
        _ => {
            let text = "{provider} means somebody else by your address than before. An administrator can remove the link: Account, Single sign-on, the domain.";
            Err(refused(row, Text::new(text)).into())
        }
    }
}

fn note_link(tx: &mut Tx<'_>, row: &IdpRow, user: &UserId) -> Result<()> {
    let text = Text::new("Came in by {provider} for the first time").arg("provider", &row.name);
    let entry = Entry::new("person", user, "person.sso_linked", text).audience(Audience::Person(user.clone()));
    journal::record(tx, &Actor::Guest { object: user.to_string() }, entry).map(drop)
}

/// Who may be the provider of an address, for everybody who types it: that depends on its domain alone.
pub fn offered(tx: &mut Tx<'_>, email: &str) -> Result<Vec<model::sso::Offered>> {
    let Some(email) = Email::parse(email) else {
        let text = Text::new("{value} is no e-mail address. Write it like ann@example.com.").arg("value", email);
        return Err(Refusal::field("email", text).into());
    };
    let found = match sso::domain_of(&email) {
        Some(domain) => store::offered_for(tx, &domain)?,
        None => vec![],
    };
    if found.is_empty() {
        let text = "No company here has single sign-on for addresses like this. Sign in with your password.";
        return Err(Refusal::field("email", Text::new(text)).into());
    }
    Ok(found)
}

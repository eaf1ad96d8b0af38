//! Questions to passkeys and their answers (WebAuthn). The page carries the question's state sealed, bound to its host,
//! its purpose and, if it is known, the person; each is answered once, within minutes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::super::model::factors;
use super::super::store;
use super::factors::Place;
use crate::db::{self, Error, Result, Tx};
use crate::kit::{Secret, Text, Time, UserId, open, seal};

/// What a page asks a passkey.
#[derive(Debug, Clone)]
pub struct Question {
    /// The options for the browser, JSON.
    pub options: String,
    /// What the form carries back.
    pub state: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The state that the form carried.
    pub state: String,
    /// The browser's answer, JSON.
    pub answer: String,
}

const REGISTER: &str = "new passkey";
const CONFIRM: &str = "passkey";
/// An answer is a few kilobytes; more is not looked at.
const MAX_ANSWER: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
struct Asked<S> {
    id: String,
    until: Time,
    state: S,
}

fn broken(e: impl std::fmt::Display) -> Error {
    Error::Outside(format!("passkeys: {e}"))
}

/// The party that passkeys belong to, and its name; the reason where there can be none.
fn party(place: &Place<'_>) -> std::result::Result<(Webauthn, String), Text> {
    let name = factors::passkeys_at(place.host, place.https)?;
    let scheme = if place.https { "https" } else { "http" };
    let unusable = || Text::new("Passkeys cannot be used here, because the name of this portal is no good for them.");
    let origin = Url::parse(&format!("{scheme}://{}", place.host)).map_err(|_| unusable())?;
    let built = WebauthnBuilder::new(&name, &origin).and_then(|builder| {
        let patience = std::time::Duration::from_secs(factors::CHALLENGE_SECONDS.unsigned_abs());
        builder.rp_name(place.portal).timeout(patience).build()
    });
    built.map(|party| (party, name)).map_err(|_| unusable())
}

/// Why passkeys cannot be used here; nothing where they can.
pub fn not_here(place: &Place<'_>) -> Option<Text> {
    party(place).err()
}

/// By what passkeys know a person: no name, and another one in each deployment.
fn handle(place: &Place<'_>, user: &UserId) -> Result<Uuid> {
    let secret = Secret::derived(place.deployment, "passkey owner", user.as_str(), "");
    Uuid::parse_str(&secret.reveal()[..32]).map_err(broken)
}

fn bound_to(place: &Place<'_>, user: Option<&UserId>) -> String {
    format!("{}\n{}", place.host, user.map_or("", UserId::as_str))
}

fn ask(
    place: &Place<'_>,
    purpose: &str,
    user: Option<&UserId>,
    (options, state): (Value, impl Serialize),
    at: Time,
) -> Result<Question> {
    let asked = Asked { id: Secret::nonce(), until: at.plus_seconds(factors::CHALLENGE_SECONDS), state };
    let text = serde_json::to_vec(&asked).map_err(broken)?;
    let state = seal(place.deployment, purpose, &bound_to(place, user), &text)
        .ok_or_else(|| broken("the state could not be sealed"))?;
    Ok(Question { options: options.to_string(), state })
}

/// The state of a question that may still be answered. It cannot be answered once more.
fn take<S: DeserializeOwned>(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    purpose: &str,
    user: Option<&UserId>,
    state: &str,
) -> Result<Option<S>> {
    let Some(text) = open(place.deployment, purpose, &bound_to(place, user), state) else { return Ok(None) };
    let Ok(asked) = serde_json::from_slice::<Asked<S>>(&text) else { return Ok(None) };
    let fresh = asked.until > tx.at() && store::use_challenge(tx, &asked.id, asked.until)?;
    Ok(fresh.then_some(asked.state))
}

/// Asks for a new passkey of a person; nothing where passkeys cannot be used.
pub fn ask_to_register(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    user: &UserId,
    (name, email): (&str, &str),
) -> Result<Option<Question>> {
    let Ok((party, _)) = party(place) else { return Ok(None) };
    let known: Vec<_> = credentials(&store::factors(tx, user)?).iter().map(|key| key.cred_id().clone()).collect();
    let begun = party.start_passkey_registration(handle(place, user)?, email, name, Some(known)).map_err(broken)?;
    let mut options = serde_json::to_value(&begun.0).map_err(broken)?;
    // So that it signs in without a name typed first.
    let selection = &mut options["publicKey"]["authenticatorSelection"];
    selection["residentKey"] = json!("required");
    selection["requireResidentKey"] = json!(true);
    ask(place, REGISTER, Some(user), (options, begun.1), tx.at()).map(Some)
}

/// Keeps the passkey that answers.
pub(super) fn register(tx: &mut Tx<'_>, place: &Place<'_>, user: &UserId, name: &str, answer: &Answer) -> Result<()> {
    let refused = || {
        let text =
            Text::new("The passkey could not be added. Try again; a passkey that is yours already is not added twice.");
        Error::from(crate::kit::Refusal::field("passkey", text))
    };
    let (party, host) = party(place).map_err(|_| refused())?;
    let state: Option<PasskeyRegistration> = take(tx, place, REGISTER, Some(user), &answer.state)?;
    let told: Option<RegisterPublicKeyCredential> = read(&answer.answer);
    let (Some(state), Some(told)) = (state, told) else { return Err(refused()) };
    let key = party.finish_passkey_registration(&told, &state).map_err(|e| {
        noted(&e);
        refused()
    })?;
    let new = store::NewPasskey {
        id: &Secret::nonce(),
        credential_id: &hex::encode(key.cred_id()),
        name,
        host: &host,
        credential: serde_json::to_value(&key).map_err(broken)?,
    };
    if store::insert_passkey(tx, user, &new)? { Ok(()) } else { Err(refused()) }
}

/// Asks for a passkey: any that the browser has for this portal, or one of a person's own.
pub fn ask_to_confirm(
    place: &Place<'_>,
    whose: Option<(&UserId, &store::Factors)>,
    at: Time,
) -> Result<Option<Question>> {
    let Ok((party, host)) = party(place) else { return Ok(None) };
    let begun = party.start_discoverable_authentication().map_err(broken)?;
    let mut options = serde_json::to_value(&begun.0).map_err(broken)?;
    if let Some(all) = options.as_object_mut() {
        all.remove("mediation");
    }
    if let Some((_, factors)) = whose {
        let own = factors.passkeys.iter().filter(|p| p.host == host);
        let keys = own.filter_map(|p| serde_json::from_value::<Passkey>(p.credential.0.clone()).ok());
        let allowed: Vec<Value> = keys.map(|key| json!({ "type": "public-key", "id": key.cred_id() })).collect();
        if allowed.is_empty() {
            return Ok(None);
        }
        options["publicKey"]["allowCredentials"] = Value::Array(allowed);
    }
    ask(place, CONFIRM, whose.map(|(user, _)| user), (options, begun.1), at).map(Some)
}

/// Whose passkey answered: nobody's if the answer does not fit the question, this host or the person, or its counter went
/// back, which a copy's does.
pub(super) fn confirm(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    whose: Option<&UserId>,
    answer: &Answer,
) -> Result<Option<UserId>> {
    let Ok((party, host)) = party(place) else { return Ok(None) };
    let state: Option<DiscoverableAuthentication> = take(tx, place, CONFIRM, whose, &answer.state)?;
    let told: Option<PublicKeyCredential> = read(&answer.answer);
    let (Some(state), Some(told)) = (state, told) else { return Ok(None) };
    let credential = hex::encode(told.get_credential_id());
    // Two answers at once must not both be compared with the counter before.
    db::lock_name(tx, &format!("passkey:{credential}"))?;
    let Some(row) = store::passkey_by_credential(tx, &credential)? else { return Ok(None) };
    let owner = handle(place, &row.user)?;
    let names_owner = match told.get_user_unique_id() {
        Some(named) => named == owner.as_bytes(),
        None => whose.is_some(),
    };
    if row.host != host || whose.is_some_and(|user| *user != row.user) || !names_owner {
        return Ok(None);
    }
    let mut key: Passkey = serde_json::from_value(row.credential.0).map_err(broken)?;
    let found = match party.finish_discoverable_authentication(&told, state, &[DiscoverableKey::from(&key)]) {
        Ok(found) if found.user_verified() => found,
        Ok(_) => return Ok(None),
        Err(e) => {
            noted(&e);
            return Ok(None);
        }
    };
    key.update_credential(&found);
    store::passkey_used(tx, &row.id, serde_json::to_value(&key).map_err(broken)?)?;
    Ok(Some(row.user))
}

fn noted(e: &WebauthnError) {
    tracing::info!(error = ?e, "a passkey's answer was refused");
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    (text.len() <= MAX_ANSWER).then(|| serde_json::from_str(text).ok()).flatten()
}

fn credentials(factors: &store::Factors) -> Vec<Passkey> {
    factors.passkeys.iter().filter_map(|p| serde_json::from_value(p.credential.0.clone()).ok()).collect()
}

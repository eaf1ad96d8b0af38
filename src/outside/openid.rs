//! Signing in at an OpenID Connect provider: the authorization code flow with PKCE, as a confidential client.
//!
//! The provider is looked up anew each time, so that a key it has replaced is not believed. Believed is an ID token that
//! is signed by one of its keys with an algorithm of [`ALGORITHMS`] (never `none`, never one with a shared secret), made by
//! this issuer, for us alone, for this very sign-in (nonce), now. State, nonce and the verifier of PKCE come from the
//! caller, who keeps them for one sign-in in one browser.

mod told;

use std::fmt;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AdditionalProviderMetadata, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError,
    ClientId, ClientSecret, CsrfToken, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};

use super::http::{Http, HttpError};
use crate::kit::{Refusal, Text, Time};
use told::{Known, Told, shows_two_factors};

/// How a provider may sign.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
];
/// Seconds by which the provider's clock may differ from ours.
const SKEW_SECONDS: i64 = 120;
/// How old an ID token may be that comes straight from the provider, in seconds.
const TOKEN_SECONDS: i64 = 600;
/// How long ago somebody may have signed in there who was asked to do it again, in seconds.
const AGAIN_SECONDS: i64 = 300;

/// What a provider says of itself besides what the library reads.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct More {
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Claims = IdTokenClaims<Told, CoreGenderClaim>;

type Fields = IdTokenFields<
    Told,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Client = openidconnect::Client<
    Told,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How we are known at a provider.
#[derive(Clone)]
pub struct Registration {
    /// The provider's issuer.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// Where the provider sends people back to.
    pub redirect: String,
    /// What is asked for besides the address and the name.
    pub scopes: Vec<String>,
    /// The claim that says in which groups somebody is.
    pub groups_claim: Option<String>,
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What belongs to one sign-in alone.
pub struct Ticket<'a> {
    /// Comes back in the address.
    pub state: &'a str,
    /// Comes back in the ID token.
    pub nonce: &'a str,
    /// Goes to the provider with the code.
    pub verifier: &'a str,
    /// Whether the person has to prove anew who they are, however long they have been signed in there.
    pub again: bool,
}

/// What the browser brought back.
pub struct Returned<'a> {
    /// To be exchanged for tokens.
    pub code: &'a str,
    /// Who says to have sent it (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// Whom a provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the provider knows the person by.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether the provider has checked that it is theirs.
    pub email_verified: bool,
    /// What they are called.
    pub name: Option<String>,
    /// In which groups the provider says they are; nothing if it was not asked.
    pub groups: Option<Vec<String>>,
    /// Whether the provider says that they showed a second factor.
    pub two_factors: bool,
}

/// What a provider said when it was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// Where its sessions are ended.
    pub end_session: Option<String>,
    /// What may be wrong about it.
    pub doubts: Vec<Text>,
}

/// A provider that was looked up.
pub struct Provider<'a> {
    http: &'a Http,
    found: Metadata,
}

/// Why nobody is signed in. What it says is about the provider, and kept from nobody.
pub type Wrong = Refusal;

fn wrong(text: Text) -> Wrong {
    Refusal::field("provider", text)
}

impl<'a> Provider<'a> {
    /// Looks a provider up: its addresses and its keys. Blocks.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub fn find(http: &'a Http, issuer: &str) -> Result<Self, Wrong> {
        http.check(issuer).map_err(|e| wrong(e.text().clone()))?;
        let url = IssuerUrl::new(issuer.to_owned())
            .map_err(|_| wrong(Text::new("{server} is no address.").arg("server", issuer)))?;
        let call = |request: HttpRequest| send(http, request);
        let found = Metadata::discover(&url, &call).map_err(|error| undiscovered(&error, issuer))?;
        // The browser is sent there.
        http.check(found.authorization_endpoint().as_str()).map_err(|e| wrong(e.text().clone()))?;
        Ok(Self { http, found })
    }

    /// What is known of it.
    pub fn discovered(&self) -> Discovered {
        let mut doubts = vec![];
        let more = self.found.additional_metadata();
        let signs = self.found.id_token_signing_alg_values_supported();
        if !signs.iter().any(|alg| ALGORITHMS.contains(alg)) {
            doubts.push(Text::new(
                "It signs with none of RS256, PS256 and ES256. Choose one of them for this client at the provider.",
            ));
        }
        if more.code_challenge_methods_supported.as_ref().is_some_and(|all| !all.iter().any(|one| one == "S256")) {
            doubts.push(Text::new("It does not know PKCE with S256, which protects the way back."));
        }
        if self.found.token_endpoint().is_none() {
            doubts.push(Text::new("It does not say where codes are exchanged (token_endpoint)."));
        }
        let end_session = more.end_session_endpoint.clone().filter(|url| self.http.check(url).is_ok());
        Discovered { end_session, doubts }
    }

    fn client(&self, us: &Registration) -> Result<Client, Wrong> {
        let redirect = RedirectUrl::new(us.redirect.clone())
            .map_err(|_| wrong(Text::new("{server} is no address.").arg("server", &us.redirect)))?;
        let secret = ClientSecret::new(us.client_secret.clone());
        let id = ClientId::new(us.client_id.clone());
        let client = openidconnect::Client::from_provider_metadata(self.found.clone(), id, Some(secret));
        let methods = self.found.token_endpoint_auth_methods_supported();
        let in_body = methods.is_some_and(|all| {
            !all.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && all.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let how = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        Ok(client.set_redirect_uri(redirect).set_auth_type(how))
    }

    /// The address at the provider where somebody signs in.
    ///
    /// # Errors
    /// An address is none.
    pub fn address(&self, us: &Registration, ticket: &Ticket<'_>) -> Result<String, Wrong> {
        let client = self.client(us)?;
        let (state, nonce) = (ticket.state.to_owned(), ticket.nonce.to_owned());
        let verifier = PkceCodeVerifier::new(ticket.verifier.to_owned());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, || CsrfToken::new(state), || Nonce::new(nonce))
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .add_scopes(us.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if ticket.again {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        Ok(request.url().0.into())
    }

    /// Exchanges what the browser brought back, and says whom the provider vouches for. Blocks.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub fn identity(
        &self,
        us: &Registration,
        ticket: &Ticket<'_>,
        returned: &Returned<'_>,
        now: Time,
    ) -> Result<Identity, Wrong> {
        let issuer = self.found.issuer().as_str();
        let named = self.found.additional_metadata().authorization_response_iss_parameter_supported;
        // Otherwise the answer of one provider could be handed to another.
        if returned.issuer.map_or(named, |sender| sender != issuer) {
            return Err(wrong(Text::new("The answer did not come from this provider. Sign in anew.")));
        }
        let client = self.client(us)?;
        let call = |request: HttpRequest| send(self.http, request);
        let verifier = PkceCodeVerifier::new(ticket.verifier.to_owned());
        let tokens = client
            .exchange_code(AuthorizationCode::new(returned.code.to_owned()))
            .map_err(|e| unusual("exchanging the code", &e))?
            .set_pkce_verifier(verifier)
            .request(&call)
            .map_err(|error| unexchanged(&error))?;
        let Some(token) = tokens.id_token() else {
            return Err(wrong(Text::new(
                "The provider sent no ID token. Check that the client may use the scope openid.",
            )));
        };
        // The time is checked below, by this program's clock.
        let checks = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(Default::default)
            .set_issue_time_verifier_fn(|_| Ok(()));
        let nonce = Nonce::new(ticket.nonce.to_owned());
        let claims = token.claims(&checks, &nonce).map_err(|error| unbelieved(&error))?;
        timely(claims, us, ticket.again, now)?;
        let wanted = us.groups_claim.as_deref();
        let mut known = Known::of(claims.email(), claims.email_verified(), claims.name());
        let mut groups = claims.additional_claims().groups(wanted)?;
        // Not every provider puts all it tells into the ID token.
        if (known.email.is_none() || groups.is_none() && wanted.is_some())
            && let Some(info) = self.asked(&client, tokens.access_token(), claims)?
        {
            known = known.or(Known::of(info.email(), info.email_verified(), info.name()));
            groups = groups.or(info.additional_claims().groups(wanted)?);
        }
        let methods = claims.auth_method_refs().map(|all| all.iter().map(|m| m.as_str()).collect()).unwrap_or_default();
        let context = claims.auth_context_ref().map(|acr| acr.as_str());
        Ok(Identity {
            subject: claims.subject().as_str().to_owned(),
            email: known.email,
            email_verified: known.verified,
            name: known.name,
            // A provider that is asked and says nothing says that there are none.
            groups: groups.or(wanted.map(|_| vec![])),
            two_factors: shows_two_factors(methods, context),
        })
    }

    /// Asks for what the ID token does not tell; nothing if the provider tells no more.
    fn asked(
        &self,
        client: &Client,
        token: &AccessToken,
        claims: &Claims,
    ) -> Result<Option<UserInfoClaims<Told, CoreGenderClaim>>, Wrong> {
        if self.found.userinfo_endpoint().is_none() {
            return Ok(None);
        }
        let call = |request: HttpRequest| send(self.http, request);
        let request = client
            .user_info(token.clone(), Some(claims.subject().clone()))
            .map_err(|e| unusual("asking for the address", &e))?;
        request.request(&call).map(Some).map_err(|e| unusual("asking for the address", &e))
    }
}

/// Checks what the library leaves to its users: for whom a token was made, and when.
fn timely(claims: &Claims, us: &Registration, again: bool, now: Time) -> Result<(), Wrong> {
    let now = now.0.div_euclid(1_000_000);
    if claims.authorized_party().is_some_and(|party| party.as_str() != us.client_id) {
        return Err(wrong(Text::new("The ID token was made for another program. Check the client id.")));
    }
    let (made, ends) = (claims.issue_time().timestamp(), claims.expiration().timestamp());
    if ends <= now || made < now - TOKEN_SECONDS {
        return Err(wrong(Text::new(
            "The ID token is too old. Sign in anew; if it goes on, compare the clocks of both servers.",
        )));
    }
    if made > now + SKEW_SECONDS {
        return Err(wrong(Text::new("The ID token was made in the future. Compare the clocks of both servers.")));
    }
    let signed_in = claims.auth_time().map(|at| at.timestamp());
    if again && signed_in.is_none_or(|at| at < now - AGAIN_SECONDS || at > now + SKEW_SECONDS) {
        return Err(wrong(Text::new(
            "The provider did not ask you anew who you are (auth_time). Use your password, or sign out there first.",
        )));
    }
    Ok(())
}

fn send(http: &Http, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    http.send(request)
}

fn undiscovered(error: &DiscoveryError<HttpError>, issuer: &str) -> Wrong {
    tracing::warn!(issuer = %issuer, error = %error, "a provider of single sign-on could not be looked up");
    let text = match error {
        DiscoveryError::Request(e) => return wrong(e.text().clone()),
        DiscoveryError::Response(status, ..) => Text::new(
            "{server} has no description of an OpenID provider: the answer was {status}. Check the issuer; it is the address before /.well-known/openid-configuration.",
        )
        .arg("status", status.as_u16()),
        DiscoveryError::Validation(_) => Text::new(
            "The provider at {server} calls itself by another issuer. Copy the issuer from its description, letter by letter.",
        ),
        _ => Text::new("The description of the provider at {server} cannot be read. Check the issuer."),
    };
    wrong(text.arg("server", issuer))
}

fn unexchanged<T: openidconnect::ErrorResponse + 'static>(error: &RequestTokenError<HttpError, T>) -> Wrong {
    tracing::warn!(error = %error, "a code of a provider could not be exchanged");
    wrong(match error {
        RequestTokenError::Request(e) => e.text().clone(),
        RequestTokenError::ServerResponse(_) => Text::new(
            "The provider did not accept the code. Sign in anew; if it goes on, the client id or its secret is wrong here.",
        ),
        _ => Text::new("The provider's answer to the code cannot be read."),
    })
}

fn unbelieved(error: &ClaimsVerificationError) -> Wrong {
    tracing::warn!(error = %error, "an ID token was not believed");
    wrong(match error {
        ClaimsVerificationError::InvalidIssuer(_) => Text::new("The ID token was made by another issuer."),
        ClaimsVerificationError::InvalidAudience(_) => {
            Text::new("The ID token was made for another program. Check the client id.")
        }
        ClaimsVerificationError::InvalidNonce(_) => Text::new("The ID token belongs to another sign-in. Sign in anew."),
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::DisallowedAlg(_) | SignatureVerificationError::NoSignature,
        ) => Text::new("The ID token is not signed with RS256, PS256 or ES256. Choose one of them at the provider."),
        _ => Text::new("The signature of the ID token is not one of this provider."),
    })
}

fn unusual(doing: &'static str, error: &dyn fmt::Display) -> Wrong {
    tracing::warn!(doing, error = %error, "a provider of single sign-on answered as it should not");
    wrong(Text::new("The provider's answer cannot be read. Its operator finds more in its log."))
}

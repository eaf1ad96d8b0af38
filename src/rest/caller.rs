//! The program behind a call: its token, its body, and how its call is answered.

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;

use super::{Error, Fields};
use crate::app::Services;
use crate::db::idempotency::{self, Answer, Once};
use crate::db::{self, Tx};
use crate::flows::accounts;
use crate::flows::accounts::actions::Admitted;
use crate::kit::{Actor, Refusal, Secret, Text, TokenId};
use crate::web::endpoint::{Endpoint, Who};
use crate::web::limiter::Limiter;
use crate::web::site::Site;
use crate::web::stats::Statements;

/// Largest JSON body in bytes.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// Who calls, with what.
pub struct Caller {
    services: Services,
    actor: Actor,
    address: String,
    origin: String,
    query: String,
    body: Vec<u8>,
    once: Option<Once>,
    statements: Statements,
}

impl Caller {
    /// Who calls.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Database, files, mail, clock.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The address that the call comes from.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Scheme and host that the call came to, for links in mail.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// The raw query string.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The JSON body as an object; an empty body is an empty object.
    pub fn fields(&self) -> Result<Fields, Error> {
        Ok(Fields::read(&self.body)?)
    }

    /// The raw body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Counts a body in parts, which was read from its own stream, as the body of this call; the JSON is its part `body`, or
    /// each other part is a text in it.
    #[must_use]
    pub fn sent(mut self, parts: &super::multipart::Parts) -> Self {
        if let Some(once) = &mut self.once {
            *once = Once::new(&self.services.secret, &once.key, &once.request, parts.digest().as_bytes());
        }
        self.body = match parts.field("body") {
            Some(json) => json.as_bytes().to_vec(),
            None => serde_json::Value::Object(parts.texts()).to_string().into_bytes(),
        };
        self
    }

    /// Reads on one snapshot.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Actor) -> db::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (db, actor, counter) = (self.services.db.clone(), self.actor.clone(), self.statements.clone());
        Ok(web::block(move || counter.count(|| db.read(|tx| work(tx, &actor)))).await??)
    }

    /// Whether this call was answered before under its `Idempotency-Key`: then it is not to be refused for what it has done
    /// itself, but to get that answer from [`Caller::act`].
    pub async fn was_answered(&self) -> Result<bool, Error> {
        let Some(once) = self.once.clone() else { return Ok(false) };
        self.read(move |tx, actor| idempotency::is_answered(tx, actor, &once)).await
    }

    /// Reads one object and answers it.
    pub async fn one<T: serde::Serialize + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Actor) -> db::Result<T> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        Ok(HttpResponse::Ok().json(self.read(work).await?))
    }

    /// Acts in one transaction, once per `Idempotency-Key`, and answers what it gives with `status`.
    pub async fn act<T: serde::Serialize + 'static>(
        &self,
        status: u16,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<T> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        self.answer(move |tx, actor| Ok(Answer::json(status, json(&work(tx, actor)?)?)), |_, _, _| Ok(String::new()))
            .await
    }

    /// As [`Caller::act`], for an answer that holds a secret or a link that opens something: what is kept under the key is
    /// the object's id alone. `work` gives it with the answer; `again` answers a repetition with the object as it is then.
    pub async fn act_on<T: serde::Serialize + 'static>(
        &self,
        status: u16,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<(String, T)> + Send + 'static,
        again: impl Fn(&mut Tx<'_>, &Actor, &str) -> db::Result<T> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        self.answer(
            move |tx, actor| {
                let (id, answer) = work(tx, actor)?;
                Ok(Answer::json(status, json(&answer)?).about(id))
            },
            move |tx, actor, id| json(&again(tx, actor, id)?),
        )
        .await
    }

    /// Acts in one transaction, once per `Idempotency-Key`, and answers nothing.
    pub async fn act_empty(
        &self,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<()> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        self.answer(move |tx, actor| work(tx, actor).map(|()| Answer::empty()), |_, _, _| Ok(String::new())).await
    }

    async fn answer(
        &self,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<Answer> + Send + 'static,
        again: impl Fn(&mut Tx<'_>, &Actor, &str) -> db::Result<String> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        let (db, actor, once, counter) =
            (self.services.db.clone(), self.actor.clone(), self.once.clone(), self.statements.clone());
        let act = move |tx: &mut Tx<'_>| {
            let mut answer = idempotency::once(tx, &actor, once.as_ref(), |tx| work(tx, &actor))?;
            if let (Some(id), None) = (&answer.object, &answer.body) {
                answer.body = Some(again(tx, &actor, id)?);
            }
            Ok(answer)
        };
        let answer = web::block(move || counter.count(|| db.write(act))).await??;
        self.services.wake_workers();
        crate::crash::point("rest.after-commit");
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        Ok(match answer.body {
            Some(body) => response.insert_header((header::CONTENT_TYPE, "application/json")).body(body),
            None => response.finish(),
        })
    }
}

/// The token of a call, noted as soon as it is known that there is such a token.
struct CallOf(TokenId);

/// Counts the calls of each token by what they were answered, refused ones too.
pub async fn count_calls<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let answer = next.call(req).await?;
    let request = answer.request();
    if let (Some(CallOf(token)), Some(services)) =
        (request.extensions().get::<CallOf>(), request.app_data::<web::Data<Services>>())
    {
        services.calls.count(token, answer.status().as_u16(), services.clock.now());
    }
    Ok(answer)
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let multipart = super::multipart::is_multipart(req.headers());
        // A multipart body is left for its own reader.
        let body = (!multipart).then(|| web::Bytes::from_request(&req, payload));
        Box::pin(async move {
            crate::web::guard::names_nothing(req.path())?;
            let mut services = req.app_data::<web::Data<Services>>().ok_or(Error::Unauthorized)?.as_ref().clone();
            services.db = services.db.asked_from(crate::web::site::came_from(&req));
            let statements = Statements::of(&req);
            let (id, secret) = req
                .headers()
                .get(header::AUTHORIZATION)
                .and_then(|v| v.to_str().ok())
                .and_then(credentials)
                .ok_or(Error::Unauthorized)?;
            let (db, counter) = (services.db.clone(), statements.clone());
            let (origin, address) =
                req.extensions().get::<Site>().map(|s| (s.origin(), s.client.clone())).unwrap_or_default();
            let from = address.clone();
            let limited = id.clone();
            let calls = services.calls.clone();
            let look = move || accounts::actions::token_actor(&db, &calls, &id, &secret, &from);
            let shown = web::block(move || counter.count(look)).await??;
            if !matches!(shown, Admitted::Nobody) {
                req.extensions_mut().insert(CallOf(limited.clone()));
            }
            let actor = match shown {
                Admitted::In(actor) => actor,
                Admitted::Elsewhere(refusal) => return Err(refusal.into()),
                Admitted::Shut | Admitted::Nobody => return Err(Error::Unauthorized),
            };
            // After the secret: whoever does not have it uses up nothing of the token's.
            if let Some(limiter) = req.app_data::<web::Data<Limiter>>() {
                limiter.call_with(limited.as_str())?;
            }
            if let Some(endpoint) = req.app_data::<web::Data<Arc<Vec<Endpoint>>>>().and_then(|table| find(table, &req))
            {
                if matches!(endpoint.who, Who::Operator(..)) {
                    // The operator's area is for people.
                    return Err(Refusal::not_found("page", req.path()).into());
                }
                may(&actor, endpoint)?;
            }
            let body = match body {
                None => vec![],
                Some(bytes) => bytes.await.map_err(unreadable)?.to_vec(),
            };
            let what = format!("{} {}", req.method(), req.path());
            let key = req.headers().get("idempotency-key").and_then(|v| v.to_str().ok());
            let once = key.map(|key| Once::new(&services.secret, key, &what, &body));
            Ok(Self { services, actor, address, origin, query: req.query_string().to_owned(), body, once, statements })
        })
    }
}

/// Why a body was not read: it is too large, or it broke off on the way.
fn unreadable(error: actix_web::Error) -> Refusal {
    if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE {
        let text = Text::new("The body is too large: it may have at most {max} bytes. Send less at a time.");
        return Refusal::too_large(text.arg("max", MAX_BODY));
    }
    Refusal::field("body", Text::new("The body could not be read: {cause}. Send it again.").arg("cause", error))
}

fn json(answer: &impl serde::Serialize) -> db::Result<String> {
    serde_json::to_string(answer).map_err(|e| db::Error::Outside(format!("answer: {e}")))
}

/// `ApiKey SU-…:secret`; the scheme may be left out, as one old client does.
fn credentials(value: &str) -> Option<(TokenId, Secret)> {
    let value = value.trim();
    let key = value.strip_prefix("ApiKey ").unwrap_or(value).trim();
    let (id, secret) = key.split_once(':')?;
    Some((TokenId::parse(id)?, Secret::presented(secret)))
}

fn find<'t>(table: &'t [Endpoint], req: &HttpRequest) -> Option<&'t Endpoint> {
    let pattern = req.match_pattern()?;
    let path = pattern.strip_prefix(super::PREFIX)?;
    let method = if req.method() == Method::HEAD { &Method::GET } else { req.method() };
    table.iter().find(|e| e.path == path && e.method == *method)
}

/// Whether an actor may use a route at all; what they may do with the object is the action's to say.
pub(crate) fn may(actor: &Actor, endpoint: &Endpoint) -> Result<(), Refusal> {
    match endpoint.who {
        Who::Anyone | Who::Guest | Who::Person | Who::AnyMember => Ok(()),
        Who::Member(module, level) | Who::Operator(module, level) => actor.need(module, level).map(drop),
        Who::Only(roles, module, level) => {
            let seat = actor.need(module, level)?;
            if roles.contains(&seat.role) {
                return Ok(());
            }
            Err(Refusal::forbidden(
                Text::new("{account} is a {role:word}; this is not for it.")
                    .arg("account", &seat.name)
                    .arg("role", seat.role),
            ))
        }
    }
}

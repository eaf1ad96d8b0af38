//! The person behind a page: session, company from the URL, what they may do, and how pages read and act.

use std::cell::Cell;
use std::sync::Arc;

use actix_session::{Session, SessionExt};
use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use futures_util::future::LocalBoxFuture;

use super::confirm::{self, Confirmed};
use super::device;
use super::endpoint::{Endpoint, Who};
use super::error::{Cause, Error};
use super::places;
use super::posted::Posted;
use super::session::{HOST, PERSON, WAYS};
use super::shell::Shell;
use super::site::Site;
use super::stats::Statements;
use super::theme::{Density, Theme};
use crate::app::Services;
use crate::db::idempotency::{self, Answer};
use crate::db::party::Waiting;
use crate::db::{self, Tx};
use crate::flows::accounts;
use crate::flows::accounts::actions::Origin;
use crate::flows::accounts::model::ip::Acl;
use crate::flows::accounts::model::sso::{Opens, Ways};
use crate::flows::accounts::model::{Membership, Person};
use crate::kit::{AccountId, Actor, Refusal, Secret, Text, UserId};

/// Everything a page's handler needs.
pub struct Ctx {
    services: Services,
    site: Site,
    session: Session,
    person: Option<Person>,
    actor: Actor,
    path: String,
    query: String,
    pub(super) theme: Theme,
    pub(super) density: Density,
    pub(super) language: String,
    agent: String,
    device: Option<Secret>,
    pub(super) message: Option<Text>,
    statements: Statements,
    fragment: bool,
    confirmed: Option<Confirmed>,
    ways: Ways,
    waiting: Vec<Waiting>,
    /// 200, unless something on the page could not be loaded.
    pub(super) failed: Cell<StatusCode>,
    operates: bool,
}

impl Ctx {
    /// Database, files, mail, clock.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Where the request came to.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Who acts: the person in the company of the URL; a guest if nobody is signed in.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether the company of the URL runs the deployment.
    pub fn operates(&self) -> bool {
        self.operates
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<&Person> {
        self.person.as_ref()
    }

    /// Who is signed in, or the way to the sign-in page.
    pub fn signed_in(&self) -> Result<&Person, Error> {
        self.person.as_ref().ok_or_else(|| Cause::SignIn(self.here()).into())
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// How and when the person proved last, in this session, who they are.
    pub fn confirmed(&self) -> Option<Confirmed> {
        self.confirmed
    }

    /// By what the session was opened.
    pub fn ways(&self) -> &Ways {
        &self.ways
    }

    /// The path of this request.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The raw query string.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// What the browser calls itself.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// Where the request comes from, for signing in.
    pub fn origin(&self) -> Origin {
        Origin {
            address: self.site.client.clone(),
            network: self.site.neighbourhood(),
            agent: self.agent.clone(),
            device: self.device.clone(),
        }
    }

    /// Whether only a part of the page is asked for.
    pub fn wants_fragment(&self) -> bool {
        self.fragment
    }

    /// What waits for the company of the URL, as far as the person may open it; what has waited longest comes first.
    /// Nothing where no page is asked for.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|w| places::open_to(&self.actor, &w.kind).is_some())
    }

    /// Path and query of this request.
    pub fn here(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// A path in the company of the URL: `/requests` gives `/VA-123-456/requests`.
    pub fn url(&self, path: &str) -> String {
        match self.actor.seat() {
            Some(seat) => format!("/{}{path}", seat.account),
            None => path.to_owned(),
        }
    }

    /// Reads on one snapshot.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Actor) -> db::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (db, actor, counter) = (self.services.db.clone(), self.actor.clone(), self.statements.clone());
        Ok(web::block(move || counter.count(|| db.read(|tx| work(tx, &actor)))).await??)
    }

    /// Acts in one transaction, once per form, and sends the person on.
    pub async fn act(
        &self,
        form: &Posted,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<Answer> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        let answer = self.answer(form, work).await?;
        self.go(answer)
    }

    /// As [`Ctx::act`]. If that is refused, `again` shows the page once more with this status, and what is wrong beside its fields.
    pub async fn act_or(
        &self,
        form: &Posted,
        again: impl AsyncFnOnce(StatusCode, Error) -> Result<HttpResponse, Error>,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<Answer> + Send + 'static,
    ) -> Result<HttpResponse, Error> {
        match self.act(form, work).await {
            Ok(response) => Ok(response),
            Err(error) => again(StatusCode::UNPROCESSABLE_ENTITY, error).await,
        }
    }

    /// As [`Ctx::act`], giving the answer instead of sending it: for forms that are shown again with their errors.
    pub async fn answer(
        &self,
        form: &Posted,
        work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<Answer> + Send + 'static,
    ) -> Result<Answer, Error> {
        let (db, actor, once, counter) =
            (self.services.db.clone(), self.actor.clone(), form.once().cloned(), self.statements.clone());
        let answer = web::block(move || {
            counter.count(|| db.write(|tx| idempotency::once(tx, &actor, once.as_ref(), |tx| work(tx, &actor))))
        })
        .await??;
        self.services.wake_workers();
        crate::crash::point("web.after-commit");
        Ok(answer)
    }

    /// Whether this form was answered before: then it is not to be refused for what it has done itself.
    pub async fn was_answered(&self, form: &Posted) -> Result<bool, Error> {
        let Some(once) = form.once().cloned() else { return Ok(false) };
        self.read(move |tx, actor| idempotency::is_answered(tx, actor, &once)).await
    }

    /// Sends the person where an answer says, with its message for the next page.
    pub fn go(&self, answer: Answer) -> Result<HttpResponse, Error> {
        let mut response = HttpResponse::build(StatusCode::from_u16(answer.status).unwrap_or(StatusCode::SEE_OTHER));
        if let Some(text) = answer.flash {
            response.cookie(super::flash::cookie(&text, self.site.https));
        }
        if let Some(location) = answer.location {
            response.insert_header((header::LOCATION, location));
        }
        Ok(response.finish())
    }
}

impl FromRequest for Ctx {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let mut services = req
                .app_data::<web::Data<Services>>()
                .ok_or_else(|| super::error::broken(&"the program was set up without services"))?
                .as_ref()
                .clone();
            services.db = services.db.asked_from(super::site::came_from(&req));
            super::guard::names_nothing(req.path())?;
            let site = req.extensions().get::<Site>().cloned().ok_or_else(|| super::error::broken(&"no site"))?;
            let session = req.get_session();
            let statements = Statements::of(&req);
            let fits = session.get::<String>(HOST).ok().flatten().is_none_or(|host| host == site.host);
            let user = session.get::<String>(PERSON).ok().flatten().filter(|_| fits).and_then(|id| UserId::parse(&id));
            let fragment = req.headers().contains_key("hx-request");
            let is_page = !fragment && req.method().is_safe();
            let account = req.match_info().get("account").map(str::to_owned);
            let (person, waiting) = match user {
                None => (None, vec![]),
                Some(id) => {
                    let (db, counter) = (services.db.clone(), statements.clone());
                    let looks_at = account.clone().filter(|_| is_page);
                    let read = move |tx: &mut Tx<'_>| accounts::actions::visitor(tx, &id, looks_at.as_deref());
                    let found = web::block(move || counter.count(|| db.read(read))).await??;
                    found.map_or_else(|| (None, vec![]), |(person, waiting)| (Some(person), waiting))
                }
            };
            let confirmed = Confirmed::of(&session);
            let ways = session.get::<Ways>(WAYS).ok().flatten().unwrap_or_default();
            let person = person.map(|person| person.as_far_as(&ways));
            let device = device::of(&req, site.https);
            let mut ctx = Self {
                services,
                device,
                site,
                session,
                person,
                actor: Actor::Guest { object: String::new() },
                path: req.path().to_owned(),
                query: req.query_string().to_owned(),
                theme: Theme::of(&req),
                density: Density::of(&req),
                language: language(&req),
                agent: req
                    .headers()
                    .get(header::USER_AGENT)
                    .and_then(|v| v.to_str().ok())
                    .unwrap_or_default()
                    .to_owned(),
                message: super::flash::message(&req),
                statements,
                fragment,
                confirmed,
                ways,
                waiting,
                failed: Cell::new(StatusCode::OK),
                operates: false,
            };
            let endpoint = req.app_data::<web::Data<Arc<Vec<Endpoint>>>>().and_then(|table| find(table, &req));
            let seated = ctx.take_seat(endpoint, account.as_deref()).and_then(|()| {
                let table = req.app_data::<web::Data<Arc<Vec<Endpoint>>>>();
                confirm::check(&ctx, endpoint, table.map_or(&[], |t| t.as_slice()))
            });
            let seated = match seated {
                Err(error) => Err(ctx.closed(account.as_deref()).await?.map_or(error, Error::from)),
                Ok(()) => Ok(()),
            };
            let shell = Shell { page: ctx.page("Causeway"), reader: ctx.reader() };
            req.extensions_mut().insert(shell);
            seated.map(|()| ctx)
        })
    }
}

/// The first language that the browser asks for.
fn language(req: &HttpRequest) -> String {
    let wanted = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("en");
    wanted.split([',', ';']).next().unwrap_or("en").trim().to_owned()
}

fn find<'t>(table: &'t [Endpoint], req: &HttpRequest) -> Option<&'t Endpoint> {
    let pattern = req.match_pattern()?;
    let method = if req.method() == Method::HEAD { &Method::GET } else { req.method() };
    table.iter().find(|e| e.path == pattern && e.method == *method)
}

impl Ctx {
    /// Becomes the actor that the URL asks for, if the person may.
    fn take_seat(&mut self, endpoint: Option<&Endpoint>, account: Option<&str>) -> Result<(), Error> {
        let who = endpoint.map(|e| e.who);
        if matches!(who, None | Some(Who::Anyone | Who::Guest)) {
            return Ok(());
        }
        let person = self.signed_in()?;
        let Some(account) = account else {
            // On pages that belong to no company, people do things as themselves.
            self.actor = Actor::Guest { object: person.id.to_string() };
            return Ok(());
        };
        let Some(member) = person.member_of(account) else {
            // Whom a provider alone vouches for is not told which other companies there are.
            return Err(match self.ways.foreign {
                true => confirm::by_own(self, endpoint),
                false => Refusal::not_found("account", account).into(),
            });
        };
        match self.ways.opens(member) {
            Opens::Yes => {}
            Opens::Own => return Err(confirm::by_own(self, endpoint)),
            Opens::Provider(_) => return Err(Cause::SingleSignOn(accounts::sign_on_path(account, &self.here())).into()),
        }
        if !member.addresses.allow(&self.site.client) {
            return Err(accounts::actions::not_from(Acl::Users, &member.name, &self.site.client).into());
        }
        if person.must_set_up(account) && !self.ways.two_factors_in(member) {
            let next: String = url::form_urlencoded::byte_serialize(self.here().as_bytes()).collect();
            return Err(Cause::SetUp(format!("{}?next={next}", accounts::FACTORS_PATH)).into());
        }
        let operates = member.operates;
        let actor = Actor::Person { user: person.id.clone(), name: person.name.clone(), seat: member.seat() };
        if let Some(endpoint) = endpoint {
            if matches!(endpoint.who, Who::Operator(..)) && !operates {
                return Err(Refusal::not_found("page", &self.path).into());
            }
            crate::rest::may(&actor, endpoint)?;
        }
        self.actor = actor;
        self.operates = operates;
        Ok(())
    }

    /// Why a member of a closed company finds nothing there: also whoever has just closed it, was not told so because the
    /// answer was lost, and asks again.
    async fn closed(&self, account: Option<&str>) -> Result<Option<Refusal>, Error> {
        let (Some(person), Some(account)) = (&self.person, account) else { return Ok(None) };
        if self.ways.foreign || person.member_of(account).is_some() {
            return Ok(None);
        }
        let (user, account) = (person.id.clone(), account.to_owned());
        self.read(move |tx, _| accounts::actions::is_closed(tx, &user, &account)).await
    }

    /// Whether this session opens a company of the person, from where they come.
    pub fn may_enter(&self, member: &Membership) -> bool {
        let opens = member.addresses.allow(&self.site.client) && self.ways.opens(member) == Opens::Yes;
        let lacks_factor = self.person.as_ref().is_some_and(|p| p.must_set_up(member.account.as_str()));
        opens && (!lacks_factor || self.ways.two_factors_in(member))
    }

    /// This page in a company of the reader that may see the object, the one worked in last if it may.
    pub(super) async fn where_seen(&self, kind: &'static str, id: &str) -> Result<Option<String>, Error> {
        let person = self.signed_in()?;
        let open = person.memberships.iter().filter(|m| self.may_enter(m));
        let mut seats: Vec<AccountId> = open.map(|m| m.account.clone()).collect();
        seats.sort_by_key(|account| person.last_account.as_deref() != Some(account.as_str()));
        let id = id.to_owned();
        let seen = self
            .read(move |tx, _| {
                let seen = db::party::all(tx, kind, &id)?;
                Ok(seats.into_iter().find(|account| seen.iter().any(|(party, _)| party == account)))
            })
            .await?;
        Ok(seen.map(|account| format!("/{account}{}", self.here())))
    }

    /// Refuses with one sentence about one field of a form.
    pub fn wrong(field: &str, text: Text) -> Error {
        Refusal::field(field, text).into()
    }
}

//! What stands round every page: the menu of the portal, the accounts to switch to, the reader; and how pages and
//! errors are rendered in it.

use std::collections::HashMap;
use std::sync::OnceLock;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;

use super::ctx::Ctx;
use super::endpoint::Who as EndpointWho;
use super::error::{Cause, Error};
use super::form::Form;
use super::layout::{self, Account, Flash, MenuEntry, MenuSection, Page, Portal, SHOWN_ACCOUNTS, Who};
use super::posted::Posted;
use super::site::Site;
use super::state::{State, StatePage};
use super::status::Tone;
use super::theme::{Density, Theme};
use super::{flash, tell};
use crate::flows::accounts::model::{Membership, Person};
use crate::kit::locale::Reader;
use crate::kit::{Actor, Code, FieldProblem, Refusal, Role, Seat, Text};

/// One entry of the menu as data: label, icon, path, key, and the kind of objects that wait there. Who may open it is said
/// by its route.
type Entry = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

const MENU: &[(&str, &[Entry])] = &[
    (
        "Sell",
        &[
            ("Products", "package", "/products", Some("p"), None),
            ("Listings", "building-store", "/listings", Some("l"), Some("listing_request")),
            ("Marketplaces", "world", "/marketplaces", Some("m"), None),
        ],
    ),
    (
        "Operate",
        &[
            ("Fulfillment", "inbox", "/requests", Some("f"), Some("request")),
            ("Subscriptions", "repeat", "/subscriptions", Some("s"), None),
            ("Usage", "chart-bar", "/usage", Some("u"), Some("usage_file")),
            ("Customers", "users", "/customers", Some("c"), None),
        ],
    ),
    (
        "Work together",
        &[
            ("Partners", "heart-handshake", "/partners", Some("r"), None),
            ("Contracts", "writing-sign", "/contracts", Some("t"), Some("contract")),
            ("Agreements", "affiliate", "/agreements", Some("a"), None),
            ("Integrations", "plug-connected", "/tokens", Some("i"), None),
            ("Account", "settings", "/account", None, None),
        ],
    ),
    ("Run", &[("Operator", "server", "/operator", None, None)]),
];

/// What a company of a role has no use for, although its routes would let it in.
const NOT_FOR: &[(&str, &[Role])] = &[
    ("/products", &[Role::Reseller]),
    ("/listings", &[Role::Reseller]),
    ("/marketplaces", &[Role::Vendor]),
    ("/usage", &[Role::Reseller]),
    ("/customers", &[Role::Vendor]),
];

fn portal(role: Role) -> Portal {
    match role {
        Role::Vendor => Portal::Vendor,
        Role::Distributor => Portal::Distributor,
        Role::Reseller => Portal::Reseller,
    }
}

/// Pages that belong to an entry without standing below it.
const PARTS: &[(&str, &str)] = &[
    ("/hubs", "/marketplaces"),
    ("/forms", "/agreements"),
    ("/users", "/account"),
    ("/groups", "/account"),
    ("/audit", "/account"),
    ("/sub-accounts", "/account"),
    ("/orders", "/requests"),
];

/// Whether somebody at a seat may open the page of a company at a path: the menu leads nowhere else.
fn opens(seat: &Seat, operates: bool, path: &str) -> bool {
    static PAGES: OnceLock<HashMap<String, EndpointWho>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| {
        crate::routes::pages().iter().filter(|e| e.method == Method::GET).map(|e| (e.path.to_owned(), e.who)).collect()
    });
    if NOT_FOR.iter().any(|(to, roles)| *to == path && roles.contains(&seat.role)) {
        return false;
    }
    match pages.get(&format!("/{{account}}{path}")) {
        Some(EndpointWho::Member(module, level)) => seat.permissions.holds(*module, *level),
        Some(EndpointWho::Only(roles, module, level)) => {
            roles.contains(&seat.role) && seat.permissions.holds(*module, *level)
        }
        Some(EndpointWho::AnyMember) => true,
        Some(EndpointWho::Operator(module, level)) => operates && seat.permissions.holds(*module, *level),
        _ => false,
    }
}

fn menu(seat: &Seat, operates: bool, path: &str, waiting: &HashMap<&str, u64>) -> Vec<MenuSection> {
    let base = format!("/{}", seat.account);
    let here = path.strip_prefix(&base).unwrap_or(path);
    let home = MenuEntry::new("Home", "home", base.clone()).current(here.is_empty() || here == "/").key("h");
    let mut sections = vec![MenuSection { title: None, entries: vec![home] }];
    for (title, entries) in MENU {
        let entries: Vec<MenuEntry> = entries
            .iter()
            .filter(|(_, _, to, ..)| opens(seat, operates, to))
            .map(|(label, icon, to, key, kind)| {
                let within =
                    |to: &str| here.strip_prefix(to).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                let current = within(to) || PARTS.iter().any(|(part, of)| of == to && within(part));
                let count = kind.and_then(|kind| waiting.get(kind)).copied().unwrap_or_default();
                let entry = MenuEntry::new(*label, icon, format!("{base}{to}")).current(current).waiting(count);
                match key {
                    Some(key) => entry.key(key),
                    None => entry,
                }
            })
            .collect();
        if !entries.is_empty() {
            sections.push(MenuSection { title: Some(Text::new(title)), entries });
        }
    }
    sections
}

/// The frame and the reader of one request, kept for error pages.
#[derive(Clone)]
pub struct Shell {
    pub(super) page: Page,
    pub(super) reader: Reader,
}

impl Ctx {
    /// Whose menu stands beside the page: that of the company of the URL; on the person's own pages, of the one they worked
    /// in last.
    fn frame(&self, person: &Person) -> Option<Seat> {
        match self.actor() {
            Actor::Guest { object } if *object == *person.id.as_str() => {
                person.home(&self.site().client).map(Membership::seat)
            }
            actor => actor.seat().cloned(),
        }
    }

    /// The frame of a page with this title.
    pub fn page(&self, title: impl Into<Text>) -> Page {
        let mut page = Page::new(title, self.here());
        self.site().dress(&mut page);
        page.theme = self.theme;
        page.density = self.density;
        if let Some(person) = self.person() {
            page.who = Some(Who { name: person.name.clone(), email: person.email.clone(), icon: person.icon.clone() });
            if let Some(seat) = &self.frame(person) {
                let own = person.member_of(seat.account.as_str());
                page.account = Some(Account {
                    id: seat.account.to_string(),
                    name: seat.name.clone(),
                    portal: portal(seat.role),
                    icon: own.and_then(|m| m.icon.clone()),
                });
                let mut waiting: HashMap<&str, u64> = HashMap::new();
                for what in self.waiting() {
                    *waiting.entry(&what.kind).or_default() += u64::try_from(what.number).unwrap_or_default();
                }
                page.menu = menu(seat, self.operates(), self.path(), &waiting);
                page.others = person
                    .memberships
                    .iter()
                    .filter(|m| m.account != seat.account)
                    .take(SHOWN_ACCOUNTS)
                    .map(|m| Account {
                        id: m.account.to_string(),
                        name: m.name.clone(),
                        portal: portal(m.role),
                        icon: m.icon.clone(),
                    })
                    .collect();
                let all = person.memberships.len();
                page.accounts = (all > SHOWN_ACCOUNTS + 1).then_some(all);
            }
        }
        page.flash = self.message.as_ref().map(|text| Flash { tone: Tone::Ok, text: text.clone(), undo: None });
        page
    }

    /// The language, zone and present moment of the person.
    pub fn reader(&self) -> Reader {
        let now = self.services().clock.now();
        match self.person() {
            Some(p) => {
                let locale = p.locale.as_deref().unwrap_or(&self.language);
                Reader::new(locale, p.timezone.as_deref().unwrap_or("UTC"), now).dates(p.dates)
            }
            None => Reader::new(&self.language, "UTC", now),
        }
    }

    /// Renders a page.
    pub fn render(&self, template: &impl Template) -> Result<HttpResponse, Error> {
        // Where a list could not be loaded, the rest of its page is shown; nobody is told that all is well.
        self.render_as(self.failed.get(), template)
    }

    /// Renders a page with another status than 200.
    pub fn render_as(&self, status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
        let mut response = layout::answer(status, template, &self.reader()).map_err(|e| super::error::broken(&e))?;
        if self.message.is_some() {
            // It is shown now, and only once; a cookie that cannot be removed dies within a minute.
            let _ = response.add_removal_cookie(&flash::gone());
        }
        Ok(response)
    }

    /// A form that posts to `action`, with a fresh key, so that sending it twice does it once.
    pub fn form(&self, action: impl Into<String>, submit: impl Into<Text>) -> Form {
        Form::post(action, submit).idempotency_key(crate::kit::Secret::generate().reveal())
    }
}

/// Puts what was typed back into a form and says beside the fields what was wrong. Gives the refusal back if it is not
/// about values: not found, forbidden.
pub fn explain(form: &mut Form, typed: &Posted, error: Error) -> Result<(), Error> {
    let Cause::Refused(refusal) = &error.cause else { return Err(error) };
    if !matches!(refusal.code, Code::Invalid | Code::WrongState | Code::Conflict | Code::TooMany) {
        return Err(error);
    }
    form.fill_pairs(&typed.pairs().collect::<Vec<_>>());
    let errors: Vec<(&str, Text)> =
        refusal.problems.iter().map(|p: &FieldProblem| (p.field.as_str(), p.text.clone())).collect();
    form.errors(&errors);
    Ok(())
}

/// Renders the errors of pages in the portal's frame.
pub async fn error_pages(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let res = next.call(req).await?;
    let page = res.response().error().and_then(|e| e.as_error::<Error>()).and_then(|error| {
        let shell = res.request().extensions().get::<Shell>().cloned();
        error_page(error, shell.unwrap_or_else(|| bare(res.request())))
    });
    Ok(match page {
        Some(page) => {
            let (req, _) = res.into_parts();
            ServiceResponse::new(req, page).map_into_right_body()
        }
        None => res.map_into_left_body(),
    })
}

/// The frame of a request of which nothing else is known.
fn bare(req: &HttpRequest) -> Shell {
    let mut page = Page::new("Causeway", req.path());
    if let Some(site) = req.extensions().get::<Site>() {
        site.dress(&mut page);
    }
    page.theme = Theme::of(req);
    page.density = Density::of(req);
    Shell { page, reader: Reader::plain() }
}

/// The page that tells an error before anybody is known who could read it.
pub(super) fn refuse(req: &HttpRequest, error: &Error) -> HttpResponse {
    error_page(error, bare(req)).unwrap_or_else(|| error.page())
}

fn error_page(error: &Error, shell: Shell) -> Option<HttpResponse> {
    let home = shell.page.account.as_ref().map_or_else(|| "/".to_owned(), |a| format!("/{}", a.id));
    let here = shell.page.path.clone();
    let state = match &error.cause {
        Cause::SignIn(_) | Cause::SetUp(_) | Cause::SingleSignOn(_) | Cause::Confirm { .. } => return None,
        Cause::Broken(number) => State::failed(here, number.clone()),
        Cause::Refused(refusal) => refused(refusal, home, here),
    };
    let page = StatePage::new(shell.page, state);
    match layout::answer(actix_web::ResponseError::status_code(error), &page, &shell.reader) {
        Ok(mut response) => {
            if let Cause::Refused(refusal) = &error.cause
                && let Some(wait) = retry_after(refusal)
            {
                response.headers_mut().insert(header::RETRY_AFTER, wait);
            }
            Some(response)
        }
        Err(e) => {
            tracing::error!(error = %e, "the error page could not be rendered");
            None
        }
    }
}

/// The seconds after which to try again, for the header that says it.
pub(crate) fn retry_after(refusal: &Refusal) -> Option<HeaderValue> {
    let (_, seconds) = refusal.params.iter().find(|(name, _)| *name == "retry_after")?;
    HeaderValue::from_str(seconds).ok()
}

fn refused(refusal: &Refusal, home: String, here: String) -> State {
    let text = tell(refusal);
    match refusal.code {
        Code::NotFound => {
            let mut state = State::not_found(home);
            state.text = text;
            state
        }
        Code::Forbidden => State::not_allowed(text, home),
        Code::TooMany => State::too_many(text),
        Code::TooSlow => State::too_slow(text, here),
        Code::Invalid | Code::WrongState | Code::Conflict | Code::TooLarge => {
            let mut state = State::not_allowed(text, home);
            state.title = Text::new("That could not be done");
            state
        }
    }
}

//! The own second factors: what there is, setting up, removing, recovery codes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::second::{at_place, place, see, told, wrong_status};
use crate::flows::accounts::FACTORS_PATH;
use crate::flows::accounts::actions::{self, Place, SetUp, passkeys};
use crate::flows::accounts::model::Proof;
use crate::flows::accounts::model::factors::RECOVERY_CODES;
use crate::flows::accounts::store::{self, Factors};
use crate::kit::{Actor, Refusal, Text, UserId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::form::{Field, Form, Width};
use crate::web::frames::{FormPage, Section};
use crate::web::layout::{Crumb, PROFILE, Page};
use crate::web::part::Part;
use crate::web::parts::{Head, Notice};
use crate::web::passkey::{PasskeyForm, QrPicture};
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain, signing, theme};

const APP_PATH: &str = "/profile/security/app";
const APP_REMOVE_PATH: &str = "/profile/security/app/remove";
const PASSKEY_PATH: &str = "/profile/security/passkeys/new";
const PASSKEY_REMOVE_PATH: &str = "/profile/security/passkeys/remove";
const CODES_PATH: &str = "/profile/security/codes";

/// Where to go on afterwards, and which passkey is meant.
#[derive(Default, Deserialize)]
pub struct Wanted {
    next: Option<String>,
    passkey: Option<String>,
}

impl Wanted {
    fn next(&self) -> &str {
        theme::own_path(self.next.as_deref().unwrap_or(FACTORS_PATH))
    }
}

fn with_next(path: &str, next: &str) -> String {
    if next == FACTORS_PATH {
        return path.to_owned();
    }
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

fn page(ctx: &Ctx, title: &'static str) -> Page {
    ctx.page(title)
        .crumb(Crumb::link("Profile", PROFILE))
        .crumb(Crumb::link("Security", FACTORS_PATH))
        .crumb(Crumb::here(title))
}

/// The factors of whoever is signed in.
pub(super) async fn own_factors(ctx: &Ctx) -> Result<Factors, Error> {
    let user = ctx.signed_in()?.id.clone();
    ctx.read(move |tx, _| store::factors(tx, &user)).await
}

/// What the page about signing in says of factors: what is to be known first, and a section of each kind.
pub(super) async fn sections(ctx: &Ctx, wanted: &Wanted) -> Result<(Vec<Notice>, Vec<Section>), Error> {
    let factors = own_factors(ctx).await?;
    let next = wanted.next();
    let sections = vec![app_section(&factors, next), passkey_section(ctx, &factors, next), codes_section(&factors)];
    Ok((notices(ctx, &factors, next)?, sections))
}

fn notices(ctx: &Ctx, factors: &Factors, next: &str) -> Result<Vec<Notice>, Error> {
    let person = ctx.signed_in()?;
    let mut notices = vec![];
    let wanted = next.split(['/', '?']).nth(1).filter(|account| person.must_set_up(account));
    if let Some(member) = wanted.and_then(|account| person.member_of(account)) {
        let text = Text::new("Set one up here, then go on. Your other accounts can be used meanwhile.");
        let title = Text::new("{account} requires a second factor.").arg("account", &member.name);
        notices.push(Notice::new(text).title(title).tone(Tone::Warn));
    } else if let Some(account) = person.required_by().next().filter(|_| !factors.any()) {
        let text = Text::new("{account} requires a second factor. Set one up to work there.");
        notices.push(Notice::new(text.arg("account", account)).tone(Tone::Warn));
    }
    if factors.any() && factors.codes_left < 3 {
        let text = Text::new(
            "{left|One recovery code is|{left} recovery codes are} left. Make new ones before you need them.",
        );
        notices.push(Notice::new(text.arg("left", factors.codes_left)).tone(Tone::Warn));
    }
    Ok(notices)
}

fn app_section(factors: &Factors, next: &str) -> Section {
    let section = Section::new("Authenticator app");
    match &factors.app {
        Some(app) => {
            let row = Row::new(
                "app",
                vec![
                    Cell::text("Authenticator app").strong(),
                    Cell::status(Status::good("Set up")),
                    Cell::time(app.created_at),
                    Cell::maybe(app.used_at, Cell::time),
                    Cell::part(Buttons(vec![
                        Button::link("Replace…", with_next(APP_PATH, next)).small(),
                        Button::link("Remove…", APP_REMOVE_PATH).small(),
                    ])),
                ],
            );
            let columns = vec![
                Column::new("name", "Factor").grows(),
                Column::new("status", "Status"),
                Column::new("created", "Added"),
                Column::new("used", "Last used"),
                Column::new("actions", "Actions"),
            ];
            section.part(Boxed::new("Authenticator app", columns, vec![row]))
        }
        None => section
            .words("An app on your phone or in your password manager shows a new code every thirty seconds.")
            .part(Buttons(vec![Button::link("Set up an app…", with_next(APP_PATH, next)).primary()])),
    }
}

fn passkey_section(ctx: &Ctx, factors: &Factors, next: &str) -> Section {
    let mut section = Section::new("Passkeys");
    if factors.passkeys.is_empty() {
        section = section.words(
            "A passkey lives in your device, password manager or security key. It signs you in without a password, and nobody can \
             get it from you by a false page.",
        );
    } else {
        let rows = factors.passkeys.iter().map(|p| {
            let remove = format!("{PASSKEY_REMOVE_PATH}?passkey={}", p.id);
            let about = Text::data(&p.name);
            Row::new(
                &p.id,
                vec![
                    Cell::data(&p.name).strong(),
                    Cell::data(&p.host),
                    Cell::time(p.created_at),
                    Cell::maybe(p.used_at, Cell::time),
                    Cell::part(Buttons(vec![Button::link("Remove…", remove).about(about).small()])),
                ],
            )
        });
        let columns = vec![
            Column::new("name", "Passkey").grows(),
            Column::new("host", "For").at(Narrow::Hidden),
            Column::new("created", "Added"),
            Column::new("used", "Last used"),
            Column::new("actions", "Actions"),
        ];
        section = section.part(Boxed::new("Passkeys", columns, rows.collect()));
    }
    match passkeys::not_here(&place(ctx)) {
        Some(reason) => section.part(Notice::new(reason)),
        None => {
            let button = Button::link("Add a passkey…", with_next(PASSKEY_PATH, next));
            let button = if factors.any() { button } else { button.primary() };
            section.part(Buttons(vec![button]))
        }
    }
}

fn codes_section(factors: &Factors) -> Section {
    let section = Section::new("Recovery codes");
    if !factors.any() {
        return section.words("You get them with your first factor: codes to write down, for the day when it is lost.");
    }
    let left = Text::new("{left} of {all} codes are left. Each lets you in once, in place of the other factors.");
    section
        .words(left.arg("left", factors.codes_left).arg("all", RECOVERY_CODES))
        .part(Buttons(vec![Button::link("Make new codes…", CODES_PATH)]))
}

/// Buttons beside each other.
#[derive(askama::Template)]
#[template(ext = "html", source = r#"<div class="actions">{% for button in self.0 %}{{ button }}{% endfor %}</div>"#)]
struct Buttons(Vec<Button>);

// ---- the authenticator app ----

fn app_page(
    ctx: &Ctx,
    status: StatusCode,
    set_up: &SetUp,
    next: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let mut form = ctx
        .form(APP_PATH, "Set up")
        .hidden("set_up", &set_up.sealed)
        .hidden("next", next)
        .field(
            Field::text("code", "Code")
                .hint("Six digits that the app shows now.")
                .autocomplete("one-time-code")
                .width(Width::Small),
        )
        .cancel(with_next(FACTORS_PATH, next));
    if let Some((error, posted)) = wrong {
        explain(&mut form, &posted.without("code"), error)?;
    }
    let mut shown = FormPage::new(page(ctx, "Set up an authenticator app"), form);
    shown.head =
        shown.head.lede("Read the picture with the app, or type the key into it. Then type the code that it shows.");
    if let Some(picture) = QrPicture::new(&set_up.address) {
        shown.parts.push(Part::new(picture));
    }
    shown.parts.push(Part::new(Key { key: set_up.secret.clone() }));
    ctx.render_as(status, &shown)
}

/// The key of an app, to be typed.
#[derive(askama::Template)]
#[template(
    ext = "html",
    source = r#"<p>{{ "Key"|t }}: <code class="id">{{ key }}</code></p><p class="muted">{{ "Kind of code: by time, six digits, every thirty seconds. Keep the key to yourself: it is not shown again."|t }}</p>"#
)]
struct Key {
    key: String,
}

/// Shows the secret of a new app.
pub async fn app(ctx: Ctx, wanted: web::Query<Wanted>) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?;
    let set_up = actions::begin_app(&place(&ctx), &person.id, &person.email, ctx.services().clock.now())?;
    app_page(&ctx, StatusCode::OK, &set_up, wanted.next(), None)
}

/// Keeps the app by its first code.
pub async fn do_app(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = Wanted { next: Some(posted.get("next").to_owned()), passkey: None };
    let (sealed, code) = (posted.get("set_up").to_owned(), posted.get("code").to_owned());
    let add = move |tx: &mut crate::db::Tx<'_>, place: &Place<'_>, whose: (&UserId, &str)| {
        actions::add_app(tx, place, whose, &sealed, &code)
    };
    match added(&ctx, (Proof::App, next.next()), add).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let person = ctx.signed_in()?;
            let now = ctx.services().clock.now();
            let sealed = posted.get("set_up");
            let set_up = match actions::app_again(&place(&ctx), &person.id, &person.email, sealed, now) {
                Some(set_up) => set_up,
                None => actions::begin_app(&place(&ctx), &person.id, &person.email, now)?,
            };
            app_page(&ctx, wrong_status(&error), &set_up, next.next(), Some((error, &posted)))
        }
    }
}

/// Adds a factor, by which this session is confirmed then. Recovery codes are shown in this answer and kept nowhere.
async fn added(
    ctx: &Ctx,
    (proof, next): (Proof, &str),
    add: impl Fn(&mut crate::db::Tx<'_>, &Place<'_>, (&UserId, &str)) -> crate::db::Result<Vec<String>> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let (user, session) = (ctx.signed_in()?.id.clone(), signing::handle(ctx));
    let codes = at_place(ctx, move |db, place| db.write(|tx| add(tx, place, (&user, &session)))).await?;
    ctx.services().wake.notify_one();
    signing::confirm(ctx, proof)?;
    if codes.is_empty() {
        return ctx.go(Answer::go(next).flash(Text::new("Your second factors were changed.")));
    }
    codes_page(ctx, codes, next)
}

#[derive(askama::Template)]
#[template(path = "accounts/codes.html")]
struct CodesPage {
    page: Page,
    codes: Vec<String>,
    all: String,
    form: Form,
}

fn codes_page(ctx: &Ctx, codes: Vec<String>, next: &str) -> Result<HttpResponse, Error> {
    let all = codes.join("\n");
    let form = Form::get(next, "I have kept the codes");
    ctx.render(&CodesPage { page: page(ctx, "Recovery codes"), codes, all, form })
}

// ---- passkeys ----

/// Asks for a passkey.
pub async fn new_passkey(ctx: Ctx, wanted: web::Query<Wanted>) -> Result<HttpResponse, Error> {
    passkey_page(&ctx, StatusCode::OK, wanted.next(), None).await
}

#[derive(askama::Template)]
#[template(path = "accounts/new_passkey.html")]
struct NewPasskeyPage {
    page: Page,
    head: Head,
    notice: Option<Notice>,
    passkey: Option<PasskeyForm>,
}

async fn passkey_page(
    ctx: &Ctx,
    status: StatusCode,
    next: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?;
    let (user, name, email) = (person.id.clone(), person.name.clone(), person.email.clone());
    let question =
        at_place(ctx, move |db, place| db.read(|tx| passkeys::ask_to_register(tx, place, &user, (&name, &email))))
            .await?;
    let mut page = page(ctx, "Add a passkey");
    let passkey = match question {
        Some(question) => {
            let mut form = Form::post(PASSKEY_PATH, "Add")
                .hidden("next", next)
                .field(
                    Field::text("name", "Name")
                        .hint("To tell it from others: the device or password manager that keeps it."),
                )
                .cancel(with_next(FACTORS_PATH, next));
            if let Some((error, posted)) = wrong {
                explain(&mut form, posted, error)?;
            }
            page.wrong = form.is_wrong();
            Some(PasskeyForm::create(&question.options, &question.state, form))
        }
        None => None,
    };
    let head = Head::new("Add a passkey").lede("Give it a name; then your browser asks where to keep it.");
    let notice = passkeys::not_here(&place(ctx)).map(Notice::new);
    ctx.render_as(status, &NewPasskeyPage { page, head, notice, passkey })
}

/// Keeps the passkey that answered.
pub async fn do_new_passkey(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let next = Wanted { next: Some(posted.get("next").to_owned()), passkey: None };
    let (name, answer) = (posted.get("name").to_owned(), told(&posted));
    let add = move |tx: &mut crate::db::Tx<'_>, place: &Place<'_>, whose: (&UserId, &str)| {
        actions::add_passkey(tx, place, whose, &name, &answer)
    };
    match added(&ctx, (Proof::Passkey, next.next()), add).await {
        Ok(response) => Ok(response),
        Err(error) => passkey_page(&ctx, wrong_status(&error), next.next(), Some((error, &posted))).await,
    }
}

// ---- removing, and new codes ----

/// A page that asks before something is done.
fn ask(
    ctx: &Ctx,
    (title, text, submit): (&'static str, Text, &'static str),
    (status, path, hidden): (StatusCode, &str, Option<(&str, &str)>),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let mut form = ctx.form(path, submit).cancel(FACTORS_PATH);
    if let Some((name, value)) = hidden {
        form = form.hidden(name, value);
    }
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(page(ctx, title), form);
    shown.head = shown.head.lede(text);
    ctx.render_as(status, &shown)
}

/// Does something with the own factors, once per form, and goes back to them.
async fn done(
    ctx: &Ctx,
    posted: &Posted,
    work: impl Fn(&mut crate::db::Tx<'_>, &UserId) -> crate::db::Result<()> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    ctx.act(posted, move |tx, _: &Actor| {
        work(tx, &user)?;
        Ok(Answer::go(FACTORS_PATH).flash(Text::new("Your second factors were changed.")))
    })
    .await
}

fn app_question() -> (&'static str, Text, &'static str) {
    let text = Text::new("Its codes work no longer. With your last factor your recovery codes go too.");
    ("Remove the authenticator app", text, "Remove")
}

/// Asks whether the app is to be removed.
pub async fn remove_app(ctx: Ctx) -> Result<HttpResponse, Error> {
    let factors = own_factors(&ctx).await?;
    if factors.app.is_none() {
        return Ok(see(FACTORS_PATH));
    }
    ask(&ctx, app_question(), (StatusCode::OK, APP_REMOVE_PATH, None), None)
}

/// Removes the app.
pub async fn do_remove_app(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    match done(&ctx, &posted, actions::remove_app).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let status = wrong_status(&error);
            ask(&ctx, app_question(), (status, APP_REMOVE_PATH, None), Some((error, &posted)))
        }
    }
}

async fn passkey_question(ctx: &Ctx, id: &str) -> Result<(&'static str, Text, &'static str), Error> {
    let factors = own_factors(ctx).await?;
    let passkey = factors.passkeys.into_iter().find(|p| p.id == id);
    let passkey = passkey.ok_or_else(|| Refusal::not_found("passkey", id))?;
    let text = Text::new(
        "{name} signs you in no longer. Delete it in your device or password manager too. With your last factor your recovery codes go too.",
    );
    Ok(("Remove a passkey", text.arg("name", passkey.name), "Remove"))
}

/// Asks whether a passkey is to be removed.
pub async fn remove_passkey(ctx: Ctx, wanted: web::Query<Wanted>) -> Result<HttpResponse, Error> {
    let id = wanted.passkey.clone().unwrap_or_default();
    let question = passkey_question(&ctx, &id).await?;
    ask(&ctx, question, (StatusCode::OK, PASSKEY_REMOVE_PATH, Some(("passkey", &id))), None)
}

/// Removes a passkey.
pub async fn do_remove_passkey(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let id = posted.get("passkey").to_owned();
    let removed = id.clone();
    match done(&ctx, &posted, move |tx, user| actions::remove_passkey(tx, user, &removed)).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let (status, question) = (wrong_status(&error), passkey_question(&ctx, &id).await?);
            ask(&ctx, question, (status, PASSKEY_REMOVE_PATH, Some(("passkey", &id))), Some((error, &posted)))
        }
    }
}

fn codes_question() -> (&'static str, Text, &'static str) {
    ("Make new recovery codes", Text::new("The codes that you have now work no longer."), "Make new codes")
}

/// Asks whether new codes are to be made.
pub async fn codes(ctx: Ctx) -> Result<HttpResponse, Error> {
    ctx.signed_in()?;
    ask(&ctx, codes_question(), (StatusCode::OK, CODES_PATH, None), None)
}

/// Makes new codes and shows them, once. They are kept in no answer: sent twice, the form makes newer ones.
pub async fn do_codes(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    let made = at_place(&ctx, move |db, _| db.write(|tx| actions::new_codes(tx, &user))).await;
    match made {
        Ok(codes) => {
            ctx.services().wake.notify_one();
            codes_page(&ctx, codes, FACTORS_PATH)
        }
        Err(error) => {
            let status = wrong_status(&error);
            ask(&ctx, codes_question(), (status, CODES_PATH, None), Some((error, &posted)))
        }
    }
}

/// Puts the hint on the home page away.
pub async fn do_later(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    let next = theme::own_path(posted.get("next")).to_owned();
    ctx.act(&posted, move |tx, _| {
        actions::later(tx, &user)?;
        Ok(Answer::go(&next))
    })
    .await
}

/// The hint that a company suggests a second factor; none for who has one or has put it away.
pub fn hint(ctx: &Ctx) -> Option<Notice> {
    let (person, seat) = (ctx.person()?, ctx.actor().seat()?);
    let member = person.member_of(seat.account.as_str())?;
    let suggested = member.factor_policy == crate::flows::accounts::model::factors::Policy::Suggested;
    if !suggested || person.has_factor || person.factor_later {
        return None;
    }
    let title = Text::new("{account} suggests a second factor.").arg("account", &member.name);
    let here = format!("/{}", seat.account);
    let later = Button::post("Not now", "/profile/security/later").field("next", &here).quiet();
    Some(
        Notice::new("With it, nobody gets in who only knows your password. It takes two minutes.")
            .title(title)
            .action(Button::link("Set one up", with_next(FACTORS_PATH, &here)))
            .action(later),
    )
}

//! Setting up and removing second factors, and the recovery codes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::factors::{
    APP_PATH, APP_REMOVE_PATH, CODES_PATH, PASSKEY_PATH, PASSKEY_REMOVE_PATH, Wanted, own_factors, with_next,
};
use super::second::{at_place, place, see, told, wrong_status};
use crate::flows::accounts::FACTORS_PATH;
use crate::flows::accounts::actions::{self, Place, SetUp, passkeys};
use crate::flows::accounts::model::Proof;
use crate::kit::{Actor, Refusal, Text, UserId};
use crate::web::filters;
use crate::web::form::{Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::layout::{Crumb, PROFILE, Page};
use crate::web::part::Part;
use crate::web::parts::{Head, Notice};
use crate::web::passkey::{PasskeyForm, QrPicture};
use crate::web::{Answer, Ctx, Error, Posted, explain, signing};

fn page(ctx: &Ctx, title: &'static str) -> Page {
    ctx.page(title)
        .crumb(Crumb::link("Profile", PROFILE))
        .crumb(Crumb::link("Security", FACTORS_PATH))
        .crumb(Crumb::here(title))
}

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
    ctx.services().wake_workers();
    signing::confirm(ctx, proof, &ctx.ways().clone().own())?;
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
            ctx.services().wake_workers();
            codes_page(&ctx, codes, FACTORS_PATH)
        }
        Err(error) => {
            let status = wrong_status(&error);
            ask(&ctx, codes_question(), (status, CODES_PATH, None), Some((error, &posted)))
        }
    }
}

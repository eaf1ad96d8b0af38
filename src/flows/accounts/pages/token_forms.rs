//! Forms of tokens: the wizard that makes one, what is said about it, what it may do.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::token_handles::{wants_handle, way_field};
use super::token_keys::{Made, at_fields, end_fields, end_of, make, named};
use super::tokens::{may_word, one, parsed};
use crate::flows::accounts::actions::{self, TokenWords};
use crate::flows::accounts::store::TokenRow;
use crate::kit::{Code, Level, Module, Permissions, Problems, Refusal, Text, Time};
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Width};
use crate::web::frames::{FormPage, WizardPage};
use crate::web::layout::Crumb;
use crate::web::steps::{Answer as Checked, Answers};
use crate::web::wizard::{Wizard, tell_step};
use crate::web::{Answer, Ctx, Error, Posted, explain};

const STEPS: &[&str] = &["General", "Permissions", "Expiry", "Check your answers"];

/// What each step asks.
const QUESTIONS: &[&str] =
    &["What program is it for?", "What may the program do?", "How long does its key work?", "Check your answers"];

/// The step on which a field is.
fn step_of(field: &str) -> usize {
    match field {
        "permissions" | "scope" => 2,
        f if f.starts_with("level.") => 2,
        "term" | "until" => 3,
        _ => 1,
    }
}

fn general_fields(words: &TokenWords) -> Vec<Field> {
    vec![
        Field::text("name", "Name").hint("For what program it is.").value(&words.name),
        Field::text("external_id", "External id")
            .hint("Your own number for it, if you have one.")
            .optional()
            .value(words.external_id.as_deref().unwrap_or_default()),
        Field::area("description", "Description").rows(2).optional().value(&words.description),
    ]
}

fn level_field(module: Module) -> String {
    format!("level.{module}")
}

/// A field for each module: the levels that somebody who holds `own` may give, and what the token `has` already.
fn level_fields(own: &Permissions, has: &Permissions) -> Vec<Field> {
    let field = |module: &Module| {
        let given = Level::ALL.iter().rev().find(|level| has.holds(*module, **level));
        let open = |level: &&Level| own.holds(*module, **level) || has.holds(*module, **level);
        let levels: Vec<&Level> = Level::ALL.iter().filter(open).collect();
        if levels.is_empty() {
            return None;
        }
        let mut choices = vec![Choice::new("none", "Nothing").selected(given.is_none())];
        choices.extend(levels.into_iter().map(|l| Choice::new(l.as_str(), may_word(*l)).selected(given == Some(l))));
        Some(Field::select(level_field(*module), module.title(), choices))
    };
    Module::ALL.iter().filter_map(field).collect()
}

fn scope_field() -> Field {
    let all = Choice::new("all", "All modules").hint("Everything that you may do yourself, as of now.");
    let some = Choice::new("some", "These modules").hint("Give no more than the program needs.").selected(true);
    Field::radios("scope", "Modules", vec![some, all])
}

/// What was chosen; words that are no levels are passed over, as nobody can choose them.
fn levels(posted: &Posted) -> Permissions {
    let mut wanted = Permissions::default();
    for module in Module::ALL {
        if let Some(level) = Level::parse(posted.get(&level_field(*module))) {
            wanted.grant(*module, level);
        }
    }
    wanted
}

fn wanted(posted: &Posted, own: &Permissions) -> Permissions {
    if posted.get("scope") == "all" { own.clone() } else { levels(posted) }
}

fn said(posted: &Posted) -> TokenWords {
    TokenWords {
        name: posted.get("name").to_owned(),
        description: posted.get("description").to_owned(),
        external_id: Some(posted.get("external_id").to_owned()).filter(|id| !id.is_empty()),
        expires_at: None,
    }
}

/// Everything that was answered.
fn answered(posted: &Posted, now: Time) -> Result<TokenWords, Refusal> {
    let mut problems = Problems::default();
    let expires_at = end_of(posted, now, &mut problems);
    problems.done().map(|()| TokenWords { expires_at, ..said(posted) })
}

fn own(ctx: &Ctx) -> Permissions {
    ctx.actor().seat().map(|seat| seat.permissions.clone()).unwrap_or_default()
}

/// A step of the wizard, as the address says.
pub async fn new_token(ctx: Ctx) -> Result<HttpResponse, Error> {
    let wizard = Wizard::new(ctx.url("/tokens/new"), STEPS, Posted::of_query(ctx.query()));
    let step = wizard.step();
    show(&ctx, &wizard, step, StatusCode::OK).await
}

/// What is wrong with the answers so far.
async fn wrong_answers(ctx: &Ctx, wizard: &Wizard) -> Result<Option<Refusal>, Error> {
    let (typed, own, now) = (wizard.typed().clone(), own(ctx), ctx.services().clock.now());
    let check = move |tx: &mut crate::flows::Tx<'_>, actor: &crate::kit::Actor| {
        let wanted = wanted(&typed, &own);
        let end = answered(&typed, now);
        let words = TokenWords { expires_at: end.as_ref().ok().and_then(|w| w.expires_at), ..said(&typed) };
        // What is wrong is told on its step; that is no failure of this page.
        let checked = actions::check_token(tx, actor, words, &wanted).map(drop).map_err(Error::from);
        Ok((checked, end.err()))
    };
    let (checked, end) = ctx.read(check).await?;
    match (checked, end) {
        (Err(Error { cause: Cause::Refused(mut r) }), end) if r.code == Code::Invalid => {
            r.problems.extend(end.into_iter().flat_map(|end| end.problems));
            Ok(Some(named(r)))
        }
        (Err(other), _) => Err(other),
        (Ok(()), end) => Ok(end),
    }
}

async fn show(ctx: &Ctx, wizard: &Wizard, asked: usize, status: StatusCode) -> Result<HttpResponse, Error> {
    let refusal = wrong_answers(ctx, wizard).await?;
    let wrong = refusal.as_ref().and_then(|r| wizard.wrong_step(r, asked, step_of));
    let step = wrong.unwrap_or(asked);
    let mut page = ctx
        .page("Create token")
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::here("Create token"));
    let steps = wizard.steps(step);
    if step == wizard.last_step() {
        let form = wizard.last(ctx, "Create token");
        page.wrong = status != StatusCode::OK;
        let mut shown = WizardPage::new(page, steps, "Check your answers", form);
        for part in answers(ctx, wizard) {
            shown = shown.part(part);
        }
        return ctx.render_as(status, &shown);
    }
    let fields = match step {
        1 => [general_fields(&TokenWords::default()), vec![way_field()]].concat(),
        2 => [vec![scope_field()], level_fields(&own(ctx), &Permissions::default())].concat(),
        _ => end_fields(None),
    };
    let mut form = wizard.form(step, fields);
    if let (Some(refusal), true) = (&refusal, wrong.is_some()) {
        tell_step(&mut form, refusal, step, step_of);
    }
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    let title = QUESTIONS.get(step - 1).copied().unwrap_or_default();
    ctx.render_as(status, &WizardPage::new(page, steps, title, form))
}

fn answers(ctx: &Ctx, wizard: &Wizard) -> Vec<Answers> {
    let typed = wizard.typed();
    let row = |step: usize, label: &'static str, cell: Cell| Checked::new(label, cell).change(wizard.href(step));
    let data = |name: &str| Cell::data(typed.get(name).trim()).wrap();
    let mut may: Vec<Checked> = wanted(typed, &own(ctx))
        .modules()
        .map(|(module, level)| row(2, module.title(), Cell::text(may_word(level))))
        .collect();
    if may.is_empty() {
        may.push(row(2, "Permissions", Cell::text("None: a program with this token can do nothing.").wrap()));
    }
    let end = answered(typed, ctx.services().clock.now()).ok().and_then(|words| words.expires_at);
    let way = if wants_handle(typed) { "An integration fetches it with a handle" } else { "You are shown it once" };
    vec![
        Answers::new(
            "General",
            vec![
                row(1, "Name", data("name")),
                row(1, "External id", data("external_id")),
                row(1, "Description", data("description")),
                row(1, "How the program gets its key", Cell::text(way).wrap()),
            ],
        ),
        Answers::new("Permissions", may),
        Answers::new("Expiry", vec![row(3, "Key ends", end.map_or_else(|| Cell::text("Never"), Cell::time_long))]),
    ]
}

/// Makes the token and shows its key, once.
pub async fn do_new_token(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (own, words) = (own(&ctx), answered(&posted, ctx.services().clock.now()));
    let done = match words {
        Err(refusal) => Err(refusal.into()),
        Ok(words) => {
            let wanted = wanted(&posted, &own);
            let handle = wants_handle(&posted);
            let work = move |tx: &mut crate::flows::Tx<'_>, actor: &crate::kit::Actor| match handle {
                true => actions::create_pending_token(tx, actor, words.clone(), &wanted).map(Made::Handle),
                false => actions::create_token_as(tx, actor, words.clone(), &wanted).map(Made::Key),
            };
            make(&ctx, &posted, "The token was created", work).await
        }
    };
    match done {
        Err(Error { cause: Cause::Refused(refusal) }) if refusal.code == Code::Invalid => {
            let wizard = Wizard::new(ctx.url("/tokens/new"), STEPS, posted.clone());
            let last = wizard.last_step();
            show(&ctx, &wizard, last, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        other => other,
    }
}

async fn edit_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let token = one(ctx, &parsed(id)?).await?;
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let words = TokenWords::from(&token);
    let mut form = ctx.form(format!("{here}/edit"), "Save").revision(token.revision);
    for field in general_fields(&words).into_iter().chain(end_fields(Some(words.expires_at))) {
        form = form.field(field);
    }
    let mut form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, at_fields(error))?;
    }
    ctx.render_as(status, &FormPage::new(form_page(ctx, &token, "Edit token", "Edit"), form))
}

fn form_page(ctx: &Ctx, token: &TokenRow, title: &'static str, here: &'static str) -> crate::web::layout::Page {
    ctx.page(title)
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::link(Text::data(&token.name), ctx.url(&format!("/tokens/{}", token.id))))
        .crumb(Crumb::here(here))
}

/// The form with what is said about a token.
pub async fn edit_token(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes what is said about a token.
pub async fn do_edit_token(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (token, revision) = (parsed(&path.1)?, posted.revision());
    let (said, now, back) = (posted.clone(), ctx.services().clock.now(), ctx.url(&format!("/tokens/{token}")));
    let again = async |code, error| edit_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_token(tx, actor, &token, revision, |old| {
            let words = answered(&said, now)?;
            // A day that nobody touched does not lose its hours.
            let day = |words: &TokenWords| words.expires_at.map(Time::date);
            let untouched = said.get("term") == "own" && day(&words) == day(&old);
            Ok(if untouched { TokenWords { expires_at: old.expires_at, ..words } } else { words })
        })?;
        Ok(Answer::go(&back).flash(Text::new("The token was saved.")))
    })
    .await
}

async fn permissions_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let id = parsed(id)?;
    let token = one(ctx, &id).await?;
    let has = ctx.read(move |tx, actor| actions::permissions_of(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let mut form = ctx.form(format!("{here}/permissions"), "Save").revision(token.revision);
    for field in level_fields(&own(ctx), &has) {
        form = form.field(field.width(Width::Medium));
    }
    let mut form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(form_page(ctx, &token, "What may the token do?", "Permissions"), form);
    shown.head = shown
        .head
        .lede("Programs that use it feel a change with their next call. You can give what you hold yourself.");
    ctx.render_as(status, &shown)
}

/// The form with what a token may do.
pub async fn token_permissions(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    permissions_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes what a token may do.
pub async fn do_token_permissions(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (token, revision, wanted) = (parsed(&path.1)?, posted.revision(), levels(&posted));
    let back = ctx.url(&format!("/tokens/{token}"));
    let again = async |code, error| permissions_page(&ctx, code, &path.1, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::set_token_permissions(tx, actor, &token, revision, |_| Ok(wanted.clone()))?;
        Ok(Answer::go(&back).flash(Text::new("What the token may do was saved.")))
    })
    .await
}

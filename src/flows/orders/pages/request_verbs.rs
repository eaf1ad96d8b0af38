//! Doing something with a request: the pages of the forms, and what happens when they are sent.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Activation, RequestShown, RequestView};
use super::super::model::{self, Param, RequestKind};
use super::beside;
use super::parameters::{edits, placed};
use super::request::{page as request_page, shown as load};
use super::request_deed::Deed;
use super::request_forms::form;
use super::request_sections::title;
use crate::db::{self, Tx};
use crate::kit::{Actor, Code, Refusal, Side, Text, Time};
use crate::web::button::Button;
use crate::web::error::Cause;
use crate::web::form::PREVIEW;
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::{Head, Notice};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The page of a deed: its form, or the request with the reason why it cannot be done.
fn deed_page(
    ctx: &Ctx,
    deed: Deed,
    shown: RequestShown,
    parameter: &str,
    typed: Option<&Posted>,
    wrong: Option<Error>,
) -> Result<HttpResponse, Error> {
    if let Some(refusal) = deed.against(&shown) {
        let code = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::CONFLICT);
        return request_page(ctx, code, shown, Some(&refusal));
    }
    let view = &shown.view;
    let here = ctx.url(&format!("/requests/{}", view.id));
    let mut form = form(ctx, &shown, deed, &here, parameter).cancel(&here);
    let mut code = StatusCode::OK;
    let mut meanwhile = None;
    if let (Some(posted), None) = (typed, &wrong) {
        form.fill_pairs(&posted.pairs().collect::<Vec<_>>());
    }
    if let (Some(error), Some(posted)) = (wrong, typed) {
        code = StatusCode::UNPROCESSABLE_ENTITY;
        if matches!(&error.cause, Cause::Refused(r) if r.code == Code::Conflict) {
            let look = Button::link("Look at the request", here.clone());
            let text = "What you typed is kept. Compare it with the request as it is now, and send it again.";
            meanwhile = Some(Notice::new(text).action(look));
        }
        explain(&mut form, posted, placed(error, &view.snapshot.0.params))?;
    }
    let label = deed.label(view.side);
    let page = ctx
        .page(label)
        .crumb(Crumb::link("Fulfillment", ctx.url("/requests")))
        .crumb(Crumb::link(Text::data(view.id.as_str()), here))
        .crumb(Crumb::here(label));
    let mut made = FormPage::new(page, form);
    let heading = Text::new("{verb:word}: {request:text}").arg("verb", label).part("request", &title(view));
    made.head = match deed.consequence(view) {
        Some(text) => Head::new(heading).lede(text),
        None => Head::new(heading),
    };
    made.notices.extend(meanwhile);
    made.aside.extend(beside::preview(ctx, &shown, deed, typed));
    made.aside.push(beside::request(view));
    ctx.render_as(code, &made)
}

/// Asks whether something is to be done, or how.
pub async fn request_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let shown = load(&ctx, &path.1).await?;
    let deed = Deed::known(&path.2)?;
    let asked = Posted::of_query(ctx.query());
    deed_page(&ctx, deed, shown, asked.get("parameter"), None, None)
}

/// Does it.
pub async fn do_request_verb(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, word) = path.into_inner();
    let (back, typed, asked) = (ctx.url(&format!("/requests/{id}")), posted.clone(), id.clone());
    let list = ctx.url("/requests");
    let Ok(deed) = Deed::known(&word) else {
        // Whether there is such a request is told first: nobody learns anything about others'.
        load(&ctx, &id).await?;
        return Err(Refusal::not_found("action", word).into());
    };
    if posted.checked(PREVIEW) {
        return deed_page(&ctx, deed, load(&ctx, &id).await?, posted.get("parameter"), Some(&posted), None);
    }
    let done = ctx
        .act(&posted, move |tx, actor| {
            let text = act(tx, actor, deed, &asked, &typed)?;
            Ok(Answer::go(if deed == Deed::Discard { &list } else { &back }).flash(text))
        })
        .await;
    match done {
        Err(Error { cause: Cause::Refused(refusal) }) if refusal.code != Code::NotFound => {
            let shown = load(&ctx, &id).await?;
            deed_page(&ctx, deed, shown, posted.get("parameter"), Some(&posted), Some(refusal.into()))
        }
        other => other,
    }
}

/// Whether a field of the approval belongs to the request's parameters.
pub(super) fn filled_on_approval(view: &RequestView, param: &Param) -> bool {
    param.is_fulfillment()
        && param.takes_value()
        && matches!(view.kind, RequestKind::Purchase | RequestKind::Change | RequestKind::Adjustment)
}

fn act(tx: &mut Tx<'_>, actor: &Actor, deed: Deed, id: &str, posted: &Posted) -> db::Result<Text> {
    let revision = posted.revision();
    let said = |words: &'static str| Ok(Text::new(words));
    let given = |name: &str| Some(posted.get(name).trim().to_owned()).filter(|v| !v.is_empty());
    match deed {
        Deed::Approve => {
            let view = actions::request(tx, actor, id)?;
            let typed = edits(&view.snapshot.0.params, |p| filled_on_approval(&view, p), posted);
            let activation = Activation {
                template: given("template_id"),
                text: given("activation_tile"),
                effective_date: day(posted, "effective_date")?,
            };
            let revision = if typed.is_empty() {
                revision
            } else {
                Some(actions::edit(tx, actor, id, revision, None, &typed)?.revision)
            };
            actions::approve(tx, actor, id, revision, &activation)?;
            said("The request was approved.")
        }
        Deed::Inquire => {
            let view = actions::request(tx, actor, id)?;
            let marks: Vec<model::ParamEdit> = view
                .snapshot
                .0
                .params
                .iter()
                .filter(|p| p.is_ordering() && posted.checked(&mark_name(p)))
                .map(|p| mark(p, posted.get(&mark_name(p))))
                .collect();
            let template = given("template_id");
            let text = given("activation_tile");
            actions::inquire(tx, actor, id, revision, &marks, template.as_deref(), text.as_deref())?;
            said("The customer was asked for a correction.")
        }
        Deed::Pend => {
            let view = actions::request(tx, actor, id)?;
            let typed = match view.side {
                Side::Vendor => vec![],
                _ => edits(&view.snapshot.0.params, Param::is_ordering, posted),
            };
            actions::pend(tx, actor, id, revision, &typed)?;
            said("The request is pending again.")
        }
        Deed::Fail => {
            actions::fail(tx, actor, id, revision, posted.get("reason"))?;
            said("The request failed. Everybody can read why.")
        }
        Deed::Schedule => {
            let planned = Time::parse(posted.get("planned_date")).ok_or_else(|| {
                Refusal::field("planned_date", Text::new("Choose a day and a time that are still to come."))
            })?;
            actions::schedule(tx, actor, id, revision, planned)?;
            said("The request was scheduled.")
        }
        Deed::Confirm => {
            actions::confirm(tx, actor, id, revision)?;
            said("The request was revoked.")
        }
        Deed::Submit => {
            actions::submit(tx, actor, id, revision, None)?;
            said("The draft was sent.")
        }
        Deed::Revoke => {
            actions::revoke(tx, actor, id, revision, posted.get("reason"))?;
            said("The vendor was asked to take the request back.")
        }
        Deed::Discard => {
            actions::discard(tx, actor, id, revision)?;
            said("The draft was discarded.")
        }
        Deed::Assign => match given("id") {
            Some(who) => actions::assign(tx, actor, id, Some(&who)).map(|view| {
                let name = view.assignee.map(|a| a.0.name).unwrap_or_default();
                Text::new("The request was assigned to {name}.").arg("name", name)
            }),
            None => {
                actions::unassign(tx, actor, id)?;
                said("The request is assigned to nobody.")
            }
        },
        Deed::Edit => {
            let view = actions::request(tx, actor, id)?;
            let typed = edits(&view.snapshot.0.params, |p| is_on_form(&view, p), posted);
            let note = posted.checked("note").then(|| posted.get("note"));
            actions::edit(tx, actor, id, revision, note, &typed)?;
            said("The request was saved.")
        }
        Deed::Mark => {
            let view = actions::request(tx, actor, id)?;
            let name = posted.get("parameter");
            let param = view.snapshot.0.params.iter().find(|p| p.name() == name && p.is_ordering());
            let param = param.ok_or_else(|| Refusal::not_found("parameter", name))?;
            let words = posted.get("value_error").trim();
            if words.is_empty() && param.error.is_none() {
                return Err(Refusal::field("value_error", Text::new("Say what is wrong with the value.")).into());
            }
            let edit = model::ParamEdit { path: String::new(), ..mark(param, words) };
            actions::edit(tx, actor, id, revision, None, &[edit]).map_err(marked_badly)?;
            let text = if words.is_empty() {
                Text::new("The mark on {name} was taken away.")
            } else {
                Text::new("{name} was marked as wrong.")
            };
            Ok(text.arg("name", param.title()))
        }
    }
}

/// What is wrong with the complaint itself stands at its field.
fn marked_badly(error: db::Error) -> db::Error {
    match error {
        db::Error::Refused(mut refusal) => {
            for problem in &mut refusal.problems {
                if problem.field == ".value_error" {
                    problem.field = "value_error".to_owned();
                }
            }
            refusal.into()
        }
        other => other,
    }
}

/// The field of a complaint in the form that asks back.
pub(super) fn mark_name(param: &Param) -> String {
    format!("asset.params.{}.value_error", param.name())
}

fn mark(param: &Param, words: &str) -> model::ParamEdit {
    model::ParamEdit {
        path: format!("asset.params.{}", param.name()),
        name: param.name().to_owned(),
        error: Some(words.trim().to_owned()),
        ..model::ParamEdit::default()
    }
}

/// Whether a parameter stands on the form with which the reader's side changes a request.
pub(super) fn is_on_form(view: &RequestView, param: &Param) -> bool {
    param.takes_value() && if view.side == Side::Vendor { param.is_fulfillment() } else { param.is_ordering() }
}

fn day(posted: &Posted, name: &str) -> db::Result<Option<Time>> {
    let typed = posted.get(name).trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || Refusal::field(name, Text::new("{value} is not a day. Write it as 2026-11-20.").arg("value", typed));
    Ok(Some(Time::parse(typed).ok_or_else(wrong)?))
}

//! `/requests`.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::{Links, body, wire};
use crate::db::{self, Tx};
use crate::flows::orders::actions::{self, Activation, REQUESTS, RequestView};
use crate::kit::{Actor, Problems, Refusal, Text, Time};
use crate::rest::{Caller, Error};

type Answer = Result<HttpResponse, Error>;

/// The requests.
pub async fn requests(caller: Caller) -> Answer {
    let links = Links::of(&caller);
    caller
        .list(&REQUESTS, move |tx, actor, ids, _| {
            Ok(actions::requests(tx, actor, ids)?.iter().map(|r| wire::Request::of(r, &links)).collect())
        })
        .await
}

/// One request.
pub async fn request(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, links) = (path.into_inner(), Links::of(&caller));
    caller.one(move |tx, actor| Ok(wire::Request::of(&actions::request(tx, actor, &id)?, &links))).await
}

/// Makes a request.
pub async fn create(caller: Caller) -> Answer {
    let order = body::order(&caller.fields()?)?;
    answer(caller, 201, move |tx, actor| {
        let id = actions::create(tx, actor, &order)?;
        actions::request(tx, actor, id.as_str())
    })
    .await
}

/// Acts on a request and answers it. The link to the customer's form is not kept: a repetition derives it again.
async fn answer(
    caller: Caller,
    status: u16,
    work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<RequestView> + Send + 'static,
) -> Answer {
    let links = Links::of(&caller);
    let later = links.clone();
    let shown = |request: &RequestView, links: &Links| wire::Request::of(request, links);
    caller
        .act_on(
            status,
            move |tx, actor| work(tx, actor).map(|r| (r.id.to_string(), shown(&r, &links))),
            move |tx, actor, id| actions::request(tx, actor, id).map(|r| shown(&r, &later)),
        )
        .await
}

/// Does something to a request and answers it.
macro_rules! act {
    ($caller:expr, $path:expr, |$tx:ident, $actor:ident, $id:ident| $work:expr) => {{
        let $id = $path.into_inner();
        answer($caller, 200, move |$tx, $actor| $work).await
    }};
}

/// Changes note and parameters.
pub async fn edit(caller: Caller, path: web::Path<String>) -> Answer {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let note = fields.has("note").then(|| fields.text("note", &mut problems).unwrap_or_default());
    problems.done()?;
    let edits = body::asset_params(&fields)?;
    act!(caller, path, |tx, actor, id| actions::edit(tx, actor, &id, None, note.as_deref(), &edits))
}

/// Carries a request out.
pub async fn approve(caller: Caller, path: web::Path<String>) -> Answer {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let template = fields
        .text("template_id", &mut problems)
        .or_else(|| fields.reference("template", &mut problems))
        .filter(|t| !t.is_empty());
    let text = fields.text("activation_tile", &mut problems).filter(|t| !t.is_empty());
    let effective_date = body::time(&fields, "effective_date", &mut problems);
    problems.done()?;
    let activation = Activation { template, text, effective_date };
    act!(caller, path, |tx, actor, id| actions::approve(tx, actor, &id, None, &activation))
}

/// Rejects a request.
pub async fn fail(caller: Caller, path: web::Path<String>) -> Answer {
    let reason = reason(&caller)?;
    act!(caller, path, |tx, actor, id| actions::fail(tx, actor, &id, None, &reason))
}

fn reason(caller: &Caller) -> Result<String, Refusal> {
    let fields = body::unwrapped(
        caller.fields().map_err(|_| Refusal::field("body", Text::new("The body is not a JSON object.")))?,
    );
    let mut problems = Problems::default();
    let reason = fields.text("reason", &mut problems).unwrap_or_default();
    problems.done().map(|()| reason)
}

/// Asks the customer back.
pub async fn inquire(caller: Caller, path: web::Path<String>) -> Answer {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let template = fields.text("template_id", &mut problems).filter(|t| !t.is_empty());
    let text = fields.text("activation_tile", &mut problems).filter(|t| !t.is_empty());
    problems.done()?;
    let marks = body::asset_params(&fields)?;
    act!(caller, path, |tx, actor, id| actions::inquire(
        tx,
        actor,
        &id,
        None,
        &marks,
        template.as_deref(),
        text.as_deref()
    ))
}

/// Gives a request to the vendor again.
pub async fn pend(caller: Caller, path: web::Path<String>) -> Answer {
    let edits = body::asset_params(&caller.fields()?)?;
    act!(caller, path, |tx, actor, id| actions::pend(tx, actor, &id, None, &edits))
}

/// Sends a draft purchase.
pub async fn purchase(caller: Caller, path: web::Path<String>) -> Answer {
    act!(caller, path, |tx, actor, id| actions::submit(tx, actor, &id, None, Some(true)))
}

/// Sends a draft of another type.
pub async fn submit(caller: Caller, path: web::Path<String>) -> Answer {
    act!(caller, path, |tx, actor, id| actions::submit(tx, actor, &id, None, Some(false)))
}

/// Checks the parameters of a draft.
pub async fn validate(caller: Caller, path: web::Path<String>) -> Answer {
    let edits = body::asset_params(&caller.fields()?)?;
    act!(caller, path, |tx, actor, id| actions::validate(tx, actor, &id, &edits))
}

/// Puts a request off.
pub async fn schedule(caller: Caller, path: web::Path<String>) -> Answer {
    let fields = body::unwrapped(caller.fields()?);
    let mut problems = Problems::default();
    let planned = body::time(&fields, "planned_date", &mut problems);
    problems.done()?;
    let planned: Time = planned.ok_or_else(|| {
        Refusal::field("planned_date", Text::new("This field is required: the day on which it is to be done."))
    })?;
    act!(caller, path, |tx, actor, id| actions::schedule(tx, actor, &id, None, planned))
}

/// The buyer wants a scheduled request back.
pub async fn revoke(caller: Caller, path: web::Path<String>) -> Answer {
    let reason = reason(&caller)?;
    act!(caller, path, |tx, actor, id| actions::revoke(tx, actor, &id, None, &reason))
}

/// The vendor lets it be taken back.
pub async fn confirm(caller: Caller, path: web::Path<String>) -> Answer {
    act!(caller, path, |tx, actor, id| actions::confirm(tx, actor, &id, None))
}

/// Gives a request to somebody.
pub async fn assign(caller: Caller, path: web::Path<String>) -> Answer {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let who = ["id", "email"].iter().find_map(|k| fields.text(k, &mut problems).filter(|v| !v.is_empty()));
    problems.done()?;
    act!(caller, path, |tx, actor, id| actions::assign(tx, actor, &id, who.as_deref()))
}

/// Gives a request to nobody.
pub async fn unassign(caller: Caller, path: web::Path<String>) -> Answer {
    act!(caller, path, |tx, actor, id| actions::unassign(tx, actor, &id))
}

/// What the customer reads about a request now, as Markdown.
pub async fn render(caller: Caller, path: web::Path<String>) -> Answer {
    let (id, links) = (path.into_inner(), Links::of(&caller));
    let text = caller
        .read(move |tx, actor: &Actor| {
            let shown = actions::request_shown(tx, actor, &id)?;
            let link = links.form(&shown.view);
            Ok(actions::request_text(&shown.view, &shown.definition, link.as_deref()))
        })
        .await?;
    Ok(markdown(text))
}

/// One template with a request's values, as old clients ask for it.
pub async fn render_template(caller: Caller, path: web::Path<String>) -> Answer {
    let (template, links) = (path.into_inner(), Links::of(&caller));
    let asked: Option<String> = url::form_urlencoded::parse(caller.query().as_bytes())
        .find(|(name, _)| name == "request_id")
        .map(|(_, value)| value.into_owned());
    let id = asked.ok_or_else(|| {
        Refusal::field("request_id", Text::new("This parameter is required: the request whose values are filled in."))
    })?;
    let text = caller
        .read(move |tx, actor| {
            let shown = actions::request_shown(tx, actor, &id)?;
            let link = links.form(&shown.view);
            actions::template_text(&shown, &template, link.as_deref())
        })
        .await?;
    Ok(markdown(text))
}

/// Text that is Markdown.
pub(super) fn markdown(text: String) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/markdown; charset=utf-8")).body(text)
}

/// Requests on the wire.
pub(super) fn all(views: &[RequestView], links: &Links) -> Vec<wire::Request> {
    views.iter().map(|r| wire::Request::of(r, links)).collect()
}

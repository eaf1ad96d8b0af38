//! What people ask for about a subscription: a change, a suspension, resuming, cancelling, the vendor's adjustment.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Order, SubscriptionShown};
use super::super::model::{self, GivenLine, Line, Param, RequestKind};
use super::beside::subscription;
use super::parameters::{edits, lone_fields as fields, placed};
use super::request_sections::typed;
use super::subscription::{page as subscription_page, shown as load, title};
use crate::db;
use crate::flows::products::model::{Item, ItemKind, ItemStatus, Scope, TemplateKind};
use crate::kit::{Code, Quantity, Refusal, Text, Time};
use crate::web::button::Button;
use crate::web::dialog::Dialog;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::Head;
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

const VERBS: [(&str, RequestKind); 5] = [
    ("change", RequestKind::Change),
    ("suspend", RequestKind::Suspend),
    ("resume", RequestKind::Resume),
    ("cancel", RequestKind::Cancel),
    ("adjust", RequestKind::Adjustment),
];

fn known(word: &str) -> Result<RequestKind, Error> {
    let found = VERBS.iter().find(|(w, _)| *w == word).map(|(_, kind)| *kind);
    found.ok_or_else(|| Refusal::not_found("action", word).into())
}

fn word(kind: RequestKind) -> &'static str {
    VERBS.iter().find(|(_, k)| *k == kind).map_or("", |(word, _)| word)
}

fn label(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Change => "Change",
        RequestKind::Suspend => "Suspend",
        RequestKind::Resume => "Resume",
        RequestKind::Cancel => "Cancel subscription",
        RequestKind::Adjustment => "Adjust",
        RequestKind::Purchase | RequestKind::Renew | RequestKind::Transfer => "",
    }
}

fn button_label(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Change => "Change…",
        RequestKind::Suspend => "Suspend…",
        RequestKind::Resume => "Resume…",
        RequestKind::Cancel => "Cancel subscription…",
        RequestKind::Adjustment => "Adjust…",
        RequestKind::Purchase | RequestKind::Renew | RequestKind::Transfer => "",
    }
}

fn is_short(kind: RequestKind) -> bool {
    !matches!(kind, RequestKind::Change | RequestKind::Adjustment)
}

/// What will happen.
fn consequence(kind: RequestKind) -> Text {
    Text::new(match kind {
        RequestKind::Change => "The vendor gets a request; the subscription changes when it is approved.",
        RequestKind::Suspend => "The vendor is asked to switch the service off for a while. It can be resumed.",
        RequestKind::Resume => "The vendor is asked to switch the service on again.",
        RequestKind::Cancel => "The vendor is asked to end the subscription for good.",
        _ => "You get a request of your own; the subscription takes the values over when you approve it.",
    })
}

fn against(shown: &SubscriptionShown, kind: RequestKind) -> Option<Refusal> {
    let possible = actions::possible_requests(&shown.asset.view, &shown.definition.capabilities);
    match possible.into_iter().find(|(k, _)| *k == kind) {
        Some((_, against)) => against,
        None => {
            let text = Text::new("Requests of the type {kind:word} are not for your side to make.");
            Some(Refusal::forbidden(text.arg("kind", kind.title())))
        }
    }
}

/// Puts what can be asked for into the head; what cannot is shown with its reason. Of a subscription that is over,
/// nothing.
pub(super) fn head_actions(shown: &SubscriptionShown, here: &str, head: &mut Head) {
    let status = shown.asset.view.status;
    if matches!(status, model::AssetStatus::Terminated | model::AssetStatus::Draft) {
        return;
    }
    let possible = actions::possible_requests(&shown.asset.view, &shown.definition.capabilities);
    for (kind, against) in possible {
        // Of suspending and resuming, one has no meaning now.
        let senseless = match kind {
            RequestKind::Resume => status != model::AssetStatus::Suspended,
            RequestKind::Suspend => status == model::AssetStatus::Suspended,
            _ => false,
        };
        if senseless {
            continue;
        }
        let made = match against {
            Some(refusal) => Button::not_now(button_label(kind), tell(&refusal)),
            None => {
                let href = format!("{here}/{}", word(kind));
                if is_short(kind) {
                    Button::dialog(button_label(kind), word(kind), href)
                } else {
                    Button::link(button_label(kind), href)
                }
            }
        };
        let ready = !matches!(made.act, crate::web::button::Act::NotNow { .. });
        match kind {
            RequestKind::Change | RequestKind::Resume | RequestKind::Adjustment if ready => {
                let first = head.actions.buttons.is_empty();
                head.actions.buttons.push(if first { made.primary() } else { made });
            }
            RequestKind::Cancel => head.actions.more.push(made.icon("circle-x").danger().into()),
            RequestKind::Suspend => head.actions.more.push(made.icon("player-pause").into()),
            RequestKind::Resume => head.actions.more.push(made.icon("player-play").into()),
            _ => head.actions.more.push(made.icon("edit").into()),
        }
    }
}

/// The dialogs of what is possible now.
pub(super) fn dialogs(ctx: &Ctx, shown: &SubscriptionShown, here: &str) -> Vec<Dialog> {
    let short = VERBS.iter().map(|(_, kind)| *kind).filter(|k| is_short(*k) && against(shown, *k).is_none());
    short
        .map(|kind| Dialog::new(word(kind), label(kind), form(ctx, shown, kind, here)).text(consequence(kind)))
        .collect()
}

// ---- forms ----

/// Where an item stands in a form; refusals name the same place.
fn line_path(item: &Item) -> String {
    format!("asset.items.{}", item.id)
}

/// How many of an item the subscription has.
fn has<'l>(lines: &'l [Line], item: &Item) -> Option<&'l Line> {
    lines.iter().find(|l| l.id == item.id)
}

/// The items that a change may name: what is sold, and what the subscription has.
fn changeable(shown: &SubscriptionShown) -> impl Iterator<Item = (&Item, Quantity)> {
    let lines = &shown.asset.view.doc.0.items;
    shown.definition.items.iter().filter_map(|item| {
        let now = has(lines, item).map(|l| l.quantity);
        (now.is_some() || item.status == ItemStatus::Published).then_some((item, now.unwrap_or(Quantity::ZERO)))
    })
}

/// Whether an item is only there or not: paid as it is used, without a limit.
fn is_switch(item: &Item, now: Quantity) -> bool {
    item.kind == ItemKind::Ppu && (now == Quantity::Unlimited || now == Quantity::ZERO)
}

fn item_field(item: &Item, now: Quantity) -> Field {
    let name = format!("{}.quantity", line_path(item));
    if is_switch(item, now) {
        let words = Text::new("{name}, pay as you go").arg("name", &item.name);
        let field = Field::check(name, Text::data(&item.name), words);
        return if now == Quantity::ZERO { field } else { field.value("yes") };
    }
    let hint = match now {
        Quantity::Unlimited => Text::new("{mpn}. Now unlimited."),
        Quantity::Of(now) => Text::new("{mpn}. Now {quantity:number}.").arg("quantity", now),
    };
    let hint = hint.arg("mpn", &item.mpn);
    Field::number(name, Text::data(&item.name)).hint(hint).affix(Text::data(&item.unit.title)).value(typed(now))
}

fn form(ctx: &Ctx, shown: &SubscriptionShown, kind: RequestKind, here: &str) -> Form {
    let view = &shown.asset.view;
    let abilities = model::abilities(kind, &shown.definition.capabilities);
    let mut form = ctx.form(format!("{here}/{}", word(kind)), label(kind)).revision(view.revision);
    let all = &view.doc.0.params;
    let params = |form: Form, wanted: &dyn Fn(&Param) -> bool| {
        all.iter().filter(|p| wanted(p)).flat_map(|p| fields(p, all)).fold(form, Form::field)
    };
    match kind {
        RequestKind::Change => {
            form = changeable(shown).map(|(item, now)| item_field(item, now)).fold(form, Form::field);
            if abilities.edit_ordering {
                form = params(form, &|p| p.is_ordering() && p.takes_value());
            }
        }
        RequestKind::Adjustment => {
            form = params(form, &Param::takes_value);
            let fits = |t: &&crate::flows::products::model::Template| {
                t.scope == Scope::Asset && t.kind.is_none_or(|k| k == TemplateKind::Fulfillment)
            };
            let mut templates = vec![Choice::new("", "As it is")];
            templates.extend(
                shown.definition.templates.iter().filter(fits).map(|t| Choice::new(t.id.as_str(), Text::data(&t.name))),
            );
            form = form.field(
                Field::select("template.id", "Template", templates)
                    .hint("Whose text the customer reads from then on.")
                    .optional(),
            );
        }
        _ => {}
    }
    if abilities.schedule {
        form = form.field(
            Field::date("planned_date", "On")
                .hint("At the beginning of this day in UTC. Empty: as soon as possible.")
                .optional(),
        );
    }
    form
}

fn order(shown: &SubscriptionShown, kind: RequestKind, posted: &Posted) -> Result<Order, Refusal> {
    let view = &shown.asset.view;
    let mut order = Order { asset: Some(view.id.to_string()), ..Order::new(kind) };
    let all = &view.doc.0.params;
    match kind {
        RequestKind::Change => {
            for (item, now) in changeable(shown) {
                let path = line_path(item);
                let name = format!("{path}.quantity");
                let quantity = match (is_switch(item, now), posted.checked(&name)) {
                    (true, true) => None,
                    (true, false) => Some("0".to_owned()),
                    (false, true) => Some(posted.get(&name).trim().to_owned()),
                    (false, false) => continue,
                };
                // What stays is not sent, so that an item that is not sold any more can stay.
                let same = match &quantity {
                    None => now == Quantity::Unlimited,
                    Some(text) => Quantity::parse(text) == Ok(now),
                };
                if !same {
                    order.items.push(GivenLine { path, key: item.id.to_string(), quantity });
                }
            }
            let abilities = model::abilities(kind, &shown.definition.capabilities);
            if abilities.edit_ordering {
                order.params = edits(all, |p| p.is_ordering() && p.takes_value(), posted);
            }
        }
        RequestKind::Adjustment => {
            order.params = edits(all, Param::takes_value, posted);
            order.template = Some(posted.get("template.id").to_owned()).filter(|t| !t.is_empty());
        }
        _ => {}
    }
    let planned = posted.get("planned_date").trim();
    if !planned.is_empty() {
        let wrong = Text::new("{value} is not a day. Write it as 2026-11-20.").arg("value", planned);
        order.planned_date = Some(Time::parse(planned).ok_or_else(|| Refusal::field("planned_date", wrong))?);
    }
    Ok(order)
}

fn verb_page(
    ctx: &Ctx,
    kind: RequestKind,
    shown: SubscriptionShown,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    if let Some(refusal) = against(&shown, kind) {
        let code = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::CONFLICT);
        return subscription_page(ctx, code, shown, Some(&refusal));
    }
    let here = ctx.url(&format!("/subscriptions/{}", shown.asset.view.id));
    let mut form = form(ctx, &shown, kind, &here).cancel(&here);
    let mut code = StatusCode::OK;
    if let Some((error, posted)) = wrong {
        code = StatusCode::UNPROCESSABLE_ENTITY;
        explain(&mut form, posted, placed(error, &shown.asset.view.doc.0.params))?;
    }
    let page = ctx
        .page(label(kind))
        .crumb(Crumb::link("Subscriptions", ctx.url("/subscriptions")))
        .crumb(Crumb::link(Text::data(shown.asset.view.id.as_str()), here))
        .crumb(Crumb::here(label(kind)));
    let mut made = FormPage::new(page, form);
    let heading = Text::new("{verb:word}: {subscription:text}").arg("verb", label(kind));
    let heading = heading.part("subscription", &title(&shown));
    made.head = Head::new(heading).lede(consequence(kind));
    made = made.beside(subscription(&shown.asset));
    ctx.render_as(code, &made)
}

/// Asks what is to change.
pub async fn subscription_verb(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let shown = load(&ctx, &path.1).await?;
    verb_page(&ctx, known(&path.2)?, shown, None)
}

/// Makes the request and shows it.
pub async fn do_subscription_verb(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, verb) = path.into_inner();
    let shown = load(&ctx, &id).await?;
    let kind = known(&verb)?;
    let (requests, revision, subscription) = (ctx.url("/requests"), posted.revision(), id.clone());
    let asked = order(&shown, kind, &posted);
    let done = match asked {
        Err(refusal) => Err(refusal.into()),
        Ok(order) => {
            ctx.act(&posted, move |tx, actor| -> db::Result<Answer> {
                // What stays is told by comparing with what the form showed.
                let now = actions::asset(tx, actor, &subscription)?.view.revision;
                crate::journal::unchanged(
                    tx,
                    actor,
                    ("asset", subscription.as_str()),
                    "subscription",
                    (revision, now),
                )?;
                let id = actions::create(tx, actor, &order)?;
                let text = Text::new("{kind:word} was asked for.").arg("kind", kind.title());
                Ok(Answer::go(format!("{requests}/{id}")).flash(text))
            })
            .await
        }
    };
    match done {
        Err(Error { cause: Cause::Refused(refusal) }) if refusal.code != Code::NotFound => {
            let shown = load(&ctx, &id).await?;
            verb_page(&ctx, kind, shown, Some((refusal.into(), &posted)))
        }
        other => other,
    }
}

//! The home page, and the page that closes the account.

mod closing;

pub use closing::{close_account, do_close_account};

use actix_web::HttpResponse;

use super::model::{self, Named};
use super::store::{self, Count};
use crate::db::party::Waiting;
use crate::flows::accounts;
use crate::journal::{self, Moment};
use crate::kit::{Level, Module, Role, Text};
use crate::web::button::Button;
use crate::web::cell::{Cell, Due};
use crate::web::chart::{Chart, Series, month_word};
use crate::web::filters;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Figure, Figures, Head, Notice, Wait, Waits};
use crate::web::state::State;
use crate::web::timeline::{Event, Timeline};
use crate::web::{Ctx, Error, moments, places};

/// How many events are shown.
const SHOWN: i64 = 8;

#[derive(askama::Template)]
#[template(path = "desk/home.html")]
struct Home {
    page: Page,
    head: Head,
    hint: Option<Notice>,
    steps: Option<Waits>,
    waits: Waits,
    nothing_waits: State,
    figures: Option<Figures>,
    chart: Option<(Text, Chart)>,
    events: Timeline,
}

/// What was read for one page.
struct Read {
    names: Vec<store::Named>,
    moments: Vec<Moment>,
    days: Vec<(i64, i64)>,
    counts: Vec<Count>,
}

/// The home page of the company.
pub async fn home(ctx: Ctx) -> Result<HttpResponse, Error> {
    let now = ctx.services().clock.now();
    let since = now.plus_seconds(-366 * 24 * 3600);
    let waiting: Vec<Waiting> = ctx.waiting().cloned().collect();
    // The subscription's own entries repeat what those of its requests say.
    let kinds: Vec<&str> = places::kinds(ctx.actor()).into_iter().filter(|kind| *kind != "asset").collect();
    let oldest: Vec<(String, String)> = waiting.iter().map(|w| (w.kind.clone(), w.oldest.clone())).collect();
    let read = ctx
        .read(move |tx, actor| {
            let moments = journal::recent(tx, actor.account()?, &kinds, SHOWN)?;
            let mut objects: Vec<(&str, &str)> = oldest.iter().map(|(kind, id)| (kind.as_str(), id.as_str())).collect();
            objects.extend(moments.iter().map(|m| (m.kind.as_str(), m.object_id.as_str())));
            objects.sort_unstable();
            objects.dedup();
            let names = store::named(tx, actor, &objects)?;
            let (days, counts) = (store::created_by_day(tx, actor, "request", since)?, store::counts(tx, actor)?);
            Ok(Read { names, moments, days, counts })
        })
        .await?;
    remember(&ctx).await?;
    let months = model::by_month(&read.days, now.date());
    let sees = ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Subscriptions, Level::Read));
    ctx.render(&Home {
        page: ctx.page("Home").crumb(Crumb::here("Home")),
        head: head(&ctx, &waiting),
        hint: accounts::pages::hint(&ctx),
        steps: first_steps(&ctx, &read.counts),
        waits: Waits::new(waiting.iter().map(|w| wait(&ctx, w, &read.names)).collect()),
        nothing_waits: nothing_waits(ctx.actor().seat().map(|s| s.role)),
        figures: figures(&ctx, &read.counts).filter(|_| sees),
        chart: chart(&months).filter(|_| sees),
        events: Timeline::new(read.moments.into_iter().map(|m| event(&ctx, m, &read.names)).collect()),
    })
}

fn head(ctx: &Ctx, waiting: &[Waiting]) -> Head {
    let name = ctx.person().map(|p| p.name.clone()).unwrap_or_default();
    let greeting = match ctx.reader().hour() {
        4..=11 => "Good morning, {name}",
        12..=17 => "Good afternoon, {name}",
        _ => "Good evening, {name}",
    };
    let lede = match waiting.iter().map(|w| w.number).sum::<i64>() {
        0 => Text::new("{company}: Nothing waits for you."),
        total => {
            Text::new("{company}: {count|One thing waits for you.|{count} things wait for you.}").arg("count", total)
        }
    };
    let company = ctx.actor().seat().map(|s| s.name.clone()).unwrap_or_default();
    let head = Head::new(Text::new(greeting).arg("name", name)).lede(lede.arg("company", company));
    let next = waiting.iter().find(|w| w.kind == "request" && w.status == "pending");
    match next.and_then(|w| page_of(ctx, &w.kind, &w.oldest)) {
        Some(href) => head.action(Button::link("Take next request", href).primary()),
        None => head,
    }
}

/// Remembers the company, so that the front door leads back here.
async fn remember(ctx: &Ctx) -> Result<(), Error> {
    let (Some(person), Some(seat)) = (ctx.person(), ctx.actor().seat()) else { return Ok(()) };
    if person.last_account.as_deref() == Some(seat.account.as_str()) {
        return Ok(());
    }
    let (user, account, db) = (person.id.clone(), seat.account.clone(), ctx.services().db.clone());
    actix_web::web::block(move || db.write(|tx| accounts::actions::works_in(tx, &user, &account))).await??;
    Ok(())
}

/// What is known of an object's name.
fn known<'a>(kind: &str, id: &str, names: &'a [store::Named]) -> Named<'a> {
    names.iter().find(|n| n.kind == kind && n.id == id).map_or_else(Named::default, |n| Named {
        wish: n.wish.as_deref(),
        name: n.name.as_deref(),
        product: n.product.as_deref(),
        customer: n.customer.as_deref(),
        marketplace: n.marketplace.as_deref(),
        partner: n.partner.as_deref(),
    })
}

/// The page of an object, if the reader may open it.
fn page_of(ctx: &Ctx, kind: &str, id: &str) -> Option<String> {
    Some(ctx.url(&format!("{}/{id}", places::open_to(ctx.actor(), kind)?.path)))
}

/// Several things of the same kind lead to the list of them, one alone leads to itself.
fn wait(ctx: &Ctx, waiting: &Waiting, names: &[store::Named]) -> Wait {
    let Waiting { kind, status, number, since, oldest } = waiting;
    let role = ctx.actor().seat().map_or(Role::Reseller, |s| s.role);
    let alone = *number == 1;
    let list = match kind.as_str() {
        "request" => format!("/requests?eq(waiting,true)&eq(status,{status})&ordering(since)"),
        "usage_file" => format!("/usage?in(status,({status}))"),
        "contract" if status == "active" => "/contracts?eq(newer,true)".to_owned(),
        "contract" => format!("/contracts?eq(status,{status})"),
        _ => format!("/listings/requests?eq(turn,true)&eq(state,{status})"),
    };
    let href = page_of(ctx, kind, oldest).filter(|_| alone).unwrap_or_else(|| ctx.url(&list));
    let icon = match (kind.as_str(), status.as_str()) {
        ("request", _) => "inbox",
        ("usage_file", "rejected" | "invalid") => "file-alert",
        ("usage_file", _) => "chart-bar",
        ("contract", _) => "writing-sign",
        _ => "building-store",
    };
    let wait = Wait::new(icon, model::to_do(kind, status, role, *number), href)
        .detail(model::title(kind, oldest, &known(kind, oldest, names)))
        .since(*since, Due::Open);
    if alone { wait } else { wait.before("Oldest:") }
}

fn event(ctx: &Ctx, moment: Moment, names: &[store::Named]) -> Event {
    let mut event = moments::event(moment, |kind, id| {
        Some((model::short_title(kind, id, &known(kind, id, names)), page_of(ctx, kind, id)?))
    });
    event.changes.clear();
    event
}

fn nothing_waits(role: Option<Role>) -> State {
    let text = match role {
        Some(Role::Vendor) => {
            "Requests to decide, usage to correct and contracts to sign appear here, the oldest first."
        }
        Some(Role::Distributor) => {
            "Contracts and listings to approve, orders to correct and usage to review appear here, the oldest first."
        }
        _ => "Orders that you have begun and contracts to sign appear here, the oldest first.",
    };
    State::nothing_yet("circle-check", "Nothing waits for you", text)
}

/// What a new company does first; none once it works.
fn first_steps(ctx: &Ctx, counts: &[Count]) -> Option<Waits> {
    let seat = ctx.actor().seat()?;
    let has = |kind: &str| counts.iter().any(|c| c.kind == kind);
    if has("request") {
        return None;
    }
    let step = |step: model::Step| {
        let wait = Wait::new(if step.done { "circle-check" } else { step.icon }, step.title, ctx.url(step.path));
        let wait = wait.detail(step.why);
        if step.done { wait.due("Done") } else { wait }
    };
    let steps = model::steps(seat.role, &seat.permissions, has);
    (!steps.is_empty()).then(|| Waits::new(steps.into_iter().map(step).collect()))
}

/// The subscriptions by status, each leading to those it counts; none while there are none.
fn figures(ctx: &Ctx, counts: &[Count]) -> Option<Figures> {
    let of = |status: &str| counts.iter().find(|c| c.kind == "asset" && c.status == status).map_or(0, |c| c.number);
    let figure = |label: &'static str, status: &'static str| {
        let href = ctx.url(&format!("/subscriptions?eq(status,{status})"));
        Figure::new(label, Cell::number(of(status)).to(href))
    };
    counts.iter().any(|c| c.kind == "asset").then(|| {
        Figures::new(vec![
            figure("Active subscriptions", "active"),
            figure("In processing", "processing"),
            figure("Suspended", "suspended"),
            figure("Terminated", "terminated"),
        ])
        .in_pairs()
    })
}

/// The requests by month, with their sum; none if there was none.
fn chart(months: &[(jiff::civil::Date, i64)]) -> Option<(Text, Chart)> {
    let sum: i64 = months.iter().map(|(_, n)| n).sum();
    let labels = months.iter().map(|(m, _)| month_word(m.month())).collect();
    let series = Series::new("Requests", months.iter().map(|(_, n)| *n));
    let summary = Text::new("Requests by month: {sum:number} in the last twelve months").arg("sum", sum);
    let note = Text::new("{sum:number} in the last twelve months").arg("sum", sum);
    (sum > 0).then(|| (note, Chart::bars(summary, "Month", labels, series).wide()))
}

//! The home page.

use actix_web::HttpResponse;

use super::{model, store};
use crate::db::party::{self, Waiting};
use crate::flows::accounts;
use crate::journal;
use crate::kit::{Role, Text};
use crate::web::cell::{Cell, Due};
use crate::web::chart::{Chart, Series};
use crate::web::filters;
use crate::web::layout::Page;
use crate::web::moments;
use crate::web::parts::{Figure, Figures, Head, Wait, Waits};
use crate::web::state::State;
use crate::web::timeline::Timeline;
use crate::web::{Ctx, Error};

/// How many waiting things and events are shown.
const SHOWN: i64 = 8;

#[derive(askama::Template)]
#[template(path = "desk/home.html")]
struct Home {
    page: Page,
    head: Head,
    waits: Waits,
    nothing_waits: State,
    figures: Figures,
    chart: Chart,
    events: Timeline,
    quiet: bool,
}

/// The home page of the company.
pub async fn home(ctx: Ctx) -> Result<HttpResponse, Error> {
    let now = ctx.services().clock.now();
    let since = now.plus_seconds(-366 * 24 * 3600);
    let (waiting, counts, events, days, assets) = ctx
        .read(move |tx, actor| {
            let account = actor.account()?;
            Ok((
                party::longest_waiting(tx, account, SHOWN)?,
                party::waiting(tx, account)?,
                journal::recent(tx, account, SHOWN)?,
                store::created_by_day(tx, actor, store::Counted::Requests, since)?,
                store::by_status(tx, actor, store::Counted::Subscriptions)?,
            ))
        })
        .await?;
    remember(&ctx).await?;
    let total: i64 = counts.iter().map(|(_, n)| n).sum();
    let months = model::by_month(&days, now.date());
    let name = ctx.person().map(|p| p.name.clone()).unwrap_or_default();
    let lede = match total {
        0 => Text::new("Nothing waits for you."),
        _ => Text::new("{count|One thing waits for you.|{count} things wait for you.}").arg("count", total),
    };
    let head = Head::new(Text::new("Good day, {name}").arg("name", name)).lede(lede);
    let of = |word: &str| assets.iter().find(|(s, _)| s == word).map_or(0, |(_, n)| *n);
    let figures = Figures::new(vec![
        Figure::new("Active subscriptions", Cell::number(of("active"))),
        Figure::new("In processing", Cell::number(of("processing"))),
        Figure::new("Suspended", Cell::number(of("suspended"))),
        Figure::new("Terminated", Cell::number(of("terminated"))),
    ])
    .in_pairs();
    let labels = months.iter().map(|(m, _)| month_word(m.month())).collect();
    let sum: i64 = months.iter().map(|(_, n)| n).sum();
    let chart = Chart::bars(
        Text::new("Requests by month: {sum:number} in the last twelve months").arg("sum", sum),
        "Month",
        labels,
        Series::new("Requests", months.iter().map(|(_, n)| *n)),
    )
    .wide();
    let role = ctx.actor().seat().map(|s| s.role);
    let waits = Waits::new(waiting.iter().map(|w| wait(&ctx, w)).collect());
    let quiet = events.is_empty();
    ctx.render(&Home {
        page: ctx.page("Home"),
        head,
        waits,
        nothing_waits: nothing_waits(role),
        figures,
        chart,
        events: Timeline::new(
            events.into_iter().map(|m| moments::event(m, |kind, id| Some(ctx.url(&path_of(kind, id)?)))).collect(),
        ),
        quiet,
    })
}

fn nothing_waits(role: Option<Role>) -> State {
    let text = match role {
        Some(Role::Vendor) => "Requests to fulfil and answers to give appear here, the oldest first.",
        Some(Role::Distributor) => {
            "Contracts and listings to approve, orders to correct and usage to review appear here, the oldest first."
        }
        _ => "Whatever needs your answer appears here, the oldest first.",
    };
    State::nothing_yet("circle-check", "Nothing waits for you", text)
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

/// Where an object's page is, within its company.
fn path_of(kind: &str, id: &str) -> Option<String> {
    let place = match kind {
        "request" => "requests",
        "asset" => "subscriptions",
        "usage_file" => "usage",
        "contract" => "contracts",
        "agreement" => "agreements",
        "product" => "products",
        "listing" => "listings",
        "listing_request" => "listings/requests",
        "tier_account" => "customers",
        "marketplace" => "marketplaces",
        "hub" => "hubs",
        _ => return None,
    };
    Some(format!("/{place}/{id}"))
}

fn wait(ctx: &Ctx, waiting: &Waiting) -> Wait {
    let (icon, title) = match waiting.kind.as_str() {
        "request" => ("inbox", Text::new("Request {id}")),
        "contract" => ("writing-sign", Text::new("Contract {id}")),
        "listing_request" => ("building-store", Text::new("Listing request {id}")),
        "usage_file" => ("chart-bar", Text::new("Usage file {id}")),
        _ => ("circle-dot", Text::new("{id}")),
    };
    let href = ctx.url(&path_of(&waiting.kind, &waiting.object).unwrap_or_default());
    Wait::new(icon, title.arg("id", &waiting.object), href)
        .detail(Text::new("{status:word}").arg("status", status_word(&waiting.status)))
        .since(waiting.since, Due::Open)
}

fn status_word(status: &str) -> String {
    let mut letters = status.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn month_word(month: i8) -> Text {
    const WORDS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    Text::new(usize::try_from(month - 1).ok().and_then(|n| WORDS.get(n)).copied().unwrap_or_default())
}

//! How often a token was used, on its page.

use actix_web::{HttpResponse, web};

use super::tokens::parsed;
use crate::db::{Result as Done, Tx};
use crate::flows::accounts::actions;
use crate::flows::accounts::store::{self, CallSum, TokenRow};
use crate::kit::{Actor, Text, TokenId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::chart::{Chart, Series, month_word};
use crate::web::frames::Section;
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted};

/// Days that are shown.
const SHOWN: i64 = 30;

/// What became of calls, by their HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Refused,
    Failed,
}

impl Outcome {
    const ALL: [(Self, &'static str); 3] = [(Self::Done, "Done"), (Self::Refused, "Refused"), (Self::Failed, "Failed")];

    fn of(code: i32) -> Self {
        match code {
            ..=399 => Self::Done,
            400..=499 => Self::Refused,
            _ => Self::Failed,
        }
    }
}

/// How often a token was used.
pub(super) struct Used {
    /// The number of today.
    today: i64,
    days: Vec<(i64, i32, i64)>,
    sums: Vec<CallSum>,
}

impl Used {
    /// Reads it of a token of the company.
    pub(super) fn read(tx: &mut Tx<'_>, actor: &Actor, id: &TokenId) -> Done<Self> {
        let today = store::day_of(tx.at());
        let days = store::calls_by_day(tx, actor, id, today - SHOWN + 1)?;
        Ok(Self { today, days, sums: store::call_sums(tx, actor, id)? })
    }

    fn chart(&self) -> Option<Chart> {
        let days = (self.today - SHOWN + 1)..=self.today;
        let of_day = |day: i64| self.days.iter().filter(|(d, ..)| *d == day).map(|(.., n)| n).sum::<i64>();
        let counts: Vec<i64> = days.clone().map(of_day).collect();
        let label = |day: i64| {
            let date = store::day_began(day).date();
            Text::new("{day} {month:text}").arg("day", date.day()).part("month", &month_word(date.month()))
        };
        let sum: i64 = counts.iter().sum();
        let summary = Text::new("Calls by day: {sum:number} in the last 30 days").arg("sum", sum);
        let chart = Chart::bars(summary, "Day", days.map(label).collect(), Series::new("Calls", counts)).wide();
        (sum > 0).then_some(chart)
    }

    /// How many calls ended in a way: in the last days, since the reset, in all; and with which statuses.
    fn row(&self, (outcome, word): (Outcome, &'static str), reset: bool) -> Row {
        let late: i64 = self.days.iter().filter(|(_, c, _)| Outcome::of(*c) == outcome).map(|(.., n)| n).sum();
        let mine: Vec<&CallSum> = self.sums.iter().filter(|sum| Outcome::of(sum.code) == outcome).collect();
        let codes = Text::listed(
            mine.iter().map(|sum| Text::new("{code}: {count:number}").arg("code", sum.code).arg("count", sum.total)),
        );
        let mut name = Cell::text(word).strong();
        if !codes.is_empty() {
            name = name.sub(Cell::text(codes).muted());
        }
        let mut cells = vec![name, Cell::number(late)];
        if reset {
            cells.push(Cell::number(mine.iter().map(|sum| sum.since_reset).sum::<i64>()));
        }
        cells.push(Cell::number(mine.iter().map(|sum| sum.total).sum::<i64>()));
        Row::new(word, cells)
    }
}

/// The section about a token's calls.
pub(super) fn section(ctx: &Ctx, token: &TokenRow, used: &Used) -> Section {
    let since = Text::new("Counted since {since:day}").moment("since", token.counted_since);
    let mut section = Section::new("Calls").note(since);
    if used.sums.is_empty() {
        return section.words("No program has used this token since counting began.");
    }
    section = match used.chart() {
        Some(chart) => section.part(chart),
        None => section.words("No program has used this token in the last 30 days."),
    };
    let mut columns = vec![Column::new("outcome", "Calls").grows(), Column::number("late", "Last 30 days")];
    if let Some(at) = token.calls_reset_at {
        columns.push(Column::number("reset", Text::new("Since {when:day}").moment("when", at)));
    }
    columns.push(Column::number("total", "In all"));
    let rows = Outcome::ALL.into_iter().map(|outcome| used.row(outcome, token.calls_reset_at.is_some()));
    let anew = Button::post("Count anew", ctx.url(&format!("/tokens/{}/calls/reset", token.id))).small();
    section
        .words("Refused are calls with a wrong or ended key too, and those that were not allowed or came too often.")
        .part(Boxed::new("Calls", columns, rows.collect()))
        .part(anew)
}

/// Writes what this process has counted, so that it is in what is read next.
pub(super) async fn write_calls(ctx: &Ctx) -> Result<(), Error> {
    let services = ctx.services().clone();
    Ok(web::block(move || services.calls.write(&services.db)).await??)
}

/// Counts a token's calls anew from now on.
pub async fn do_reset_calls(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let token = parsed(&path.1)?;
    let back = ctx.url(&format!("/tokens/{token}"));
    write_calls(&ctx).await?;
    ctx.act(&posted, move |tx, actor| {
        actions::reset_calls(tx, actor, &token)?;
        Ok(Answer::go(&back).flash(Text::new("The calls are counted anew.")))
    })
    .await
}

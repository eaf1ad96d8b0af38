//! Charts: drawn by the server as SVG, with the same numbers in a table for everybody who wants them exactly.
//!
//! Colours and type come from the style sheet, the geometry from attributes. All sums are exact decimals.
//!
//! ```
//! use causeway::kit::text::Text;
//! use causeway::web::chart::{Chart, Series};
//! let months = ["Sep", "Oct", "Nov"].map(Text::new).to_vec();
//! let now = Series::new("Last 12 months", [4518, 4713, 4812]);
//! let before = Series::new("Year before", [3671, 3744, 3838]);
//! let chart = Chart::lines("Active subscriptions by month: 4,812 now", "Month", months, vec![now, before]).wide();
//! ```

use askama::Template;
use rust_decimal::Decimal;

use super::filters::Number;
use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

const TOP: i64 = 18;
const BOTTOM: i64 = 208;
const HEIGHT: i64 = 232;
/// Room for the numbers of the axis, at the right.
const AXIS: i64 = 46;
/// Values beyond this are drawn at the edge: sums of them would leave the range of exact numbers.
const LARGEST: Decimal = Decimal::from_parts(0, 0, 0x0100_0000, false, 0);
/// Not more words than this stand under a chart.
const LABELS: usize = 12;

/// A row of numbers.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: Text,
    /// Its numbers, one for each label; none where there is none.
    pub values: Vec<Option<Decimal>>,
}

impl Series {
    /// A row without gaps.
    pub fn new<N: Number>(name: impl Into<Text>, values: impl IntoIterator<Item = N>) -> Self {
        Self { name: name.into(), values: values.into_iter().map(|value| Some(value.decimal())).collect() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Lines,
    Bars,
}

/// A chart.
#[derive(Clone, Debug, Template)]
#[template(path = "web/chart.html")]
pub struct Chart {
    /// What it shows, in a sentence that holds the main numbers.
    pub summary: Text,
    /// What the labels are: `Month`.
    pub axis: Text,
    /// The words under it.
    pub labels: Vec<Text>,
    /// The numbers; lines show two rows, the first as the main one, bars show one.
    pub series: Vec<Series>,
    kind: Kind,
    wide: bool,
}

/// The geometry of a chart, in its own units.
struct Plot {
    width: i64,
    right: i64,
    grid: Vec<(Decimal, Decimal)>,
    labels: Vec<(Decimal, Text)>,
    area: String,
    lines: Vec<String>,
    bars: Vec<Bar>,
    last: Option<Point>,
}

/// A bar of a chart.
struct Bar {
    x: Decimal,
    y: Decimal,
    width: Decimal,
    height: Decimal,
    middle: Decimal,
    value: Decimal,
    is_last: bool,
    is_named: bool,
}

/// A point of a line.
#[derive(Clone, Copy)]
struct Point {
    x: Decimal,
    y: Decimal,
    value: Decimal,
}

impl Chart {
    fn new(
        kind: Kind,
        summary: impl Into<Text>,
        axis: impl Into<Text>,
        labels: Vec<Text>,
        series: Vec<Series>,
    ) -> Self {
        Self { summary: summary.into(), axis: axis.into(), labels, series, kind, wide: false }
    }

    /// Lines: how something moves.
    pub fn lines(summary: impl Into<Text>, axis: impl Into<Text>, labels: Vec<Text>, series: Vec<Series>) -> Self {
        Self::new(Kind::Lines, summary, axis, labels, series)
    }

    /// Bars: how much there was each time. The last one is set apart.
    pub fn bars(summary: impl Into<Text>, axis: impl Into<Text>, labels: Vec<Text>, series: Series) -> Self {
        Self::new(Kind::Bars, summary, axis, labels, vec![series])
    }

    /// Over the width of the page; on a narrow screen it scrolls.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The key of the lines; needed for two of them.
    fn needs_key(&self) -> bool {
        self.kind == Kind::Lines && self.series.len() > 1
    }

    /// The numbers of one label, for the table.
    fn row(&self, at: &usize) -> Vec<Option<Decimal>> {
        self.series.iter().map(|series| series.values.get(*at).copied().flatten()).collect()
    }

    fn plot(&self) -> Plot {
        let width = if self.wide { 744 } else { 400 };
        let right = width - AXIS;
        let all: Vec<Decimal> =
            self.series.iter().flat_map(|series| series.values.iter().flatten().copied().map(drawn)).collect();
        let ticks = ticks(&all, self.kind == Kind::Bars);
        let low = ticks.first().copied().unwrap_or_default();
        let span = ticks.last().copied().unwrap_or_default() - low;
        let height = |value: Decimal| {
            let share = (drawn(value) - low).checked_div(span).unwrap_or_default();
            (Decimal::from(BOTTOM) - share * Decimal::from(BOTTOM - TOP)).round_dp(1).normalize()
        };
        let count = self.labels.len().max(1);
        let step = Decimal::from(right) / Decimal::from(count);
        let middle = |at: usize| (step * Decimal::from(at) + step / Decimal::TWO).round_dp(1).normalize();
        let points = |series: &Series| -> Vec<Option<Point>> {
            let point = |(at, value): (usize, &Option<Decimal>)| {
                value.map(|value| Point { x: middle(at), y: height(value), value })
            };
            series.values.iter().take(self.labels.len()).enumerate().map(point).collect()
        };
        let rows: Vec<Vec<Option<Point>>> = self.series.iter().map(points).collect();
        let first = rows.first().map(Vec::as_slice).unwrap_or_default();
        let every = self.labels.len().div_ceil(LABELS).max(1);
        let is_lines = self.kind == Kind::Lines;
        Plot {
            width,
            right,
            grid: ticks.iter().map(|tick| (height(*tick), *tick)).collect(),
            // Counted from the end, so that the latest one is always named.
            labels: (0..self.labels.len())
                .filter(|at| (self.labels.len() - 1 - at).is_multiple_of(every))
                .map(|at| (middle(at), self.labels[at].clone()))
                .collect(),
            area: if is_lines { area(first) } else { String::new() },
            lines: if is_lines { rows.iter().map(|row| line(row)).collect() } else { Vec::new() },
            bars: if is_lines { Vec::new() } else { bars(first, step, height(Decimal::ZERO)) },
            last: first.iter().rev().flatten().next().copied().filter(|_| is_lines),
        }
    }
}

/// The short word for a month, 1 to 12, as it stands under a chart.
#[must_use]
pub fn month_word(month: i8) -> Text {
    const WORDS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    Text::new(usize::try_from(month - 1).ok().and_then(|n| WORDS.get(n)).copied().unwrap_or_default())
}

fn drawn(value: Decimal) -> Decimal {
    value.clamp(-LARGEST, LARGEST)
}

/// The path through the points, broken where there is none.
fn line(points: &[Option<Point>]) -> String {
    let mut path = String::new();
    let mut pen_is_down = false;
    for point in points {
        if let Some(Point { x, y, .. }) = point {
            path.push_str(&format!("{}{x} {y}", if pen_is_down { 'L' } else { 'M' }));
        }
        pen_is_down = point.is_some();
    }
    path
}

/// What is under the line, if it has no gap.
fn area(points: &[Option<Point>]) -> String {
    match (points.first(), points.last()) {
        (Some(Some(first)), Some(Some(last))) if points.iter().all(Option::is_some) && points.len() > 1 => {
            format!("{}L{} {BOTTOM}L{} {BOTTOM}Z", line(points), last.x, first.x)
        }
        _ => String::new(),
    }
}

fn bars(points: &[Option<Point>], step: Decimal, zero: Decimal) -> Vec<Bar> {
    let width = (step * Decimal::new(62, 2)).round_dp(1).normalize();
    let last = points.len().saturating_sub(1);
    let bar = |(at, point): (usize, &Option<Point>)| {
        point.map(|Point { x, y, value }| Bar {
            x: (x - width / Decimal::TWO).round_dp(1).normalize(),
            y: y.min(zero),
            width,
            height: (zero - y).abs().max(Decimal::ONE),
            middle: x,
            value,
            is_last: at == last,
            is_named: points.len() <= LABELS || at + 2 > last,
        })
    };
    points.iter().enumerate().filter_map(bar).collect()
}

/// Round numbers from below the smallest to above the largest value, at most seven, at least two.
fn ticks(values: &[Decimal], from_zero: bool) -> Vec<Decimal> {
    let mut low = values.iter().copied().min().unwrap_or_default();
    let mut high = values.iter().copied().max().unwrap_or_default();
    if from_zero {
        low = low.min(Decimal::ZERO);
        high = high.max(Decimal::ZERO);
    }
    if low == high {
        high = low + Decimal::ONE;
    }
    let step = round_step((high - low) / Decimal::from(4));
    let down = |value: Decimal| (value / step).floor() * step;
    let (mut tick, end) = (down(low), -down(-high));
    let mut ticks = Vec::new();
    while tick <= end && ticks.len() < 8 {
        ticks.push(tick.normalize());
        tick += step;
    }
    ticks
}

/// The next of 1, 2, 2.5, 5 times a power of ten.
fn round_step(rough: Decimal) -> Decimal {
    let mut power = Decimal::ONE;
    while power > rough && power.scale() < 8 {
        power = (power / Decimal::TEN).normalize();
    }
    while power * Decimal::TEN <= rough {
        power *= Decimal::TEN;
    }
    let steps = [Decimal::ONE, Decimal::TWO, Decimal::new(25, 1), Decimal::from(5), Decimal::TEN];
    steps.iter().map(|step| *step * power).find(|step| *step >= rough).unwrap_or(power * Decimal::TEN)
}

/// A small bar within a table: a share of what was before, to the right for more, to the left for less.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<svg class="bar plot" viewBox="0 0 128 16" aria-hidden="true"><line class="base" x1="64.5" x2="64.5" y1="0" y2="16"/><rect class="{% if strong %}b1{% else %}b2{% endif %}" x="{{ x }}" y="4" width="{{ width }}" height="8"/></svg>"#
)]
pub struct ChangeBar {
    x: Decimal,
    width: Decimal,
    strong: bool,
}

impl ChangeBar {
    /// A bar for a change in per cent; 100 or more fill their side. `strong` sets it apart.
    #[must_use]
    pub fn new(percent: Decimal, strong: bool) -> Self {
        let width =
            (percent.abs().min(Decimal::ONE_HUNDRED) * Decimal::new(6, 1)).round_dp(1).max(Decimal::ONE).normalize();
        let x = if percent.is_sign_negative() { Decimal::from(64) - width } else { Decimal::from(65) };
        Self { x, width, strong }
    }
}

parts!(Chart, ChangeBar);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::locale::Reader;
    use crate::web::layout::render;

    fn tick_words(values: &[&str], from_zero: bool) -> String {
        let values: Vec<Decimal> = values.iter().map(|value| value.parse().expect("a number")).collect();
        ticks(&values, from_zero).iter().map(Decimal::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        assert_eq!(tick_words(&["3210", "4812"], false), "3000 3500 4000 4500 5000");
        assert_eq!(tick_words(&["148.6", "184.2"], true), "0 50 100 150 200");
        assert_eq!(tick_words(&["-3", "5"], true), "-4 -2 0 2 4 6");
        assert_eq!(tick_words(&["7"], false), "7 7.25 7.5 7.75 8");
        assert_eq!(tick_words(&[], true), "0 0.25 0.5 0.75 1");
        assert_eq!(tick_words(&["0.0001", "0.0003"], false), "0.0001 0.00015 0.0002 0.00025 0.0003");
    }

    #[test]
    fn a_gap_breaks_the_line_and_a_table_says_the_numbers() -> askama::Result<()> {
        let series = Series { name: Text::new("Now"), values: vec![Some(1.into()), None, Some(3.into())] };
        let labels = ["a", "b", "c"].map(Text::data).to_vec();
        let html = render(&Chart::lines("Sum", "Month", labels, vec![series]), &Reader::plain())?;
        assert_eq!(html.matches(r#"class="l1""#).count(), 1);
        let path = html.split(r#"class="l1" d=""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        assert_eq!(path.matches('M').count(), 2, "{path}");
        assert_eq!(html.matches(r#"<td class="num">"#).count(), 3, "{html}");
        assert!(!html.contains("a1"), "{html}");
        Ok(())
    }

    #[test]
    fn the_largest_numbers_are_drawn() -> askama::Result<()> {
        let labels = ["a", "b"].map(Text::data).to_vec();
        let chart = Chart::lines("Sum", "Month", labels, vec![Series::new("Now", [Decimal::MIN, Decimal::MAX])]);
        render(&chart, &Reader::plain())?;
        Ok(())
    }

    #[test]
    fn an_empty_chart_is_drawn() -> askama::Result<()> {
        let html = render(&Chart::bars("Sum", "Month", Vec::new(), Series::new("Now", [0_i64; 0])), &Reader::plain())?;
        assert!(html.contains("<svg"), "{html}");
        Ok(())
    }

    #[test]
    fn bars_of_changes() {
        let bar = ChangeBar::new(Decimal::from(-250), false);
        assert_eq!((bar.x, bar.width), (4.into(), 60.into()));
    }
}

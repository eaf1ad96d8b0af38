//! Moments and lengths of time as the reader writes them. Moments are microseconds since 1970 in UTC.

use jiff::{Timestamp, Zoned};

use super::{Moment, Reader};
use crate::kit::text::Text;

/// Shown for a moment outside the calendar.
const NO_TIME: &str = "–";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

crate::word_enum! {
    /// How the day of a moment is written.
    pub enum Dates {
        /// `18 Nov 2026`
        Words = "words",
        /// `18.11.2026`
        DayFirst = "dmy",
        /// `11/18/2026`
        MonthFirst = "mdy",
        /// `2026-11-18`
        Iso = "iso",
    }
}

impl Dates {
    /// What people choose it by.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Words => "Day and month in words",
            Self::DayFirst => "18.11.2026",
            Self::MonthFirst => "11/18/2026",
            Self::Iso => "2026-11-18",
        }
    }

    /// What its form is of a day; nothing for words, which depend on the language.
    fn figures(self) -> Option<&'static str> {
        match self {
            Self::Words => None,
            Self::DayFirst => Some("%d.%m.%Y"),
            Self::MonthFirst => Some("%m/%d/%Y"),
            Self::Iso => Some("%Y-%m-%d"),
        }
    }
}

impl Reader {
    /// A moment, short: `Today, 14:58`, `18 Nov, 16:40`; of another year the day alone, `18 Nov 2025`.
    #[must_use]
    pub fn time(&self, at: impl Moment) -> String {
        let Some(at) = self.zoned(at.micros()) else { return NO_TIME.to_owned() };
        let key = match self.zoned(self.now) {
            Some(now) if now.date() == at.date() => "Today, {clock}",
            Some(now) if now.year() == at.year() => "{day} {month:word}, {clock}",
            _ => "{day} {month:word} {year}",
        };
        self.dated(key, &at)
    }

    /// A moment in full: `Wed 18 Nov 2026, 10:11`.
    #[must_use]
    pub fn time_long(&self, at: impl Moment) -> String {
        self.zoned(at.micros()).map_or_else(
            || NO_TIME.to_owned(),
            |at| self.dated("{weekday:word} {day} {month:word} {year}, {clock}", &at),
        )
    }

    /// The day of a moment: `18 Nov 2026`.
    #[must_use]
    pub fn day(&self, at: impl Moment) -> String {
        self.zoned(at.micros()).map_or_else(|| NO_TIME.to_owned(), |at| self.dated("{day} {month:word} {year}", &at))
    }

    /// The time of day: `14:58`.
    #[must_use]
    pub fn clock(&self, at: impl Moment) -> String {
        self.zoned(at.micros()).map_or_else(|| NO_TIME.to_owned(), |at| self.dated("{clock}", &at))
    }

    /// The hour of the reader's present, 0 to 23.
    #[must_use]
    pub fn hour(&self) -> i8 {
        self.zoned(self.now).map_or(12, |now| now.hour())
    }

    /// How long ago a moment was: `2 d 5 h`. A moment to come counts as now.
    #[must_use]
    pub fn since(&self, at: impl Moment) -> String {
        self.span(self.now.saturating_sub(at.micros()).max(0) / 1_000_000)
    }

    /// A length of time in its two largest units: `2 d 5 h`, `22 h 40 min`, `9 min`, `under 1 min`.
    #[must_use]
    pub fn span(&self, seconds: i64) -> String {
        let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE);
        let text = match (days, hours, minutes) {
            (1.., 1.., _) if days < 10 => Text::new("{d} d {h} h"),
            (1.., _, _) => Text::new("{d:number} d"),
            (_, 1.., 1..) => Text::new("{h} h {mm} min"),
            (_, 1.., _) => Text::new("{h} h"),
            (_, _, 1..) => Text::new("{m} min"),
            _ => Text::new("under 1 min"),
        };
        self.text(&text.arg("d", days).arg("h", hours).arg("m", minutes).arg("mm", format_args!("{minutes:02}")))
    }

    /// An estimate of what is left, rounded so that it does not jump: `about 20 s`, `about 3 min`.
    #[must_use]
    pub fn about(&self, seconds: i64) -> String {
        let text = match seconds {
            ..=5 => Text::new("a few seconds"),
            6..=90 => Text::new("about {s} s").arg("s", (seconds + 4) / 5 * 5),
            91..=5400 => Text::new("about {m} min").arg("m", (seconds + 30) / 60),
            _ => Text::new("about {h} h").arg("h", (seconds + 1800) / 3600),
        };
        self.text(&text)
    }

    fn zoned(&self, at: i64) -> Option<Zoned> {
        Some(Timestamp::from_microsecond(at).ok()?.to_zoned(self.zone.clone()))
    }

    fn dated(&self, key: &'static str, at: &Zoned) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        // Both offsets are within their range: months count from 1, days of the week from 0.
        let month = MONTHS[(at.month().unsigned_abs() as usize + 11) % 12];
        let weekday = WEEKDAYS[at.weekday().to_monday_zero_offset().unsigned_abs() as usize % 7];
        let clock = format!("{:02}:{:02}", at.hour(), at.minute());
        if let Some(figures) = self.dates.figures().filter(|_| key.contains("{month:word}")) {
            let key = match (key.contains("{weekday:word}"), key.contains("{clock}")) {
                (true, _) => "{weekday:word} {date}, {clock}",
                (false, true) => "{date}, {clock}",
                (false, false) => "{date}",
            };
            let date = at.strftime(figures).to_string();
            return self.text(&Text::new(key).arg("weekday", weekday).arg("date", date).arg("clock", clock));
        }
        let text =
            Text::new(key).arg("weekday", weekday).arg("day", at.day()).arg("month", month).arg("year", at.year());
        self.text(&text.arg("clock", clock))
    }
}

/// A moment for machines, whole seconds in UTC: `2026-11-18T09:12:04Z`. Empty outside the calendar.
#[must_use]
pub fn iso(at: impl Moment) -> String {
    Timestamp::from_microsecond(at.micros()).map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// The exact moment for people, in UTC: `2026-11-18 09:12:04 UTC`. Empty outside the calendar.
#[must_use]
pub fn exact(at: impl Moment) -> String {
    Timestamp::from_microsecond(at.micros())
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 14:32:00 UTC, which is 15:32 in Berlin.
    const NOW: i64 = 1_795_185_120_000_000;

    fn berlin() -> Reader {
        Reader::new("en", "Europe/Berlin", NOW)
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("a moment").as_microsecond()
    }

    #[test]
    fn the_constant_is_what_it_says() {
        assert_eq!(exact(NOW), "2026-11-20 14:32:00 UTC");
        assert_eq!(iso(NOW), "2026-11-20T14:32:00Z");
    }

    #[test]
    fn short_times_name_only_what_differs() {
        assert_eq!(berlin().time(at("2026-11-20T13:58:22Z")), "Today, 14:58");
        assert_eq!(berlin().time(at("2026-11-18T15:40:11Z")), "18 Nov, 16:40");
        assert_eq!(berlin().time(at("2025-12-31T23:30:00Z")), "1 Jan, 00:30");
        assert_eq!(berlin().time(at("2025-12-31T22:30:00Z")), "31 Dec 2025");
    }

    #[test]
    fn long_times_days_and_clocks() {
        assert_eq!(berlin().time_long(at("2026-11-18T09:11:47Z")), "Wed 18 Nov 2026, 10:11");
        assert_eq!(berlin().day(at("2026-06-30T22:30:00Z")), "1 Jul 2026");
        assert_eq!(berlin().clock(at("2026-11-20T08:05:00Z")), "09:05");
    }

    #[test]
    fn waiting_is_told_in_two_units() {
        let ago = |seconds: i64| berlin().since(NOW - seconds * 1_000_000);
        assert_eq!([ago(2 * DAY + 5 * HOUR + 59), ago(4 * DAY), ago(12 * DAY + 3 * HOUR)], ["2 d 5 h", "4 d", "12 d"]);
        assert_eq!(
            [ago(HOUR + 9 * MINUTE), ago(22 * HOUR), ago(59), ago(-60)],
            ["1 h 09 min", "22 h", "under 1 min", "under 1 min"]
        );
    }

    #[test]
    fn estimates_are_rounded() {
        let reader = Reader::plain();
        assert_eq!(
            [2, 18, 20, 100, 9000].map(|s| reader.about(s)),
            ["a few seconds", "about 20 s", "about 20 s", "about 2 min", "about 3 h"]
        );
    }

    #[test]
    fn moments_outside_the_calendar_are_a_dash() {
        assert_eq!(berlin().time(i64::MAX), "–");
        assert_eq!(iso(i64::MIN), "");
        assert_eq!(berlin().since(i64::MIN), "106,751,991 d");
    }
}

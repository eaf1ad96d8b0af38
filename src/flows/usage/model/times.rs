//! Dates and times as vendors write them into a sheet. All are UTC.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::kit::Time;

/// Reads `2019-11-13 07:20:42`, `2020-02-25 9:21:39`, `2018-12-26`, and ISO 8601 with `T`, fraction and zone, which is
/// taken to UTC. Nothing for anything else, day-month-year among it.
pub fn read_moment(text: &str) -> Option<Time> {
    let text = text.trim();
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start()),
        None => (text, ""),
    };
    let date = read_date(date)?;
    if time.is_empty() {
        return Time::of_date(date);
    }
    if time.ends_with(['Z', 'z']) || time.contains(['+', '-']) {
        let iso = format!("{date}T{}", with_two_digit_hour(time));
        return iso.parse::<Timestamp>().ok().map(Time::from_jiff);
    }
    let at = read_time(date, time)?;
    Some(of_civil(at))
}

/// A civil date and time, taken as UTC.
pub(super) fn of_civil(at: DateTime) -> Time {
    jiff::tz::TimeZone::UTC.to_timestamp(at).map_or(Time(i64::MAX), Time::from_jiff)
}

/// A moment as the sheets show it: `2021-07-05 00:00:00`.
pub fn shown(at: Time) -> String {
    at.civil().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn read_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return None;
    }
    Date::new(digits(year)?, digits(month)?, digits(day)?).ok()
}

fn read_time(date: Date, text: &str) -> Option<DateTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    let short = |part: &str| (1..=2).contains(&part.len());
    if parts.next().is_some() || !short(hour) || minute.len() != 2 || second.len() != 2 || fraction.len() > 9 {
        return None;
    }
    if text.contains('.') && (fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    DateTime::new(date.year(), date.month(), date.day(), digits(hour)?, digits(minute)?, digits(second)?, nanos).ok()
}

fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn with_two_digit_hour(time: &str) -> String {
    if time.as_bytes().get(1) == Some(&b':') { format!("0{time}") } else { time.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_real_files_hold() {
        for (text, want) in [
            ("2019-11-13 07:20:42", "2019-11-13 07:20:42"),
            ("2020-02-25 9:21:39", "2020-02-25 09:21:39"),
            ("2018-12-26", "2018-12-26 00:00:00"),
            (" 2026-05-31T23:59:59Z ", "2026-05-31 23:59:59"),
            ("2026-05-31T23:59:59", "2026-05-31 23:59:59"),
            ("2026-05-31T9:59:59+02:00", "2026-05-31 07:59:59"),
            ("2026-05-31 23:59", "2026-05-31 23:59:00"),
            ("2026-05-31 23:59:59.999", "2026-05-31 23:59:59"),
            ("2026-5-1 00:00:00", "2026-05-01 00:00:00"),
        ] {
            assert_eq!(read_moment(text).map(shown).as_deref(), Some(want), "{text}");
        }
        for bad in [
            "",
            "31-05-2026 00:00:00",
            "05/31/2026",
            "2026-02-30",
            "2026-05-31 24:00:00",
            "2026-05-31 1:2:3",
            "yesterday",
            "2026-05-31 12",
            "44000",
            "2026-05-31 12:00:00.",
        ] {
            assert_eq!(read_moment(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(seconds in -60_000_000_000i64..200_000_000_000) {
            let at = Time(0).plus_seconds(seconds);
            prop_assert_eq!(read_moment(&shown(at)), Some(at));
        }

        #[test]
        fn never_panics(text in "[-+0-9TZ:. ]{0,42}|.{0,10}") { let _ = read_moment(&text); }
    }
}

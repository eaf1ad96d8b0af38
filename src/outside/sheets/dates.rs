//! Dates of a spreadsheet: which number formats mean a date, and which moment a number means.

use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Span};

use super::cell::BadCell;

/// Where the day count of a workbook starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateSystem {
    /// Day 1 is 1900-01-01, and there is a 1900-02-29 that never was. Almost every file.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01. Files of old Macintosh programs.
    From1904,
}

const MILLIS_PER_DAY: u64 = 86_400_000;

/// The moment meant by a day count with a fraction, given as plain decimal text; rounded to the
/// millisecond, which is finer than any spreadsheet program keeps it.
pub fn from_serial(serial: &str, system: DateSystem) -> Result<DateTime, BadCell> {
    let no_date = || BadCell::NotADate(serial.to_owned());
    let (whole, fraction) = serial.split_once('.').unwrap_or((serial, ""));
    let day: i64 = whole.parse().map_err(|_| no_date())?;
    if serial.starts_with('-') {
        return Err(no_date());
    }
    if day == 0 {
        return Err(BadCell::TimeWithoutDate(serial.to_owned()));
    }
    let first: Date = match system {
        DateSystem::From1900 if day < 60 => date(1899, 12, 31),
        DateSystem::From1900 if day == 60 => return Err(no_date()),
        DateSystem::From1900 => date(1899, 12, 30),
        DateSystem::From1904 => date(1904, 1, 1),
    };
    let millis = i64::try_from(millis_of(fraction)).map_err(|_| no_date())?;
    Span::new()
        .try_days(day)
        .and_then(|days| first.checked_add(days))
        .and_then(|date| date.at(0, 0, 0, 0).checked_add(SignedDuration::from_millis(millis)))
        .map_err(|_| no_date())
}

/// Milliseconds of a fraction of a day given as the digits behind the point, rounded.
fn millis_of(fraction: &str) -> u64 {
    // Twelve digits are a tenth of a microsecond; more cannot move a millisecond.
    const PLACES: usize = 12;
    let mut value: u64 = 0;
    let mut scale: u64 = 1;
    for byte in fraction.bytes().take(PLACES) {
        value = value * 10 + u64::from(byte.saturating_sub(b'0').min(9));
        scale *= 10;
    }
    // Below 10^12 times 8.64 * 10^7: needs 128 bits, and the quotient is one day at most.
    let millis = (u128::from(value) * u128::from(MILLIS_PER_DAY) * 2 + u128::from(scale)) / (2 * u128::from(scale));
    u64::try_from(millis).unwrap_or(MILLIS_PER_DAY)
}

/// Reads an ISO date (`2025-01-31`) or date and time (`2025-01-31T09:00:00`, with zone: taken to UTC).
pub fn from_iso(text: &str) -> Result<DateTime, BadCell> {
    let text = text.trim();
    let no_date = || BadCell::NotADate(text.to_owned());
    if text.len() > 40 {
        return Err(BadCell::NotADate("a text".into()));
    }
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Ok(moment.to_zoned(jiff::tz::TimeZone::UTC).datetime());
    }
    if text.contains('[') {
        return Err(no_date());
    }
    if let Ok(at) = text.parse::<DateTime>() {
        return Ok(at);
    }
    Err(no_date())
}

/// Whether a number format with this built-in number shows a date.
pub fn is_builtin_date(id: u32) -> bool {
    // 45 to 47 are lengths of time; 27 to 36, 50 to 58 and 71 to 81 are dates of East Asian and Thai Excel.
    matches!(id, 14..=22 | 27..=36 | 50..=58 | 71..=81)
}

/// Whether a number format shows a date or a time of day: it has `d`, `m`, `y`, `h` or `s` outside
/// quotes, escapes and brackets. A length of time (`[h]:mm`) is not a date.
pub fn is_date_format(code: &str) -> bool {
    let mut chars = code.chars();
    let mut found = false;
    while let Some(char) = chars.next() {
        match char {
            '"' => {
                chars.by_ref().find(|char| *char == '"');
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|char| *char != ']').collect();
                let elapsed = !inside.is_empty()
                    && (inside.chars().all(|char| matches!(char, 'h' | 'H'))
                        || inside.chars().all(|char| matches!(char, 'm' | 'M'))
                        || inside.chars().all(|char| matches!(char, 's' | 'S')));
                if elapsed {
                    return false;
                }
            }
            // The later sections are for negative numbers, zero and text.
            ';' => break,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => found = true,
            _ => {}
        }
    }
    // `General` and its like have none of the letters; words in other scripts neither.
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(serial: &str) -> String {
        match from_serial(serial, DateSystem::From1900) {
            Ok(at) => at.to_string(),
            Err(bad) => format!("{bad:?}"),
        }
    }

    #[test]
    fn the_calendar_of_1900_has_a_day_that_never_was() {
        assert_eq!(at("1"), "1900-01-01T00:00:00");
        assert_eq!(at("59"), "1900-02-28T00:00:00");
        assert_eq!(at("60"), "NotADate(\"60\")");
        assert_eq!(at("61"), "1900-03-01T00:00:00");
        assert_eq!(at("43782"), "2019-11-13T00:00:00");
        assert_eq!(at("2958465"), "9999-12-31T00:00:00");
        assert_eq!(at("2958466"), "NotADate(\"2958466\")");
        assert_eq!(at("9223372036854775807"), "NotADate(\"9223372036854775807\")");
        assert_eq!(at("-1"), "NotADate(\"-1\")");
        assert_eq!(at("-0.5"), "NotADate(\"-0.5\")");
        assert_eq!(at("0.5"), "TimeWithoutDate(\"0.5\")");
        let old = from_serial("1", DateSystem::From1904).unwrap();
        assert_eq!(old.to_string(), "1904-01-02T00:00:00");
    }

    #[test]
    fn every_second_of_a_day_survives_the_fraction() {
        let start = date(2026, 5, 31).at(0, 0, 0, 0);
        for second in 0..86_400_i64 {
            // What a spreadsheet program stores, in the digits of a double.
            let serial = 46173.0 + f64::from(i32::try_from(second).unwrap()) / 86_400.0;
            let read = from_serial(&format!("{serial}"), DateSystem::From1900).unwrap();
            assert_eq!(read, start.checked_add(SignedDuration::from_secs(second)).unwrap());
        }
        assert_eq!(at("46173.999999999999"), "2026-06-01T00:00:00");
        assert_eq!(at("46173.50000001157"), "2026-05-31T12:00:00.001");
    }

    #[test]
    fn iso_dates_are_read_in_utc() {
        for (text, read) in [
            ("2019-11-13", "2019-11-13T00:00:00"),
            ("2019-11-13T07:20:42", "2019-11-13T07:20:42"),
            ("2019-11-13T07:20:42Z", "2019-11-13T07:20:42"),
            ("2019-11-13T07:20:42+02:00", "2019-11-13T05:20:42"),
        ] {
            assert_eq!(from_iso(text).unwrap().to_string(), read);
        }
        for text in ["", "13/11/2019", "2019-11-13[Europe/Madrid]", &"2".repeat(5000)] {
            assert!(matches!(from_iso(text), Err(BadCell::NotADate(_))), "{text}");
        }
    }

    #[test]
    fn formats_are_told_apart() {
        for code in
            ["yyyy-mm-dd hh:mm:ss", "m/d/yy h:mm", "[$-409]d-mmm-yy;@", "[Red]dd/mm/yyyy", "h:mm AM/PM", "\"at\" hh:mm"]
        {
            assert!(is_date_format(code), "{code}");
        }
        for code in
            ["General", "0.00", "#,##0.00\\ \"months\"", "[h]:mm:ss", "0.00E+00", "@", "[Red]0;[Blue]d", "_d0", "\"d"]
        {
            assert!(!is_date_format(code), "{code}");
        }
        assert!(is_builtin_date(14) && is_builtin_date(22) && !is_builtin_date(46) && !is_builtin_date(2));
    }
}

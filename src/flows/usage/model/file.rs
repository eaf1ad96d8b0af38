//! A usage file's own values: name, period, counters, the ids of its records.

use crate::kit::{Problems, Text, Time, UsageFileId};

use super::state::FileStatus;
use super::times;

/// Rows of a file that are looked at as categories.
pub const MAX_CATEGORIES: usize = 10_000;
/// Items that one file may bring along.
pub const MAX_NEW_ITEMS: usize = 2_000;
/// Problems that are noted of one row.
pub const MAX_PROBLEMS: usize = 12;

crate::word_enum! {
    /// What goes on after a file was accepted.
    pub enum SubStatus { Processing = "processing", Processed = "processed" }
}

/// The time a file speaks of: from a moment, to before another. People see the last moment inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Time,
    /// The first moment that is no longer part of it.
    pub end: Time,
}

impl Period {
    /// Reads both ends; each is a date or a date and time. A date, or midnight, at the end means the whole day.
    pub fn read(problems: &mut Problems, field: &str, from: &str, to: &str) -> Option<Self> {
        let mut moment = |name: &str, text: &str| {
            let at = times::read_moment(text);
            problems.check(at.is_some(), &format!("{field}.{name}"), || {
                Text::new("“{value}” is not a date. Write it like 2026-05-31.").arg("value", text)
            });
            at
        };
        let (from, to) = (moment("from", from), moment("to", to));
        let (from, to) = (from?, to?);
        let midnight = to.0.rem_euclid(DAY) == 0;
        let end = Time(to.0.saturating_add(if midnight { DAY } else { 1_000_000 }));
        problems.check(from < end, &format!("{field}.to"), || {
            Text::new("The period ends on {to}, before it starts on {from}. Swap them, or correct one.")
                .arg("to", to.date())
                .arg("from", from.date())
        });
        (from < end).then_some(Self { from, end })
    }

    /// The last second inside.
    pub fn last(self) -> Time {
        Time(self.end.0 - 1_000_000)
    }

    /// The name that a file without one gets: `07/05/2021 - 07/08/2021`.
    pub fn name(self) -> String {
        let day = |at: Time| at.date().strftime("%m/%d/%Y").to_string();
        format!("{} - {}", day(self.from), day(self.last()))
    }
}

const DAY: i64 = 24 * 3600 * 1_000_000;

/// What a person or program wants of a new or changed file, not yet looked at.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its name; made from the period if empty.
    pub name: String,
    /// The vendor's own number.
    pub external_id: Option<String>,
    /// What the distributor reads with it.
    pub description: String,
    /// What only the vendor reads.
    pub note: String,
    /// The time it speaks of.
    pub period: Option<Period>,
    /// In what money its amounts are.
    pub currency: Option<String>,
}

impl Draft {
    /// Trims the texts and notes what is wrong. `marketplace` is the currency of the file's marketplace; `priced` says
    /// whether the file carries amounts.
    #[must_use]
    pub fn checked(mut self, problems: &mut Problems, marketplace: &str, priced: bool) -> Self {
        if self.name.trim().is_empty() {
            self.name = self.period.map(Period::name).unwrap_or_default();
        }
        self.name = problems.text("name", &self.name, 100);
        self.external_id = problems.optional("external_id", self.external_id.as_deref().unwrap_or_default(), 200);
        self.description = problems.optional("description", &self.description, 200).unwrap_or_default();
        self.note = problems.optional("note", &self.note, 200).unwrap_or_default();
        let currency = self.currency.as_deref().unwrap_or_default().trim().to_ascii_uppercase();
        problems.check(currency.is_empty() || currency == marketplace, "currency", || {
            Text::new("The currency is {currency}; this marketplace works in {own}. Use {own}, or leave it out.")
                .arg("currency", &currency)
                .arg("own", marketplace)
        });
        self.currency = (priced || !currency.is_empty()).then(|| marketplace.to_owned());
        self
    }
}

/// How many rows of a file's visible upload there are, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Rows in the file.
    pub uploaded: i64,
    /// Rows without a fault.
    pub valid: i64,
    /// Rows with a fault.
    pub invalid: i64,
    /// Closed records.
    pub closed: i64,
    /// Records with a billing id.
    pub billed: i64,
}

/// What the distributor said of single records while the file is pending. A file is not accepted while one is rejected; that
/// it is rejected overrides all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Records that were approved.
    pub approved: i64,
    /// Records that were rejected.
    pub rejected: i64,
}

/// The API's `stats`: all rows, and how many records are in each stage now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows in the file.
    pub uploaded: i64,
    /// Good rows of a file that was not submitted.
    pub validated: i64,
    /// Records that the distributor looks at.
    pub pending: i64,
    /// Records that were agreed and are not closed.
    pub accepted: i64,
    /// Closed records.
    pub closed: i64,
    /// Records with a billing id.
    pub billed: i64,
}

impl Figures {
    /// Where the records stand while the file is in `status`.
    pub fn counts(self, status: FileStatus) -> Counts {
        let open = self.valid - self.closed;
        let now = |stage: bool| if stage { open } else { 0 };
        Counts {
            uploaded: self.uploaded,
            validated: now(matches!(status, FileStatus::Invalid | FileStatus::Ready)),
            pending: now(status == FileStatus::Pending),
            accepted: now(matches!(status, FileStatus::Accepted | FileStatus::Closed)),
            closed: self.closed,
            billed: self.billed,
        }
    }

    /// Records that can still be closed once the file is accepted.
    pub fn open(self) -> i64 {
        self.valid - self.closed
    }
}

/// Where a record lies: in which file, in which of its last hundred uploads, and which one it is there, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowId {
    /// The file.
    pub file: UsageFileId,
    /// The upload's number modulo a hundred.
    pub lane: u8,
    /// The place among the rows, from 1.
    pub place: u32,
}

/// The id of a file's record: `UR-2026-05-1234-5678-0100-0042` is row 42 of the first upload. `place` is below a million.
pub fn record_id(file: &UsageFileId, generation: i32, place: u32) -> String {
    let digits = format!("{:02}{place:06}", generation.rem_euclid(100));
    format!("UR-{}-{}-{}", file.digits(), &digits[..4], &digits[4..])
}

/// Takes a record's id apart; nothing if the text is not one.
pub fn locate(id: &str) -> Option<RowId> {
    let digits = id.strip_prefix("UR-").filter(|d| d.len() == 27 && d.is_ascii())?;
    let (file, rest) = digits.split_at(17);
    let (lane, place) = rest.strip_prefix('-')?.split_once('-')?;
    let rest = format!("{lane}{place}");
    if lane.len() != 4 || place.len() != 4 || !rest.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(RowId {
        file: UsageFileId::parse(&format!("UF-{file}"))?,
        lane: rest[..2].parse().ok()?,
        place: rest[2..].parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Result<Period, String> {
        let mut problems = Problems::default();
        let period = Period::read(&mut problems, "period", from, to);
        problems.done().map_err(|r| r.to_string())?;
        period.ok_or_else(|| "none".to_owned())
    }

    #[test]
    fn a_period_includes_its_last_day() {
        let p = period("2021-07-05", "2021-07-08").unwrap();
        assert_eq!(
            (times::shown(p.from), times::shown(p.last())),
            ("2021-07-05 00:00:00".into(), "2021-07-08 23:59:59".into())
        );
        assert_eq!(p.name(), "07/05/2021 - 07/08/2021");
        assert_eq!(
            period("2026-05-01T00:00:00Z", "2026-05-31 00:00:00").unwrap().last(),
            Time::parse("2026-05-31 23:59:59").unwrap()
        );
        assert_eq!(period("2026-05-01", "2026-05-31 23:59:59").unwrap().name(), "05/01/2026 - 05/31/2026");
        assert!(period("2021-07-05", "2021-07-05").is_ok());
        assert_eq!(
            period("2021-07-05", "2021-07-04").unwrap_err(),
            "period.to: The period ends on 2021-07-04, before it starts on 2021-07-05. Swap them, or correct one."
        );
        assert!(period("05.07.2021", "").is_err());
    }

    #[test]
    fn a_draft_takes_its_name_from_the_period_and_its_money_from_the_marketplace() {
        let mut problems = Problems::default();
        let draft = Draft { period: period("2021-07-05", "2021-07-08").ok(), ..Draft::default() }.checked(
            &mut problems,
            "EUR",
            true,
        );
        assert_eq!((draft.name.as_str(), draft.currency.as_deref()), ("07/05/2021 - 07/08/2021", Some("EUR")));
        let draft = Draft { name: "x".into(), currency: Some("usd".into()), ..Draft::default() }.checked(
            &mut problems,
            "EUR",
            false,
        );
        assert_eq!(draft.currency.as_deref(), Some("EUR"));
        assert_eq!(
            problems.done().unwrap_err().to_string(),
            "currency: The currency is USD; this marketplace works in EUR. Use EUR, or leave it out."
        );
        let mut problems = Problems::default();
        let _ = Draft::default().checked(&mut problems, "EUR", false);
        assert_eq!(problems.done().unwrap_err().to_string(), "name: This field is required.");
    }

    #[test]
    fn counters_are_a_distribution() {
        let figures = Figures { uploaded: 5, valid: 4, invalid: 1, closed: 1, billed: 1 };
        let counts = figures.counts(FileStatus::Accepted);
        assert_eq!(
            (counts.uploaded, counts.validated, counts.pending, counts.accepted, counts.closed),
            (5, 0, 0, 3, 1)
        );
        let counts = Figures { uploaded: 2, valid: 2, closed: 2, ..Figures::default() }.counts(FileStatus::Closed);
        assert_eq!(
            (counts.uploaded, counts.validated, counts.pending, counts.accepted, counts.closed),
            (2, 0, 0, 0, 2)
        );
    }

    #[test]
    fn record_ids_say_where_a_row_lies() {
        let file = UsageFileId::parse("UF-2026-05-1234-5678").unwrap();
        let id = record_id(&file, 1, 42);
        assert_eq!(id, "UR-2026-05-1234-5678-0100-0042");
        assert_eq!(locate(&id), Some(RowId { file: file.clone(), lane: 1, place: 42 }));
        assert_eq!(record_id(&file, 101, 999_999), "UR-2026-05-1234-5678-0199-9999");
        for bad in [
            "",
            "UR-552-340-461",
            "UR-2026-05-1234-5678-0100-004",
            "UR-2026-05-1234-5678-01000-042",
            "UR-2026-05-1234-5678-01x0-0042",
            "UR-ääää-05-1234-5678-0100-004",
        ] {
            assert_eq!(locate(bad), None, "{bad}");
        }
        assert!(record_id(&file, 2, 1) > record_id(&file, 1, 400_000));
    }
}

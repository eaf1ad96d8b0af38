//! A moment, in UTC microseconds.

use std::fmt;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A moment: microseconds since 1970-01-01T00:00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Time(pub i64);

impl Time {
    /// From a `jiff` timestamp; parts below a microsecond are dropped.
    pub fn from_jiff(t: Timestamp) -> Self {
        Self(t.as_microsecond())
    }

    /// As a `jiff` timestamp. Every stored moment is inside its range; others are clamped.
    pub fn jiff(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// Reads ISO 8601 with or without zone (then UTC), or a bare date (midnight UTC).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(t) = text.parse::<Timestamp>() {
            return Some(Self::from_jiff(t));
        }
        let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|d| d.at(0, 0, 0, 0))).ok()?;
        TimeZone::UTC.to_timestamp(civil).ok().map(Self::from_jiff)
    }

    /// Midnight UTC of a date.
    pub fn of_date(date: Date) -> Option<Self> {
        TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok().map(Self::from_jiff)
    }

    /// The date in UTC.
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// Date and time in UTC.
    pub fn civil(self) -> DateTime {
        TimeZone::UTC.to_datetime(self.jiff())
    }

    /// As the API writes it: whole seconds with `+00:00`.
    pub fn wire(self) -> String {
        format!("{}+00:00", self.civil().strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// So many seconds later.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl super::locale::Moment for Time {
    fn micros(&self) -> i64 {
        self.0
    }
}

impl From<Time> for i64 {
    fn from(t: Time) -> i64 {
        t.0
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wire())
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.wire())
    }
}

impl<'de> serde::Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a date and time")))
    }
}

impl utoipa::PartialSchema for Time {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .into()
    }
}
impl utoipa::ToSchema for Time {}

impl<DB> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for Time
where
    DB: diesel::backend::Backend,
    i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB> for Time
where
    DB: diesel::backend::Backend,
    i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_clients_send() {
        for text in
            ["2021-01-02T03:04:05+00:00", "2021-01-02T03:04:05Z", "2021-01-02T05:04:05+02:00", "2021-01-02 03:04:05"]
        {
            assert_eq!(Time::parse(text).map(Time::wire).as_deref(), Some("2021-01-02T03:04:05+00:00"), "{text}");
        }
        assert_eq!(Time::parse("2021-01-02").map(Time::wire).as_deref(), Some("2021-01-02T00:00:00+00:00"));
        for bad in ["", "yesterday", "2021-13-01", "2021-02-30T00:00:00Z"] {
            assert_eq!(Time::parse(bad), None, "{bad}");
        }
    }
}

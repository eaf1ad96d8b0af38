//! Column types that differ between the databases: JSON documents and exact decimals.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::pg::data_types::PgNumeric;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, Numeric, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::io::Write;

use super::connection::MultiBackend;
use crate::kit::Amount;
use crate::kit::column::{Doc, ExactDecimal, JsonDoc};

impl HasSqlType<JsonDoc> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        MultiBackend::lookup_sql_type::<JsonDoc>(lookup)
    }
}
impl HasSqlType<ExactDecimal> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        MultiBackend::lookup_sql_type::<ExactDecimal>(lookup)
    }
}

impl<T: Debug + DeserializeOwned> FromSql<JsonDoc, MultiBackend> for Doc<T> {
    fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Doc<T>, JsonDoc>()
    }
}
impl<T: Debug + Serialize + Send + Sync + 'static> ToSql<JsonDoc, MultiBackend> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((JsonDoc, self));
        Ok(IsNull::No)
    }
}
impl<T: Debug + DeserializeOwned> FromSql<JsonDoc, Pg> for Doc<T> {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        // The binary form of jsonb is one version byte and the text.
        let bytes = value.as_bytes();
        match bytes.split_first() {
            Some((1, json)) => Ok(Doc(serde_json::from_slice(json)?)),
            _ => Err("unknown version of jsonb".into()),
        }
    }
}
impl<T: Debug + Serialize> ToSql<JsonDoc, Pg> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: Debug + DeserializeOwned> FromSql<JsonDoc, Sqlite> for Doc<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Doc(serde_json::from_str(&text)?))
    }
}
impl<T: Debug + Serialize> ToSql<JsonDoc, Sqlite> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl FromSql<ExactDecimal, MultiBackend> for Amount {
    fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        bytes.from_sql::<Amount, ExactDecimal>()
    }
}
impl ToSql<ExactDecimal, MultiBackend> for Amount {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((ExactDecimal, self));
        Ok(IsNull::No)
    }
}
impl FromSql<ExactDecimal, Sqlite> for Amount {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Amount::parse(&text)?)
    }
}
impl ToSql<ExactDecimal, Sqlite> for Amount {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<ExactDecimal, Pg> for Amount {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let numeric = <PgNumeric as FromSql<Numeric, Pg>>::from_sql(value)?;
        Ok(Amount::parse(&numeric_text(&numeric).ok_or("NaN in a decimal column")?)?)
    }
}
impl ToSql<ExactDecimal, Pg> for Amount {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let numeric = numeric_of(&self.to_string());
        <PgNumeric as ToSql<Numeric, Pg>>::to_sql(&numeric, &mut out.reborrow())
    }
}

/// PostgreSQL's numeric is a list of digits to the base 10000; `weight` is the power of the first.
fn numeric_text(n: &PgNumeric) -> Option<String> {
    let (sign, weight, digits) = match n {
        PgNumeric::Positive { weight, digits, .. } => ("", *weight, digits),
        PgNumeric::Negative { weight, digits, .. } => ("-", *weight, digits),
        PgNumeric::NaN => return None,
    };
    let digit = |power: i16| {
        let place = i32::from(weight) - i32::from(power);
        usize::try_from(place).ok().and_then(|p| digits.get(p)).copied().unwrap_or(0)
    };
    let mut text = String::from(sign);
    if weight < 0 {
        text.push('0');
    }
    for power in (0..=weight).rev() {
        text.push_str(&format!("{:04}", digit(power)));
    }
    text.push('.');
    let last = i32::from(weight) - i32::try_from(digits.len()).ok()? + 1;
    for power in (last.min(-1)..0).rev() {
        text.push_str(&format!("{:04}", digit(i16::try_from(power).ok()?)));
    }
    Some(text)
}

fn numeric_of(text: &str) -> PgNumeric {
    let (negative, plain) = text.strip_prefix('-').map_or((false, text), |t| (true, t));
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let scale = part.len() as u16;
    let whole = format!("{}{whole}", "0".repeat((4 - whole.len() % 4) % 4));
    let part = format!("{part}{}", "0".repeat((4 - part.len() % 4) % 4));
    let group = |t: &str| -> Vec<i16> {
        t.as_bytes().chunks(4).map(|c| c.iter().fold(0, |n, d| n * 10 + i16::from(d - b'0'))).collect()
    };
    let mut digits = group(&whole);
    let mut weight = digits.len() as i16 - 1;
    digits.extend(group(&part));
    while digits.first() == Some(&0) {
        digits.remove(0);
        weight -= 1;
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
    if digits.is_empty() {
        weight = 0;
    }
    if negative { PgNumeric::Negative { weight, scale, digits } } else { PgNumeric::Positive { weight, scale, digits } }
}

diesel::define_sql_function! {
    /// Exact sum of canonical decimals on SQLite; `sum` on PostgreSQL.
    #[aggregate]
    fn decimal_sum(x: Text) -> Text;
}

#[derive(Default)]
struct DecimalSum(Option<rust_decimal::Decimal>);

impl diesel::sqlite::SqliteAggregateFunction<String> for DecimalSum {
    type Output = String;
    fn step(&mut self, text: String) {
        let term = Amount::parse(&text).map(Amount::decimal).unwrap_or_default();
        self.0 = Some(self.0.unwrap_or_default().saturating_add(term));
    }
    fn finalize(sum: Option<Self>) -> String {
        sum.and_then(|s| s.0).unwrap_or_default().normalize().to_string()
    }
}

/// Teaches a SQLite connection the collation `decimal` and the aggregate `decimal_sum`.
pub(super) fn register_decimal(conn: &mut SqliteConnection) -> diesel::QueryResult<()> {
    // diesel 2.3 hands the right side over first.
    conn.register_collation("decimal", |right, left| match (Amount::parse(left), Amount::parse(right)) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    })?;
    decimal_sum_utils::register_impl::<DecimalSum, _>(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numeric_survives(whole in 0u64.., part in 0u32..100_000_000, minus: bool) {
            let text = Amount::parse(&format!("{}{whole}.{part:08}", if minus { "-" } else { "" })).unwrap().to_string();
            let back = Amount::parse(&numeric_text(&numeric_of(&text)).unwrap()).unwrap();
            prop_assert_eq!(back.to_string(), text);
        }
    }
}

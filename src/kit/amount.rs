//! Exact amounts of money and quantities: decimal, never binary floating point.

use std::fmt;
use std::str::FromStr;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use rust_decimal::Decimal;

/// A decimal of at most 20 digits before and 8 after the point; so 28 digits in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = super::column::ExactDecimal)]
pub struct Amount(Decimal);

/// Why a text is not an [`Amount`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// Not digits with at most one point and a leading sign.
    #[error("not a number")]
    NotANumber,
    /// More than 8 digits after the point.
    #[error("more than 8 digits after the point")]
    TooFine,
    /// More than 20 digits before the point.
    #[error("more than 20 digits before the point")]
    TooLarge,
}

/// The largest absolute value is just below this.
const LIMIT: Decimal = Decimal::from_parts(0x6310_0000, 0x6bc7_5e2d, 0x5, false, 0);

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(Decimal::ZERO);

    /// Reads digits with an optional sign and point, `-12.50`. No exponent, no separators, no spaces.
    pub fn parse(text: &str) -> Result<Self, BadAmount> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(part) || (whole.is_empty() && part.is_empty()) || (digits.ends_with('.')) {
            return Err(BadAmount::NotANumber);
        }
        if part.trim_end_matches('0').len() > 8 {
            return Err(BadAmount::TooFine);
        }
        if whole.trim_start_matches('0').len() > 20 {
            return Err(BadAmount::TooLarge);
        }
        let short = format!(
            "{}{}.{}",
            if text.starts_with('-') { "-" } else { "" },
            if whole.is_empty() { "0" } else { whole },
            if part.is_empty() { "0" } else { part.trim_end_matches('0') }
        );
        let short = short.trim_end_matches('.');
        Decimal::from_str(short).map_err(|_| BadAmount::NotANumber).map(|d| Self(d.normalize()))
    }

    /// A whole number.
    pub fn whole(n: i64) -> Self {
        Self(Decimal::from(n))
    }

    /// The value as a `rust_decimal`.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// From a decimal, if it fits.
    pub fn from_decimal(d: Decimal) -> Result<Self, BadAmount> {
        let d = d.normalize();
        if d.scale() > 8 {
            Err(BadAmount::TooFine)
        } else if d.abs() >= LIMIT {
            Err(BadAmount::TooLarge)
        } else {
            Ok(Self(d))
        }
    }

    /// The sum, if it fits.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(|d| Self::from_decimal(d).ok())
    }

    /// How many digits stand behind the point.
    pub fn places(self) -> u32 {
        self.0.scale()
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl fmt::Display for Amount {
    /// Canonical form: no exponent, no trailing zero behind the point, no `-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.0.normalize();
        if d.is_zero() { f.write_str("0") } else { write!(f, "{d}") }
    }
}

impl FromStr for Amount {
    type Err = BadAmount;
    fn from_str(text: &str) -> Result<Self, BadAmount> {
        Self::parse(text)
    }
}

impl serde::Serialize for Amount {
    /// As text, so that no reader rounds it.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// How many of an item: a number, or without limit (`-1` or `unlimited` on the wire).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// This many; never below zero.
    Of(Amount),
    /// No limit.
    Unlimited,
}

impl Quantity {
    /// None of it.
    pub const ZERO: Quantity = Quantity::Of(Amount::ZERO);

    /// Reads the wire form.
    pub fn parse(text: &str) -> Result<Self, BadAmount> {
        if text == "-1" || text.eq_ignore_ascii_case("unlimited") {
            return Ok(Self::Unlimited);
        }
        let amount = Amount::parse(text)?;
        if amount.is_negative() { Err(BadAmount::NotANumber) } else { Ok(Self::Of(amount)) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(a) => a.fmt(f),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

impl serde::Serialize for Quantity {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Quantity {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_canonically() {
        for (given, want) in [
            ("1", "1"),
            ("1.50", "1.5"),
            ("-0.00", "0"),
            ("007", "7"),
            (".5", "0.5"),
            ("+2", "2"),
            ("123456789012.345678", "123456789012.345678"),
            ("99999999999999999999.99999999", "99999999999999999999.99999999"),
        ] {
            assert_eq!(Amount::parse(given).unwrap().to_string(), want, "{given}");
        }
        for bad in ["", "-", ".", "1.", "1e5", "1,000", " 1", "0x1", "1.2.3", "--1", "NaN", "½"] {
            assert_eq!(Amount::parse(bad), Err(BadAmount::NotANumber), "{bad}");
        }
        assert_eq!(Amount::parse("0.123456789"), Err(BadAmount::TooFine));
        assert_eq!(Amount::parse("100000000000000000000"), Err(BadAmount::TooLarge));
        assert_eq!(LIMIT.to_string(), "100000000000000000000");
    }

    proptest! {
        #[test]
        fn text_survives(whole in 0u64.., part in 0u32..100_000_000, minus: bool) {
            let a = Amount::parse(&format!("{}{whole}.{part:08}", if minus { "-" } else { "" })).unwrap();
            prop_assert_eq!(Amount::parse(&a.to_string()).unwrap(), a);
        }

        #[test]
        fn never_panics(text in ".{0,40}") { let _ = Amount::parse(&text); let _ = Quantity::parse(&text); }
    }
}

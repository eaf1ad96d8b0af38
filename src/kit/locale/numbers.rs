//! Numbers, amounts and sizes as the reader writes them.

use rust_decimal::Decimal;

use super::Reader;
use crate::kit::text::Text;

/// Money is shown with at least this many decimals.
const MONEY_DECIMALS: u32 = 2;

impl Reader {
    /// A number with exactly the decimals it has: `-18204.5000` is shown as `−18,204.5000`.
    #[must_use]
    pub fn number(&self, number: Decimal) -> String {
        let sign = if number.is_sign_negative() && !number.is_zero() { "−" } else { "" };
        format!("{sign}{}", self.magnitude(number))
    }

    /// An amount of money: at least two decimals, more only if the amount has them.
    #[must_use]
    pub fn money(&self, amount: Decimal) -> String {
        let mut shown = amount.normalize();
        if shown.scale() < MONEY_DECIMALS {
            shown.rescale(MONEY_DECIMALS);
        }
        self.number(shown)
    }

    /// A change: with its sign, zero as a dash.
    #[must_use]
    pub fn signed(&self, change: Decimal) -> String {
        if change.is_zero() {
            "–".to_owned()
        } else if change.is_sign_negative() {
            self.number(change)
        } else {
            format!("+{}", self.magnitude(change))
        }
    }

    /// A number for the axis of a chart, short: `4,500`, `150 k`, `1.2 M`.
    #[must_use]
    pub fn compact(&self, number: Decimal) -> String {
        let size = number.abs();
        let (unit, divisor) = match () {
            () if size < Decimal::from(10_000) => return self.number(number.round_dp(2).normalize()),
            () if size < Decimal::from(1_000_000) => ("{n} k", 1_000),
            () if size < Decimal::from(1_000_000_000) => ("{n} M", 1_000_000),
            () => ("{n} bn", 1_000_000_000),
        };
        let short = (number / Decimal::from(divisor)).round_dp(1).normalize();
        self.text(&Text::new(unit).arg("n", self.number(short)))
    }

    /// A count of things.
    #[must_use]
    pub fn count(&self, count: u64) -> String {
        self.number(Decimal::from(count))
    }

    /// The size of a file, in thousands: `4.1 MB`.
    #[must_use]
    pub fn size(&self, bytes: u64) -> String {
        const UNITS: [&str; 4] = ["{size} kB", "{size} MB", "{size} GB", "{size} TB"];
        if bytes < 1000 {
            return self.text(&Text::new("{bytes|1 byte|{bytes} bytes}").arg("bytes", bytes));
        }
        let thousand = Decimal::ONE_THOUSAND;
        let mut size = Decimal::from(bytes);
        let mut unit = UNITS[0];
        for next in UNITS {
            if size < thousand {
                break;
            }
            size /= thousand;
            unit = next;
        }
        self.text(&Text::new(unit).arg("size", self.number(size.round_dp(1).normalize())))
    }

    /// The digits without a sign, grouped in thousands.
    fn magnitude(&self, number: Decimal) -> String {
        let digits = number.abs().to_string();
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let mut shown = String::with_capacity(digits.len() + whole.len() / 3 + 1);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                shown.push_str(&self.locale.group);
            }
            shown.push(digit);
        }
        if !fraction.is_empty() {
            shown.push_str(&self.locale.decimal);
            shown.push_str(fraction);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn numbers_keep_their_precision() {
        let reader = Reader::plain();
        let shown = ["0", "7", "999", "4812", "1234567.8900", "-4.00", "-0.0"].map(|text| reader.number(decimal(text)));
        assert_eq!(shown, ["0", "7", "999", "4,812", "1,234,567.8900", "−4.00", "0.0"]);
        assert_eq!(reader.number(Decimal::MAX), "79,228,162,514,264,337,593,543,950,335");
    }

    #[test]
    fn money_has_two_decimals_or_more() {
        let reader = Reader::plain();
        let shown = ["864", "240.5", "184203.18000000", "0.125", "-79.20"].map(|text| reader.money(decimal(text)));
        assert_eq!(shown, ["864.00", "240.50", "184,203.18", "0.125", "−79.20"]);
    }

    #[test]
    fn changes_carry_their_sign() {
        let reader = Reader::plain();
        assert_eq!(
            ["25", "-10", "0", "1200.5"].map(|text| reader.signed(decimal(text))),
            ["+25", "−10", "–", "+1,200.5"]
        );
    }

    #[test]
    fn numbers_of_an_axis_are_short() {
        let shown = ["0", "4500", "-9999.999", "150000", "1234567", "-2000000000"]
            .map(|text| Reader::plain().compact(decimal(text)));
        assert_eq!(shown, ["0", "4,500", "−10,000", "150 k", "1.2 M", "−2 bn"]);
    }

    #[test]
    fn sizes_of_files() {
        let reader = Reader::plain();
        let shown =
            [0, 1, 999, 1000, 4_100_000, 4_149_000, 1_000_000_000_000, u64::MAX].map(|bytes| reader.size(bytes));
        assert_eq!(shown, ["0 bytes", "1 byte", "999 bytes", "1 kB", "4.1 MB", "4.1 MB", "1 TB", "18,446,744.1 TB"]);
    }
}

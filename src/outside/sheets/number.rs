//! Numbers of a spreadsheet as exact decimal text, read and written without rounding.
//!
//! Spreadsheet programs calculate with binary doubles, but a workbook stores numbers as decimal text,
//! and that text is what is read here. Two kinds of writers have to be told apart:
//!
//! - Excel writes 17 significant digits whenever 15 do not give the double back: 0.1 is stored as
//!   `0.10000000000000001`. A person can type at most 15 digits into Excel, so nothing was meant beyond
//!   the shortest text that stands for the same double, and that is taken: `0.1`.
//! - Libraries write decimals as they have them, also with more digits than a double holds. Such a text
//!   is not the 17-digit form of its double and is taken as it stands, digit by digit.
//!
//! So everything typed in Excel or LibreOffice comes back as typed, and exact decimals of a library stay
//! exact. The result of a formula is a calculated double, in which `0.1+0.2` is `0.30000000000000004`;
//! it is taken as Excel shows it, in 15 significant digits.
//!
//! When writing, a number goes into a number cell if it has at most 15 significant digits: such a number
//! survives a double and Excel unchanged. A longer one is written as text, exactly.

/// The most digits a number may have before and after the point together, zeros included.
const MAX_DIGITS: i32 = 60;

/// The significant digits up to which Excel and a double keep any decimal number.
const DOUBLE_DIGITS: usize = 15;

/// A decimal number: 0.`digits` times ten to the power of `point`; no zeros at either end of `digits`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    point: i32,
}

/// A number as stored in a cell (`12`, `-0.5`, `1.5E-3`), as plain exact decimal text. Nothing if it is
/// not a number or has more than 60 places.
pub fn from_cell(stored: &str) -> Option<String> {
    let decimal = Decimal::parse(stored)?;
    if decimal.digits.len() > DOUBLE_DIGITS
        && let Some(shortest) = decimal.if_written_from_double(stored)
    {
        return shortest.plain();
    }
    decimal.plain()
}

/// The stored result of a formula as plain decimal text in at most 15 significant digits.
pub fn from_formula(stored: &str) -> Option<String> {
    Decimal::parse(stored)?.rounded(DOUBLE_DIGITS).plain()
}

/// The number as a double, if a number cell can hold it without changing it.
pub fn for_number_cell(exact: &str) -> Option<f64> {
    let decimal = Decimal::parse(exact)?;
    let within_range = (-30..=30).contains(&decimal.point);
    if decimal.digits.len() > DOUBLE_DIGITS || !within_range {
        return None;
    }
    exact.trim().parse().ok()
}

impl Decimal {
    fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i16>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !only_digits(whole) || !only_digits(fraction) {
            return None;
        }
        let mut digits = format!("{whole}{fraction}");
        let mut point = i32::try_from(whole.len()).ok()?.checked_add(i32::from(exponent))?;
        let leading = digits.len() - digits.trim_start_matches('0').len();
        digits.drain(..leading);
        point = point.checked_sub(i32::try_from(leading).ok()?)?;
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return Some(Decimal { negative: false, digits, point: 0 });
        }
        Some(Decimal { negative, digits, point })
    }

    /// If this text is the 17-digit form of a double, the shortest number with the same double.
    fn if_written_from_double(&self, stored: &str) -> Option<Decimal> {
        let double: f64 = stored.trim().parse().ok().filter(|double: &f64| double.is_finite())?;
        let as_excel_writes = Decimal::parse(&format!("{double:.16e}"))?;
        if as_excel_writes != *self {
            return None;
        }
        Decimal::parse(&format!("{double:e}"))
    }

    /// Rounded half up to so many significant digits.
    fn rounded(mut self, places: usize) -> Decimal {
        if self.digits.len() <= places {
            return self;
        }
        let up = self.digits.as_bytes()[places] >= b'5';
        self.digits.truncate(places);
        if up {
            // Trailing nines become zeros, which have no place at the end of the digits.
            self.digits.truncate(self.digits.trim_end_matches('9').len());
            match self.digits.pop() {
                Some(last) => self.digits.push(char::from(last as u8 + 1)),
                None => {
                    self.digits.push('1');
                    self.point += 1;
                }
            }
        }
        self.digits.truncate(self.digits.trim_end_matches('0').len());
        self
    }

    fn plain(&self) -> Option<String> {
        let count = i32::try_from(self.digits.len()).ok()?;
        if count.max(self.point).max(count.checked_sub(self.point)?) > MAX_DIGITS {
            return None;
        }
        if self.digits.is_empty() {
            return Some("0".into());
        }
        let sign = if self.negative { "-" } else { "" };
        let digits = &self.digits;
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        Some(if self.point <= 0 {
            format!("{sign}0.{}{digits}", zeros(-self.point))
        } else if self.point >= count {
            format!("{sign}{digits}{}", zeros(self.point - count))
        } else {
            let (whole, fraction) = digits.split_at(usize::try_from(self.point).ok()?);
            format!("{sign}{whole}.{fraction}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(stored: &str) -> String {
        from_cell(stored).unwrap_or_else(|| "none".into())
    }

    #[test]
    fn what_excel_stores_becomes_what_was_typed() {
        for (stored, typed) in [
            ("0.10000000000000001", "0.1"),
            ("83.25", "83.25"),
            ("11.716200000000001", "11.7162"),
            ("1.0999999999999999E-2", "0.011"),
            ("554027867388", "554027867388"),
            ("5.54027867388E+11", "554027867388"),
            ("1E+21", "1000000000000000000000"),
            ("-0", "0"),
            ("4.0000", "4"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.0000000000000001E-5", "0.00001"),
        ] {
            assert_eq!(cell(stored), typed, "{stored}");
        }
    }

    #[test]
    fn exact_decimals_of_libraries_stay_exact() {
        for exact in [
            "12345678901234567890.12345678",
            "9999999999999999",
            "1234567890123456.7",
            "12345678.12345678",
            "0.30000000000000004",
            "-99999999999999999999.99999999",
        ] {
            assert_eq!(cell(exact), exact);
        }
    }

    #[test]
    fn formulas_give_what_excel_shows() {
        for (stored, shown) in [
            ("0.30000000000000004", "0.3"),
            ("0.99999999999999989", "1"),
            ("999999999999999.9", "1000000000000000"),
            ("2.0000000000000018E-2", "0.02"),
            ("249.75", "249.75"),
            ("-1.2345678901234567", "-1.23456789012346"),
        ] {
            assert_eq!(from_formula(stored).as_deref(), Some(shown), "{stored}");
        }
    }

    #[test]
    fn nonsense_is_refused_without_effort() {
        for nonsense in
            ["", " ", "-", ".", "1e", "1e999999999999", "1E9999", "1E-9999", "NaN", "inf", "1,5", "0x10", "1 2", "١"]
        {
            assert_eq!(from_cell(nonsense), None, "{nonsense}");
        }
        assert_eq!(from_cell(&"9".repeat(61)), None);
        assert_eq!(from_cell(&format!("1{}", "0".repeat(100_000))), None);
    }

    #[test]
    fn a_number_cell_takes_only_what_survives_it() {
        assert_eq!(for_number_cell("0.1"), Some(0.1));
        assert_eq!(for_number_cell("123456789012345"), Some(123456789012345.0));
        assert_eq!(for_number_cell("1234567890123456"), None);
        assert_eq!(for_number_cell("0.1234567890123456"), None);
        assert_eq!(for_number_cell("many"), None);
    }

    proptest! {
        #[test]
        fn fifteen_digits_survive_excel(digits in 1u64..1_000_000_000_000_000, places in 0u32..12, negative: bool) {
            let sign = if negative { "-" } else { "" };
            let typed = cell(&format!("{sign}{digits}e-{places}"));
            let double = for_number_cell(&typed).ok_or_else(|| TestCaseError::fail("too long"))?;
            prop_assert_eq!(cell(&format!("{double:.16e}")), typed.clone());
            prop_assert_eq!(cell(&format!("{double}")), typed.clone());
            prop_assert_eq!(from_formula(&format!("{double:.16e}")), Some(typed));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[-+0-9.eE ]{0,40}") {
            if let Some(number) = from_cell(&text) {
                prop_assert_eq!(from_cell(&number), Some(number));
            }
        }
    }
}

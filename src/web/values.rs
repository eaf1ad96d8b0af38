//! How the house's own values are shown.

use rust_decimal::Decimal;

use super::filters::Number;
use crate::kit::Amount;

impl Number for Amount {
    fn decimal(&self) -> Decimal {
        (*self).decimal()
    }
}

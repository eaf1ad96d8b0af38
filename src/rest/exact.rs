//! Numbers of the API that must not be rounded.

use serde::Serialize;

use crate::kit::Amount;

/// A decimal as a JSON number with all its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact(pub Amount);

impl Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // The number keeps its text; the canonical form of an amount is a JSON number.
        let number: serde_json::Number = self.0.to_string().parse().map_err(serde::ser::Error::custom)?;
        number.serialize(s)
    }
}

impl utoipa::PartialSchema for Exact {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::Number).into()
    }
}
impl utoipa::ToSchema for Exact {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_digit_is_lost_on_any_way() {
        for text in ["0", "-12.5", "12345678901234567890.12345678", "0.00000001", "-99999999999999999999.99999999"] {
            let exact = Exact(Amount::parse(text).unwrap());
            assert_eq!(serde_json::to_string(&exact).unwrap(), text);
            assert_eq!(serde_json::to_value(exact).unwrap().to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_is_what_is_kept(whole in 0u64.., part in 0u32..100_000_000, minus: bool) {
            let amount = Amount::parse(&format!("{}{whole}.{part:08}", if minus { "-" } else { "" })).unwrap();
            let sent = serde_json::to_string(&Exact(amount)).unwrap();
            prop_assert_eq!(Amount::parse(&sent).unwrap(), amount);
        }
    }
}

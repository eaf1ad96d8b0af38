//! What belongs to API tokens besides themselves: tables of the migration `0017_tokens`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    ip_rule (id) {
        id -> Text,
        account_id -> Text,
        acl -> Text,
        value -> Text,
        comment -> Text,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
    }
}

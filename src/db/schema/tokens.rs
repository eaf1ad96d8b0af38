//! What belongs to API tokens besides themselves: tables of the migrations `0017_tokens` and
//! `0023_calls_and_handles`.
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

diesel::table! {
    use diesel::sql_types::*;
    token_call (token_id, day, code) {
        token_id -> Text,
        day -> BigInt,
        code -> Integer,
        calls -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    token_call_sum (token_id, code) {
        token_id -> Text,
        code -> Integer,
        total -> BigInt,
        since_reset -> BigInt,
    }
}

//! Tables of the migration `0021_account_export`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    account_export (id) {
        id -> Text,
        account_id -> Text,
        state -> Text,
        asked_by -> Nullable<JsonDoc>,
        created_at -> BigInt,
        taken_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
        lines -> Nullable<BigInt>,
        attachments -> Nullable<BigInt>,
        missing -> Nullable<BigInt>,
        size -> Nullable<BigInt>,
        file_key -> Nullable<Text>,
        problem -> Nullable<JsonDoc>,
    }
}

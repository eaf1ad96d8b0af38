//! Tables of the migration `0028_offer_batches`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    offer_batch (id) {
        id -> Text,
        account_id -> Text,
        agreement_id -> Text,
        agreement_title -> Text,
        kind -> Text,
        state -> Text,
        name -> Text,
        name_folded -> Text,
        file_key -> Nullable<Text>,
        csv -> Bool,
        message -> Text,
        ignored -> JsonDoc,
        made_by -> Nullable<JsonDoc>,
        started_by -> Nullable<JsonDoc>,
        problem -> Nullable<JsonDoc>,
        total -> Integer,
        ready -> Integer,
        wrong -> Integer,
        already -> Integer,
        invited -> Integer,
        refused -> Integer,
        silent -> Integer,
        created_at -> BigInt,
        checked_at -> Nullable<BigInt>,
        started_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    offer_row (id) {
        id -> Text,
        batch_id -> Text,
        place -> Integer,
        partner -> Text,
        partner_folded -> Text,
        email -> Text,
        email_folded -> Text,
        message -> Text,
        note -> Text,
        purpose -> Text,
        expire_at -> Text,
        status -> Text,
        problem -> Nullable<JsonDoc>,
        contract_id -> Nullable<Text>,
    }
}

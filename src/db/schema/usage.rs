//! Tables of the migrations `0006_usage` and `0008_usage_leaders`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_file (id) {
        id -> Text,
        name -> Text,
        name_folded -> Text,
        external_id -> Nullable<Text>,
        description -> Text,
        note -> Text,
        status -> Text,
        sub_status -> Nullable<Text>,
        environment -> Text,
        schema_kind -> Text,
        currency -> Nullable<Text>,
        period_from -> Nullable<BigInt>,
        period_end -> Nullable<BigInt>,
        product_id -> Text,
        contract_id -> Text,
        marketplace_id -> Text,
        vendor_id -> Text,
        provider_id -> Text,
        acceptance_note -> Text,
        rejection_note -> Text,
        error_detail -> Nullable<JsonDoc>,
        submit_wish -> Nullable<JsonDoc>,
        generation -> Integer,
        visible -> Integer,
        uploaded -> BigInt,
        valid -> BigInt,
        invalid -> BigInt,
        closed -> BigInt,
        billed -> BigInt,
        approved -> BigInt,
        refused -> BigInt,
        subscriptions -> BigInt,
        amount_total -> ExactDecimal,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_upload (file_id, generation) {
        file_id -> Text,
        generation -> Integer,
        file_key -> Text,
        name -> Text,
        size -> BigInt,
        sha256 -> Text,
        uploaded_by -> Nullable<JsonDoc>,
        processed_key -> Nullable<Text>,
        uploaded -> BigInt,
        valid -> BigInt,
        invalid -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_category (file_id, generation, id) {
        file_id -> Text,
        generation -> Integer,
        id -> Text,
        name -> Text,
        description -> Text,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_new_item (file_id, generation, mpn) {
        file_id -> Text,
        generation -> Integer,
        mpn -> Text,
        name -> Text,
        unit -> Text,
        precision -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_record (id) {
        id -> Text,
        file_id -> Text,
        generation -> Integer,
        sheet_row -> Integer,
        record_id -> Text,
        note -> Text,
        status -> Text,
        start_at -> Nullable<BigInt>,
        end_at -> Nullable<BigInt>,
        item_id -> Nullable<Text>,
        item_mpn -> Nullable<Text>,
        asset_id -> Nullable<Text>,
        category_id -> Nullable<Text>,
        tier -> Nullable<Integer>,
        quantity -> Nullable<ExactDecimal>,
        amount -> Nullable<ExactDecimal>,
        params -> JsonDoc,
        billing_id -> Text,
        billing_note -> Text,
        closed_at -> Nullable<BigInt>,
        closed_by -> Nullable<Text>,
        created_at -> BigInt,
        verdict -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_problem (record_id, place) {
        record_id -> Text,
        place -> Integer,
        file_id -> Text,
        generation -> Integer,
        sheet_row -> Integer,
        code -> Text,
        column_name -> Text,
        value -> Text,
        text -> JsonDoc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_total (file_id, generation, mpn) {
        file_id -> Text,
        generation -> Integer,
        mpn -> Text,
        item_id -> Nullable<Text>,
        records -> BigInt,
        quantity -> ExactDecimal,
        amount -> ExactDecimal,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_leader (file_id, generation, asset_id) {
        file_id -> Text,
        generation -> Integer,
        asset_id -> Text,
        records -> BigInt,
        quantity -> ExactDecimal,
        amount -> ExactDecimal,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    usage_record_key (product_id, record_id) {
        product_id -> Text,
        record_id -> Text,
        file_id -> Text,
        generation -> Integer,
    }
}

//! Tables of the migration `0005_orders`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    tier_account (id) {
        id -> Text,
        account_id -> Text,
        kind -> Text,
        name -> Text,
        name_folded -> Text,
        external_id -> Nullable<Text>,
        external_uid -> Text,
        hub_id -> Nullable<Text>,
        parent_id -> Nullable<Text>,
        portal_account_id -> Nullable<Text>,
        environment -> Text,
        tax_id -> Nullable<Text>,
        contact -> JsonDoc,
        email_folded -> Text,
        scopes -> Text,
        version -> Integer,
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
    tier_account_version (tier_account_id, version) {
        tier_account_id -> Text,
        version -> Integer,
        doc -> JsonDoc,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    asset (id) {
        id -> Text,
        status -> Text,
        product_id -> Text,
        version -> Nullable<Integer>,
        connection_id -> Text,
        marketplace_id -> Text,
        contract_id -> Text,
        hub_id -> Text,
        vendor_id -> Text,
        provider_id -> Text,
        environment -> Text,
        external_id -> Nullable<Text>,
        external_uid -> Nullable<Text>,
        customer_id -> Text,
        tier1_id -> Nullable<Text>,
        tier2_id -> Nullable<Text>,
        template_id -> Nullable<Text>,
        open_request_id -> Nullable<Text>,
        doc -> JsonDoc,
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
    asset_item (asset_id, item_id) {
        asset_id -> Text,
        item_id -> Text,
        quantity -> ExactDecimal,
        unlimited -> Bool,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    asset_param (asset_id, name) {
        asset_id -> Text,
        name -> Text,
        product_id -> Text,
        parameter_id -> Text,
        phase -> Text,
        value -> Nullable<Text>,
        structured -> Nullable<JsonDoc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    request (id) {
        id -> Text,
        asset_id -> Text,
        kind -> Text,
        status -> Text,
        product_id -> Text,
        marketplace_id -> Text,
        contract_id -> Text,
        connection_id -> Text,
        vendor_id -> Text,
        provider_id -> Text,
        environment -> Text,
        customer_id -> Text,
        assignee -> Nullable<JsonDoc>,
        assignee_id -> Nullable<Text>,
        template_id -> Nullable<Text>,
        note -> Text,
        reason -> Nullable<JsonDoc>,
        answered -> Bool,
        activation_key -> Text,
        message -> Text,
        form_nonce -> Nullable<Text>,
        planned_date -> Nullable<BigInt>,
        effective_date -> Nullable<BigInt>,
        previous_id -> Nullable<Text>,
        snapshot -> JsonDoc,
        external_attributes -> Nullable<JsonDoc>,
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
    order_draft (id) {
        id -> Text,
        account_id -> Text,
        product_id -> Text,
        doc -> JsonDoc,
        request_id -> Nullable<Text>,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

//! Tables of the migration `0004_products`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    category (id) {
        id -> Text,
        name -> Text,
        parent_id -> Nullable<Text>,
        family -> Text,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    unit (id) {
        id -> Text,
        account_id -> Nullable<Text>,
        description -> Text,
        code -> Text,
        kind -> Text,
        cumulative -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    product (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        name_folded -> Text,
        status -> Text,
        category_id -> Nullable<Text>,
        external_id -> Nullable<Text>,
        icon -> Nullable<Text>,
        short_description -> Text,
        detailed_description -> Text,
        capabilities -> JsonDoc,
        doc -> JsonDoc,
        latest_version -> Nullable<Integer>,
        public_version -> Nullable<Integer>,
        published_at -> Nullable<BigInt>,
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
    product_version (product_id, version) {
        product_id -> Text,
        version -> Integer,
        public -> Bool,
        staging -> Bool,
        changes -> Text,
        snapshot -> JsonDoc,
        events -> JsonDoc,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    item (id) {
        id -> Text,
        product_id -> Text,
        mpn -> Text,
        name -> Text,
        name_folded -> Text,
        description -> Text,
        kind -> Text,
        period -> Text,
        commitment -> Integer,
        precision -> Text,
        unit_id -> Text,
        status -> Text,
        dynamic -> Bool,
        visible -> Bool,
        first_version -> Nullable<Integer>,
        external_id -> Nullable<Text>,
        position -> Integer,
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
    parameter (id) {
        id -> Text,
        product_id -> Text,
        name -> Text,
        title -> Text,
        description -> Text,
        phase -> Text,
        scope -> Text,
        kind -> Text,
        hint -> Text,
        placeholder -> Text,
        required -> Bool,
        hidden -> Bool,
        is_unique -> Bool,
        reconciliation -> Bool,
        doc -> JsonDoc,
        position -> Integer,
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
    template (id) {
        id -> Text,
        product_id -> Text,
        name -> Text,
        name_folded -> Text,
        title -> Text,
        body -> Text,
        scope -> Text,
        kind -> Nullable<Text>,
        position -> Integer,
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
    medium (id) {
        id -> Text,
        product_id -> Text,
        kind -> Text,
        thumbnail -> Nullable<Text>,
        url -> Nullable<Text>,
        position -> Integer,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    connection (id) {
        id -> Text,
        product_id -> Text,
        hub_id -> Text,
        vendor_id -> Text,
        provider_id -> Text,
        environment -> Text,
        status -> Text,
        version_type -> Text,
        note -> Text,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    listing (id) {
        id -> Text,
        product_id -> Text,
        contract_id -> Text,
        marketplace_id -> Text,
        vendor_id -> Text,
        provider_id -> Text,
        status -> Text,
        version -> Nullable<Integer>,
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
    listing_request (id) {
        id -> Text,
        listing_id -> Text,
        kind -> Text,
        state -> Text,
        product_id -> Text,
        version -> Integer,
        note -> Text,
        assignee -> Nullable<JsonDoc>,
        assignee_id -> Nullable<Text>,
        creator -> Nullable<JsonDoc>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

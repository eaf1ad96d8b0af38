//! Tables of the migration `0027_forms`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    form (id) {
        id -> Text,
        account_id -> Text,
        kind -> Text,
        name -> Text,
        name_folded -> Text,
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
    form_version (form_id, version) {
        form_id -> Text,
        version -> Integer,
        schema -> Text,
        author -> Nullable<JsonDoc>,
        created_at -> BigInt,
    }
}

diesel::table! {
    agreement_form (agreement_id, kind) {
        agreement_id -> Text,
        kind -> Text,
        form_id -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    form_answer (id) {
        id -> Text,
        contract_id -> Text,
        kind -> Text,
        product_id -> Text,
        item_id -> Text,
        form_id -> Text,
        form_version -> Integer,
        data -> Nullable<JsonDoc>,
        draft -> Nullable<JsonDoc>,
        draft_version -> Nullable<Integer>,
        note -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

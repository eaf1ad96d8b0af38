//! Tables of the migration `0003_contracts`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    hub (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        name_folded -> Text,
        description -> Text,
        instance_id -> Text,
        instance_type -> Text,
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
    marketplace (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        name_folded -> Text,
        description -> Text,
        currency -> Text,
        icon -> Nullable<Text>,
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
    marketplace_hub (marketplace_id, hub_id) {
        marketplace_id -> Text,
        hub_id -> Text,
        external_id -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    agreement (id) {
        id -> Text,
        kind -> Text,
        account_id -> Text,
        title -> Text,
        title_folded -> Text,
        description -> Text,
        parent_id -> Nullable<Text>,
        marketplace_id -> Nullable<Text>,
        auto_accept -> Bool,
        active_version -> Nullable<Integer>,
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
    agreement_version (agreement_id, version) {
        agreement_id -> Text,
        version -> Integer,
        document_type -> Text,
        link -> Nullable<Text>,
        file_key -> Nullable<Text>,
        text -> Nullable<Text>,
        author -> Nullable<JsonDoc>,
        created_at -> BigInt,
        file_name -> Nullable<Text>,
        file_size -> Nullable<BigInt>,
        file_sha256 -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    contract (id) {
        id -> Text,
        kind -> Text,
        status -> Text,
        name -> Text,
        name_folded -> Text,
        agreement_id -> Text,
        version -> Nullable<Integer>,
        version_created -> Nullable<BigInt>,
        marketplace_id -> Nullable<Text>,
        issuer_id -> Text,
        owner_id -> Text,
        creator_id -> Text,
        environment -> Text,
        note -> Text,
        termination_note -> Text,
        message -> Text,
        activation_hash -> Nullable<Text>,
        activation_nonce -> Nullable<Text>,
        activation_email -> Nullable<Text>,
        activated_at -> Nullable<BigInt>,
        enrolled_at -> Nullable<BigInt>,
        expire_at -> Nullable<BigInt>,
        permissions -> JsonDoc,
        signee -> Nullable<JsonDoc>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        reminded_at -> Nullable<BigInt>,
        proposed_verb -> Nullable<Text>,
        proposed_note -> Nullable<Text>,
        proposed_by -> Nullable<JsonDoc>,
        proposed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    contract_version (contract_id, version) {
        contract_id -> Text,
        version -> Integer,
        signee -> Nullable<JsonDoc>,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    signature (id) {
        id -> Text,
        contract_id -> Text,
        agreement_id -> Text,
        version -> Integer,
        act -> Text,
        title -> Text,
        issuer -> JsonDoc,
        partner -> JsonDoc,
        signer -> Nullable<JsonDoc>,
        email -> Nullable<Text>,
        address -> Text,
        agent -> Text,
        proof -> Nullable<Text>,
        document_type -> Text,
        sha256 -> Text,
        words -> Nullable<Text>,
        consent -> JsonDoc,
        seal -> Text,
        created_at -> BigInt,
    }
}

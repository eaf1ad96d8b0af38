//! Tables of the migration `0020_single_sign_on`, with what `0022_sso_members` added.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    use crate::kit::column::JsonDoc;
    idp (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        issuer -> Text,
        client_id -> Text,
        sealed -> Nullable<Text>,
        trusts_factors -> Bool,
        end_session -> Nullable<Text>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        external_id -> Text,
        description -> Text,
        scopes -> Text,
        notice -> Text,
        joins -> Bool,
        join_group -> Nullable<Text>,
        groups_claim -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kit::column::JsonDoc;
    sso_domain (id) {
        id -> Text,
        account_id -> Text,
        domain -> Text,
        token -> Text,
        idp_id -> Nullable<Text>,
        enforce -> Bool,
        status -> Text,
        checked_at -> Nullable<BigInt>,
        missing_since -> Nullable<BigInt>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        name -> Text,
        description -> Text,
    }
}

diesel::table! {
    sso_link (idp_id, subject) {
        idp_id -> Text,
        subject -> Text,
        user_id -> Text,
        created_at -> BigInt,
        used_at -> BigInt,
    }
}

diesel::table! {
    sso_attempt (state_hash) {
        state_hash -> Text,
        browser_hash -> Text,
        idp_id -> Text,
        again -> Bool,
        next -> Text,
        expires_at -> BigInt,
    }
}

diesel::joinable!(sso_domain -> idp (idp_id));
diesel::allow_tables_to_appear_in_same_query!(sso_domain, idp);

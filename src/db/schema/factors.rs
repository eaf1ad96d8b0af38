//! Tables of the migration `0016_factors`.
#![allow(missing_docs)]

diesel::table! {
    totp (user_id) {
        user_id -> Text,
        sealed -> Text,
        last_step -> BigInt,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::kit::column::JsonDoc;
    passkey (id) {
        id -> Text,
        user_id -> Text,
        credential_id -> Text,
        name -> Text,
        host -> Text,
        credential -> JsonDoc,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    recovery_code (hash) {
        hash -> Text,
        user_id -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    used_challenge (id) {
        id -> Text,
        expires_at -> BigInt,
    }
}

//! Tables of the migration `0015_sessions`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    device (secret_hash, user_id) {
        secret_hash -> Text,
        user_id -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    email_change (secret_hash) {
        secret_hash -> Text,
        user_id -> Text,
        address_before -> Text,
        address_after -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        done_at -> Nullable<BigInt>,
        undo_hash -> Nullable<Text>,
        undo_until -> Nullable<BigInt>,
        kept_until -> BigInt,
    }
}

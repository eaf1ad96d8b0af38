//! Tables of the migration `0018_audit`.
#![allow(missing_docs)]

diesel::table! {
    event_reader (id, account_id) {
        id -> Text,
        account_id -> Text,
        event_id -> BigInt,
        at -> BigInt,
        kind -> Text,
        object_id -> Text,
        verb -> Text,
        actor_id -> Nullable<Text>,
    }
}

diesel::table! {
    mail_log (id) {
        id -> Text,
        job_id -> BigInt,
        account_id -> Nullable<Text>,
        recipient -> Text,
        subject -> Text,
        status -> Text,
        tries -> Integer,
        error -> Nullable<Text>,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
    }
}

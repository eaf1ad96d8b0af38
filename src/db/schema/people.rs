//! Tables of the migration `0014_people`.
#![allow(missing_docs)]

diesel::table! {
    member_tag (account_id, user_id, tag) {
        account_id -> Text,
        user_id -> Text,
        tag -> Text,
    }
}

diesel::table! {
    blocked_address (email_folded) {
        email_folded -> Text,
        reason -> Text,
        blocked_at -> BigInt,
    }
}

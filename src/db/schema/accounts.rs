//! Tables of the migration `0002_accounts`, with what `0019_companies` adds.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    account (id) {
        id -> Text,
        name -> Text,
        name_folded -> Text,
        role -> Text,
        status -> Text,
        external_id -> Nullable<Text>,
        icon -> Nullable<Text>,
        invited_by -> Nullable<Text>,
        doc -> JsonDoc,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        factor_policy -> Text,
        two_people -> Bool,
        parent_id -> Nullable<Text>,
        program_create -> Bool,
        service_create -> Bool,
        service_delegate -> Bool,
        closed_by -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    person (id) {
        id -> Text,
        name -> Text,
        email -> Text,
        email_folded -> Text,
        password -> Nullable<Text>,
        locale -> Nullable<Text>,
        timezone -> Nullable<Text>,
        theme -> Nullable<Text>,
        last_account -> Nullable<Text>,
        signed_in_at -> Nullable<BigInt>,
        proven_at -> Nullable<BigInt>,
        factors_later_at -> Nullable<BigInt>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        session_epoch -> BigInt,
        title -> Text,
        date_format -> Nullable<Text>,
        muted -> Text,
        icon -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    membership (account_id, user_id) {
        account_id -> Text,
        user_id -> Text,
        status -> Text,
        created_at -> BigInt,
        invited_by -> Nullable<JsonDoc>,
        activated_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    user_group (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        name_folded -> Text,
        description -> Text,
        external_id -> Nullable<Text>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        color -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    group_member (group_id, user_id) {
        group_id -> Text,
        user_id -> Text,
        added_at -> Nullable<BigInt>,
        added_by -> Nullable<JsonDoc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    group_permission (group_id, module) {
        group_id -> Text,
        module -> Text,
        level -> Text,
        granted_at -> Nullable<BigInt>,
        granted_by -> Nullable<JsonDoc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    token (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        description -> Text,
        external_id -> Nullable<Text>,
        secret_hash -> Text,
        status -> Text,
        extension -> Text,
        expires_at -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
        events -> JsonDoc,
        revision -> BigInt,
        created_at -> BigInt,
        renewed_hash -> Nullable<Text>,
        renewed_expires_at -> Nullable<BigInt>,
        used_from -> Nullable<Text>,
        standing -> Text,
        turns_at -> Nullable<BigInt>,
        warned_for -> Nullable<BigInt>,
        counted_since -> BigInt,
        calls_reset_at -> Nullable<BigInt>,
        handle_hash -> Nullable<Text>,
        handle_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    token_permission (token_id, module) {
        token_id -> Text,
        module -> Text,
        level -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    session (id) {
        id -> Text,
        user_id -> Nullable<Text>,
        host -> Text,
        address -> Text,
        agent -> Text,
        state -> JsonDoc,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        handle -> Text,
        epoch -> BigInt,
        own -> Bool,
        vouched -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    one_time_link (secret_hash) {
        secret_hash -> Text,
        purpose -> Text,
        user_id -> Text,
        account_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    attempt (subject) {
        subject -> Text,
        failures -> Integer,
        first_at -> BigInt,
        blocked_until -> Nullable<BigInt>,
    }
}

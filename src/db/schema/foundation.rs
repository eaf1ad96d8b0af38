//! Tables of the migration `0001_foundation`.
#![allow(missing_docs)]

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    setting (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    sequence (parent, name) {
        parent -> Text,
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    party (account_id, kind, object_id) {
        account_id -> Text,
        kind -> Text,
        object_id -> Text,
        side -> Text,
        position -> Integer,
        status -> Text,
        turn -> Bool,
        since -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    answer (actor, key) {
        actor -> Text,
        key -> Text,
        request -> Text,
        given -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    event (id) {
        id -> BigInt,
        at -> BigInt,
        kind -> Text,
        object_id -> Text,
        verb -> Text,
        account_id -> Nullable<Text>,
        actor_kind -> Text,
        actor_id -> Nullable<Text>,
        actor_name -> Nullable<Text>,
        on_behalf -> Nullable<Text>,
        audience -> Text,
        text -> JsonDoc,
        changes -> JsonDoc,
        personal_hash -> Text,
        sealed -> Nullable<BigInt>,
        seal -> Nullable<Text>,
        origin -> Nullable<JsonDoc>,
        origin_hash -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    job (id) {
        id -> BigInt,
        kind -> Text,
        args -> JsonDoc,
        dedupe -> Nullable<Text>,
        status -> Text,
        run_at -> BigInt,
        tries -> Integer,
        fence -> BigInt,
        leased_until -> Nullable<BigInt>,
        worker -> Nullable<Text>,
        cursor -> Nullable<JsonDoc>,
        done -> BigInt,
        total -> Nullable<BigInt>,
        cancel -> Bool,
        error -> Nullable<Text>,
        account_id -> Nullable<Text>,
        object_id -> Nullable<Text>,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    schedule (name) {
        name -> Text,
        next_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    file (key) {
        key -> Text,
        account_id -> Nullable<Text>,
        name -> Text,
        content_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        public -> Bool,
        state -> Text,
        created_at -> BigInt,
        dropped_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    brand (id) {
        id -> Text,
        account_id -> Nullable<Text>,
        name -> Text,
        doc -> JsonDoc,
        revision -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    #[allow(unused_imports)]
    use crate::kit::column::{ExactDecimal, JsonDoc};
    host (name) {
        name -> Text,
        brand_id -> Text,
        portal -> Nullable<Text>,
    }
}

//! What is forgotten, and what never is: every table of the database is one or the other.

use std::collections::BTreeSet;

use causeway::app;
use causeway::config::Config;
use causeway::flows::{self, accounts, contracts, export, orders};
use causeway::jobs::{self, NewJob, blocklist};
use causeway::kit::Clock;
use serde_json::Value;

use crate::support::clock;
use crate::support::database::Database;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 3600;

/// Tables that grow by themselves: after how many seconds a row goes, the column that has its name, a statement that writes
/// one of this `{name}` as of the moment `{at}`.
const FORGOTTEN: &[(&str, i64, &str, &str)] = &[
    (
        "answer",
        30 * DAY,
        "key",
        "insert into answer (actor, key, request, given, created_at) values ('x', '{name}', '', '', {at})",
    ),
    (
        "job",
        14 * DAY,
        "dedupe",
        "insert into job (kind, args, dedupe, status, run_at, tries, fence, done, cancel, created_at) \
         values ('x', '{}', '{name}', 'done', {at}, 1, 1, 0, false, {at})",
    ),
    (
        "job",
        90 * DAY,
        "dedupe",
        "insert into job (kind, args, dedupe, status, run_at, tries, fence, done, cancel, created_at) \
         values ('x', '{}', 'dead {name}', 'dead', {at}, 24, 24, 0, false, {at})",
    ),
    (
        "session",
        0,
        "id",
        "insert into session (id, user_id, host, address, agent, state, created_at, seen_at, expires_at) \
         values ('{name}', 'UR-000-000-001', '', '', '', '{}', 1, 1, {at})",
    ),
    (
        "one_time_link",
        0,
        "secret_hash",
        "insert into one_time_link (secret_hash, purpose, user_id, created_at, expires_at) \
         values ('{name}', 'set_password', 'UR-000-000-001', 1, {at})",
    ),
    (
        "attempt",
        accounts::model::FAILURES_COUNT_SECONDS,
        "subject",
        "insert into attempt (subject, failures, first_at) values ('{name}', 1, {at})",
    ),
    (
        "sso_attempt",
        0,
        "state_hash",
        "insert into sso_attempt (state_hash, browser_hash, idp_id, again, next, expires_at) \
         values ('{name}', '', 'IDP-000-000-001', false, '/', {at})",
    ),
    ("used_challenge", 0, "id", "insert into used_challenge (id, expires_at) values ('{name}', {at})"),
    (
        "device",
        accounts::store::DEVICE_SECONDS,
        "secret_hash",
        "insert into device (secret_hash, user_id, created_at, seen_at) values ('{name}', 'UR-000-000-001', 1, {at})",
    ),
    // Whole days go, and the clock shows nine in the morning.
    (
        "token_call",
        accounts::store::CALL_DAYS * DAY + 9 * 60 * MINUTE,
        "token_id",
        "insert into token (id, account_id, name, description, secret_hash, status, extension, events, revision, created_at) \
         values ('{name}', 'VA-000-001', '', '', '{name}', 'active', 'EXT-000', '{}', 1, 1); \
         insert into token_call (token_id, day, code, calls) values ('{name}', {at} / 86400000000, 200, 1)",
    ),
    (
        "email_change",
        0,
        "secret_hash",
        "insert into email_change (secret_hash, user_id, address_before, address_after, created_at, expires_at, kept_until) \
         values ('{name}', 'UR-000-000-001', '', '', 1, 1, {at})",
    ),
    (
        "mail_log",
        90 * DAY,
        "id",
        "insert into mail_log (id, job_id, recipient, subject, status, tries, created_at) \
         values ('{name}', 1, '', '', 'sent', 1, {at})",
    ),
    (
        "blocked_address",
        blocklist::KEPT_SECONDS,
        "email_folded",
        "insert into blocked_address (email_folded, reason, blocked_at) values ('{name}', '550', {at})",
    ),
    (
        "order_draft",
        orders::actions::KEPT_DAYS * DAY,
        "id",
        "insert into order_draft (id, account_id, product_id, doc, revision, created_at, updated_at) \
         values ('{name}', 'VA-000-001', 'PRD-000-000-001', '{}', 1, 1, {at})",
    ),
    // Its rows go with it; the contracts stay.
    (
        "offer_batch",
        contracts::model::BATCH_DAYS * DAY,
        "id",
        "insert into offer_batch (id, account_id, agreement_id, agreement_title, kind, state, name, name_folded, csv, message, ignored, \
         total, ready, wrong, already, invited, refused, silent, created_at) \
         values ('{name}', 'VA-000-001', 'AGP-000-000-001', '', 'program', 'done', '', '', false, '', '[]', 0, 0, 0, 0, 0, 0, 0, {at})",
    ),
    // An archive's bytes go before: `export::life`.
    (
        "account_export",
        export::model::KEPT_DAYS * DAY,
        "id",
        "insert into account_export (id, account_id, state, created_at) \
         values ('{name}', 'VA-000-001', 'deleted', {at})",
    ),
    (
        "file",
        15 * MINUTE,
        "key",
        "insert into file (key, name, content_type, size, sha256, public, state, created_at, dropped_at) \
         values ('{name}', '', '', 0, '', false, 'kept', 1, {at})",
    ),
];

/// Tables whose rows stay: as long as what people made is there, or for good.
const KEPT: &[&str] = &[
    // One row for each setting, schedule, brand, applied migration.
    "setting",
    "schedule",
    "brand",
    "host",
    "__diesel_schema_migrations",
    // What the journal says is what can be proved.
    "event",
    "event_reader",
    // What belongs to an object goes with it.
    "sequence",
    "party",
    "tally",
    "tally_day",
    "offer_row",
    // Business.
    "account",
    "person",
    "membership",
    // A person's own, until they remove them.
    "totp",
    "passkey",
    "recovery_code",
    "member_tag",
    "user_group",
    "group_member",
    "group_permission",
    "token",
    "token_permission",
    "token_call_sum",
    "ip_rule",
    "idp",
    "sso_domain",
    "sso_link",
    "hub",
    "marketplace",
    "marketplace_hub",
    "agreement",
    "agreement_version",
    "contract",
    "contract_version",
    "signature",
    // An answer goes with its contract, a version with its form.
    "form",
    "form_version",
    "agreement_form",
    "form_answer",
    "category",
    "unit",
    "product",
    "product_version",
    "item",
    "parameter",
    "template",
    "medium",
    "connection",
    "listing",
    "listing_request",
    "tier_account",
    "tier_account_version",
    "asset",
    "asset_item",
    "asset_param",
    "request",
    "usage_file",
    "usage_upload",
    // A job of its own removes these when their file is deleted or uploaded again: `usage::clearing`.
    "usage_category",
    "usage_new_item",
    "usage_record",
    "usage_problem",
    "usage_total",
    "usage_leader",
    "usage_record_key",
];

#[test]
fn every_table_that_grows_by_itself_is_cleaned_and_no_young_row_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::migrated(dir.path());
    let mut config = Config::in_folder(dir.path());
    config.database_url = Some(database.url().to_owned());
    let services = app::services(&config, Clock::starting_at(clock::start())).unwrap();

    let all = match database.is_postgres() {
        true => "select tablename::text as name, cast(0 as bigint) as n from pg_tables where schemaname = 'public'",
        false => "select name, 0 as n from sqlite_master where type = 'table' and name not like 'sqlite_%'",
    };
    let there: BTreeSet<String> = database.counts(all).into_keys().collect();
    let said: BTreeSet<String> = FORGOTTEN.iter().map(|f| f.0).chain(KEPT.iter().copied()).map(str::to_owned).collect();
    assert_eq!(there, said, "say here of each table how long its rows are kept");

    database.execute(
        "insert into person (id, name, email, email_folded, events, revision, created_at) \
           values ('UR-000-000-001', 'Ann', 'a@b.example', 'a@b.example', '{}', 1, 1); \
         insert into account (id, name, name_folded, role, status, doc, events, revision, created_at, updated_at) \
           values ('VA-000-001', 'V', 'v', 'vendor', 'active', '{}', '{}', 1, 1, 1); \
         insert into product (id, account_id, name, name_folded, status, short_description, detailed_description, capabilities, \
           doc, events, revision, created_at, updated_at) values ('PRD-000-000-001', 'VA-000-001', 'P', 'p', 'draft', '', '', '{}', '{}', '{}', 1, 1, 1)",
    );
    let now = services.clock.now();
    for (table, seconds, _, statement) in FORGOTTEN {
        for (kind, at) in [("old", now.plus_seconds(-seconds - MINUTE)), ("young", now.plus_seconds(MINUTE - seconds))]
        {
            let name = format!("{kind} {table} {seconds}");
            database.execute(&statement.replace("{name}", &name).replace("{at}", &at.0.to_string()));
        }
    }
    services.db.write(|tx| jobs::enqueue(tx, NewJob::new("housekeeping", Value::Null))).unwrap();
    assert_eq!(jobs::run_due(&services, flows::WORK).unwrap(), 1);
    assert_eq!(database.number("select count(*) as n from job where kind = 'housekeeping' and status = 'done'"), 1);
    for (table, seconds, column, _) in FORGOTTEN {
        let left = |kind: &str| {
            database
                .number(&format!("select count(*) as n from {table} where {column} like '%{kind} {table} {seconds}'"))
        };
        assert_eq!((left("old"), left("young")), (0, 1), "{table}, after {seconds} seconds");
    }
}

//! A usage workbook of 200,000 records that openpyxl wrote: uploaded, checked, stored, and its processed file built.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use causeway::db::schema::{usage_record, usage_record_key};
use causeway::kit::Amount;
use causeway::kit::column::Doc;
use causeway::outside::sheets::{Limits, RowReader as _, Workbook};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use quick_xml::events::Event;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cpu;
use crate::requests::backends;
use crate::support::client::Api;
use crate::support::program::Program;
use crate::usage_world::{World, capabilities, form};

/// How many subscriptions the records are about.
const SUBSCRIPTIONS: usize = 20_000;
/// Rows in one transaction, as the portal does it.
const CHUNK: usize = 1_000;

/// Measures.
pub fn run() -> Value {
    let path = PathBuf::from(std::env::var_os("BENCH_WORKBOOK").expect("BENCH_WORKBOOK names the workbook"));
    let mut world = World::start_with(&capabilities("PR"), SUBSCRIPTIONS);
    let file = world.file();
    world.server.stop();
    let database = world.server.database();
    let url = database.url().to_owned();
    let program = Program::start(world.server.dir(), &["serve"], |c| {
        c.env("CAUSEWAY_DATABASE_URL", &url).env("CAUSEWAY_LOG", "warn");
    });
    let vendor = Api::new(program.base(), &world.halden.key);
    let bytes = std::fs::read(&path).expect("the workbook");
    let size = bytes.len();
    let used = || {
        let servers: u64 = backends(database).into_iter().map(cpu::of_whole_process).sum();
        (cpu::of_whole_process(program.id()), servers)
    };
    let seen = || vendor.get(&format!("usage/files/{file}")).expect(200).json();
    let before = used();
    let begun = Instant::now();
    vendor
        .send(Method::POST, &format!("usage/files/{file}/upload"), |r| r.multipart(form("usage_file", bytes)))
        .expect(201);
    let uploaded = begun.elapsed();
    let ready = loop {
        let now = seen();
        if !matches!(now["status"].as_str(), Some("uploaded" | "processing")) {
            break now;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    };
    let checked = begun.elapsed() - uploaded;
    let stored_cpu = used();
    let peak_checked = program.peak_memory();
    assert_eq!(ready["status"], "ready", "{ready:#}");
    let records = ready["records"]["valid"].as_i64().expect("a number of records");
    let busy = "select count(*) as n from job where kind like 'usage.%' and status in ('ready', 'running')";
    while database.number(busy) > 0 {
        std::thread::park_timeout(Duration::from_millis(20));
    }
    let built = begun.elapsed() - uploaded - checked;
    let all_cpu = used();
    let seconds = |from: u64, to: u64| to.saturating_sub(from) as f64 / 1e9;
    let mut result = json!({
        "records": records, "workbook_bytes": size, "subscriptions": SUBSCRIPTIONS,
        "upload_s": uploaded.as_secs_f64(), "check_s": checked.as_secs_f64(), "build_s": built.as_secs_f64(),
        "records_per_s": records as f64 / checked.as_secs_f64(),
        "check_cpu_s": seconds(before.0, stored_cpu.0), "check_server_cpu_s": seconds(before.1, stored_cpu.1),
        "build_cpu_s": seconds(stored_cpu.0, all_cpu.0),
        "peak_check_bytes": peak_checked, "peak_bytes": program.peak_memory(),
    });
    eprintln!("{result:#}");
    if !database.is_postgres() {
        drop(program);
        result["limits"] = json!({
            "xml_s": xml(&path), "cells_s": cells(&path),
            "rows_s": rows(url.strip_prefix("sqlite://").expect("a SQLite address"), usize::try_from(records).unwrap()),
        });
        eprintln!("{:#}", result["limits"]);
    }
    result
}

/// The sheet unpacked and cut into XML events; nothing is done with them.
fn xml(path: &Path) -> f64 {
    let begun = Instant::now();
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let sheet = std::io::BufReader::with_capacity(1 << 16, archive.by_name("xl/worksheets/sheet1.xml").unwrap());
    let mut reader = quick_xml::Reader::from_reader(sheet);
    let (mut buffer, mut events) = (vec![], 0_u64);
    while !matches!(reader.read_event_into(&mut buffer).unwrap(), Event::Eof) {
        events += 1;
        buffer.clear();
    }
    assert!(events > 0);
    begun.elapsed().as_secs_f64()
}

/// Every cell as the portal's own reader gives it; nothing is done with it.
fn cells(path: &Path) -> f64 {
    let begun = Instant::now();
    let mut book = Workbook::open(path, Limits::default()).unwrap();
    let at = book.need_sheet(&["records"]).unwrap();
    let mut rows = book.rows(at).unwrap();
    let mut seen = 0;
    while let Some(row) = rows.next_row().unwrap() {
        seen += row.cells().count();
    }
    assert!(seen > 0);
    begun.elapsed().as_secs_f64()
}

/// The same rows and keys written once more into empty tables of the same making, by prepared statements.
fn rows(source: &str, records: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = SqliteConnection::establish(folder.path().join("raw.db").to_str().unwrap()).unwrap();
    connection
        .batch_execute(&format!(
            "pragma journal_mode = wal; pragma synchronous = normal; pragma temp_store = memory; pragma cache_size = -16000;
             attach '{source}' as portal"
        ))
        .unwrap();
    let made: Vec<Text> = diesel::sql_query(
        "select sql as text from portal.sqlite_master where tbl_name in ('usage_record', 'usage_record_key') and sql is not null order by type = 'index'",
    )
    .load(&mut connection)
    .unwrap();
    for statement in made {
        connection.batch_execute(&statement.text.replace(" references usage_file (id)", "")).unwrap();
    }
    type Row =
        (String, String, i32, i32, String, Option<i64>, Option<i64>, Option<String>, Option<String>, Option<String>);
    let columns = (
        usage_record::id,
        usage_record::file_id,
        usage_record::generation,
        usage_record::sheet_row,
        usage_record::record_id,
        usage_record::start_at,
        usage_record::end_at,
        usage_record::item_id,
        usage_record::item_mpn,
        usage_record::asset_id,
    );
    let mut portal = SqliteConnection::establish(source).unwrap();
    let all: Vec<Row> = usage_record::table.select(columns).order(usage_record::id).load(&mut portal).unwrap();
    assert_eq!(all.len(), records);
    let begun = Instant::now();
    for chunk in all.chunks(CHUNK) {
        connection
            .transaction(|c| {
                for row in chunk {
                    let (id, file, generation, place, record, start, end, item, mpn, asset) = row;
                    diesel::insert_into(usage_record_key::table)
                        .values((
                            usage_record_key::product_id.eq("PRD-111-111-111"),
                            usage_record_key::record_id.eq(record),
                            usage_record_key::file_id.eq(file),
                            usage_record_key::generation.eq(generation),
                        ))
                        .execute(c)?;
                    diesel::insert_into(usage_record::table)
                        .values((
                            (
                                usage_record::id.eq(id),
                                usage_record::file_id.eq(file),
                                usage_record::generation.eq(generation),
                                usage_record::sheet_row.eq(place),
                                usage_record::record_id.eq(record),
                                usage_record::note.eq("Usage of machine 1"),
                                usage_record::status.eq("valid"),
                                usage_record::start_at.eq(start),
                                usage_record::end_at.eq(end),
                                usage_record::item_id.eq(item),
                            ),
                            (
                                usage_record::item_mpn.eq(mpn),
                                usage_record::asset_id.eq(asset),
                                usage_record::quantity.eq(amount("1250.125")),
                                usage_record::amount.eq(amount("99999.117162")),
                                usage_record::params.eq(Doc(serde_json::Value::Array(vec![]))),
                                usage_record::billing_id.eq(""),
                                usage_record::billing_note.eq(""),
                                usage_record::created_at.eq(1_i64),
                            ),
                        ))
                        .execute(c)?;
                }
                diesel::QueryResult::Ok(())
            })
            .unwrap();
    }
    begun.elapsed().as_secs_f64()
}

fn amount(text: &str) -> Option<Amount> {
    Amount::parse(text).ok()
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

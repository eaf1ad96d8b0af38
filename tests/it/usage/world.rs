//! A small world to report usage in: a vendor with one product, a distributor who sells it, some subscriptions.

use std::io::Read as _;

use causeway::kit::Role;
use causeway::outside::sheets::{BookWriter, Cell, Column, Limits, OutCell, RowReader as _, Value, Workbook};
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value as Json, json};

use crate::support::client::Api;
use crate::support::companies::Company;
use crate::support::page::Page;
use crate::support::server::Server;

pub const PRODUCT: &str = "PRD-111-111-111";
pub const CONTRACT: &str = "CRD-11111-11111-11111";
pub const OTHER_CONTRACT: &str = "CRD-22222-22222-22222";

/// The columns that every file has.
pub const EIGHT: [&str; 8] = [
    "record_id",
    "item_search_criteria",
    "item_search_value",
    "quantity",
    "start_time_utc",
    "end_time_utc",
    "asset_search_criteria",
    "asset_search_value",
];

/// What the product can do.
pub fn capabilities(schema: &str) -> Json {
    json!({ "ppu": { "schema": schema, "dynamic": false, "future": false, "late": false, "predictive": false },
            "reservation": { "consumption": true } })
}

/// The running portal with its companies.
pub struct World {
    pub server: Server,
    /// The vendor.
    pub halden: Company,
    /// The distributor.
    pub northgate: Company,
    stranger: Company,
}

impl World {
    /// With a product that reports by a schema: `QT`, `PR`, `CR`, `TR`.
    pub fn start(schema: &str) -> Self {
        Self::start_with(&capabilities(schema), 40)
    }

    /// With these capabilities and so many active subscriptions: `AS-0000-0000-0001`, each with the parameter `tenant` of
    /// value `tenant1`, …; besides them a terminated one, one in processing, and one under another contract.
    pub fn start_with(capabilities: &Json, subscriptions: usize) -> Self {
        Self::start_on(Server::start(), capabilities, subscriptions)
    }

    /// The same on a program that runs already.
    pub fn start_on(server: Server, capabilities: &Json, subscriptions: usize) -> Self {
        let company = |name: &str, role: Role| Company::new(&server, name, role);
        let (halden, northgate) = (company("Halden Software", Role::Vendor), company("Northgate", Role::Distributor));
        let stranger = company("Somebody Else", Role::Vendor);
        let (vendor, distributor) = (halden.id.to_string(), northgate.id.to_string());
        let world = Self { server, halden, northgate, stranger };
        let db = world.server.database();
        let mut sql = String::new();
        sql += &format!(
            "insert into unit (id, description, code, kind, cumulative, created_at) values ('u1', 'GB', 'gb', 'ppu', false, 1);
             insert into product (id, account_id, name, name_folded, status, short_description, detailed_description, capabilities, doc, events, revision, created_at, updated_at)
               values ('{PRODUCT}', '{vendor}', 'Cloud Backup', 'cloud backup', 'published', '', '', '{capabilities}', '{{}}', '{{}}', 1, 1, 1);
             insert into hub (id, account_id, name, name_folded, description, instance_id, instance_type, events, revision, created_at, updated_at)
               values ('HB-1111-1111', '{distributor}', 'Hub', 'hub', '', 'h1', 'OA', '{{}}', 1, 1, 1);
             insert into marketplace (id, account_id, name, name_folded, description, currency, doc, events, revision, created_at, updated_at)
               values ('MP-11111', '{distributor}', 'Northgate DACH', 'northgate dach', '', 'EUR', '{{}}', '{{}}', 1, 1, 1);
             insert into agreement (id, kind, account_id, title, title_folded, description, auto_accept, events, revision, created_at, updated_at)
               values ('AGP-111-111-111', 'program', '{distributor}', 'Program', 'program', '', false, '{{}}', 1, 1, 1);
             insert into agreement (id, kind, account_id, title, title_folded, description, marketplace_id, auto_accept, events, revision, created_at, updated_at)
               values ('AGD-111-111-111', 'distribution', '{distributor}', 'Distribution', 'distribution', '', 'MP-11111', false, '{{}}', 1, 1, 1),
                      ('AGD-222-222-222', 'distribution', '{distributor}', 'Another', 'another', '', 'MP-11111', false, '{{}}', 1, 1, 1);"
        );
        for (id, kind, agreement, market) in [
            ("CRP-11111-11111-11111", "program", "AGP-111-111-111", "null"),
            (CONTRACT, "distribution", "AGD-111-111-111", "'MP-11111'"),
            (OTHER_CONTRACT, "distribution", "AGD-222-222-222", "'MP-11111'"),
        ] {
            sql += &format!(
                "insert into contract (id, kind, status, name, name_folded, agreement_id, marketplace_id, issuer_id, owner_id, creator_id, environment, note, \
                 termination_note, message, permissions, events, revision, created_at, updated_at) values ('{id}', '{kind}', 'active', 'Contract {id}', 'c', \
                 '{agreement}', {market}, '{distributor}', '{vendor}', '{distributor}', 'production', '', '', '', '[]', '{{}}', 1, 1, 1);"
            );
        }
        sql += &format!(
            "insert into listing (id, product_id, contract_id, marketplace_id, vendor_id, provider_id, status, events, revision, created_at, updated_at)
               values ('LST-111-111-111', '{PRODUCT}', '{CONTRACT}', 'MP-11111', '{vendor}', '{distributor}', 'listed', '{{}}', 1, 1, 1);
             insert into connection (id, product_id, hub_id, vendor_id, provider_id, environment, status, version_type, note, events, revision, created_at)
               values ('CT-1111-1111-1111', '{PRODUCT}', 'HB-1111-1111', '{vendor}', '{distributor}', 'production', 'connected', 'latest', '', '{{}}', 1, 1);
             insert into tier_account (id, account_id, kind, name, name_folded, external_id, external_uid, environment, contact, email_folded, scopes, version, events, revision, created_at, updated_at)
               values ('TA-1111-1111-1111', '{distributor}', 'customer', 'Van Dijk BV', 'van dijk bv', 'c-1', 'x1', 'production', '{{}}', '', '[]', 1, '{{}}', 1, 1, 1),
                      ('TA-2222-2222-2222', '{distributor}', 'reseller', 'Reseller One', 'reseller one', 'r-1', 'x2', 'production', '{{}}', '', '[]', 1, '{{}}', 1, 1, 1);"
        );
        for (number, (mpn, kind, precision)) in
            [("GB-EU", "ppu", "decimal(4)"), ("CALLS", "ppu", "integer"), ("SEAT", "reservation", "integer")]
                .into_iter()
                .enumerate()
        {
            sql += &format!(
                "insert into item (id, product_id, mpn, name, name_folded, description, kind, period, commitment, precision, unit_id, status, dynamic, visible, \
                 position, doc, events, revision, created_at, updated_at) values ('{PRODUCT}-000{}', '{PRODUCT}', '{mpn}', 'Item {mpn}', lower('item {mpn}'), '', '{kind}', \
                 'monthly', 1, '{precision}', 'u1', 'published', false, true, {number}, '{{}}', '{{}}', 1, 1, 1);",
                number + 1
            );
        }
        for (number, name, reconciles) in [(1, "tenant", false), (2, "recon", true)] {
            let doc = if reconciles { json!({ "constraints": { "reconciliation": true } }) } else { json!({}) };
            sql += &format!(
                "insert into parameter (id, product_id, name, title, description, phase, scope, kind, hint, placeholder, required, hidden, is_unique, \
                 reconciliation, doc, position, events, revision, created_at, updated_at) values ('PRM-111-111-111-000{number}', '{PRODUCT}', '{name}', '{name}', '', \
                 'fulfillment', 'asset', 'text', '', '', false, false, false, {reconciles}, '{doc}', {number}, '{{}}', 1, 1, 1);"
            );
        }
        for n in 1..=subscriptions {
            sql += &subscription(&world, &asset(n), "active", CONTRACT, n, "{}");
        }
        let ended = r#"{"terminated": {"at": "2026-05-10T00:00:00+00:00"}}"#;
        sql += &subscription(&world, "AS-9999-0000-0001", "terminated", CONTRACT, 100_001, ended);
        sql += &subscription(&world, "AS-9999-0000-0002", "processing", CONTRACT, 100_002, "{}");
        sql += &subscription(&world, "AS-9999-0000-0003", "active", OTHER_CONTRACT, 100_003, "{}");
        sql += &format!(
            "insert into asset_item (asset_id, item_id, quantity, unlimited, position) values ('{}', '{PRODUCT}-0003', {}, false, 0);",
            asset(1),
            if db.is_postgres() { "5" } else { "'5'" }
        );
        db.execute(&format!("begin; {sql} commit;"));
        world
    }

    /// The vendor's program.
    pub fn vendor(&self) -> Api {
        self.server.api(&self.halden.key)
    }

    /// The distributor's program.
    pub fn distributor(&self) -> Api {
        self.server.api(&self.northgate.key)
    }

    /// A program of a company that has nothing to do with all this.
    pub fn stranger(&self) -> Api {
        self.server.api(&self.stranger.key)
    }

    /// Makes a usage file for May 2026 and gives its id.
    pub fn file(&self) -> String {
        let body = json!({ "name": "May 2026", "product": { "id": PRODUCT }, "contract": { "id": CONTRACT }, "description": "",
                           "period": { "from": "2026-05-01", "to": "2026-05-31" }, "note": "our own" });
        let file = self.vendor().post("usage/files", &body).expect(201).json();
        assert_eq!(file["status"], "draft");
        file["id"].as_str().unwrap().to_owned()
    }

    /// Sends a workbook to a file and waits until its rows are checked; gives the file.
    pub fn uploaded(&self, file: &str, workbook: Vec<u8>) -> Json {
        self.send(file, workbook).expect(201);
        self.checked(file)
    }

    /// Sends a workbook to a file.
    pub fn send(&self, file: &str, workbook: Vec<u8>) -> Page {
        self.vendor().send(Method::POST, &format!("usage/files/{file}/upload"), |request| {
            request.multipart(form("usage_file", workbook))
        })
    }

    /// Waits until a file's rows are checked; gives the file.
    pub fn checked(&self, file: &str) -> Json {
        self.server.settle();
        self.vendor().get(&format!("usage/files/{file}")).expect(200).json()
    }

    /// All problems of a file: row, code, column.
    pub fn problems(&self, file: &str) -> Vec<(i64, String, String)> {
        let book = self.processed(file);
        let (header, rows) = sheet(&book, "records");
        let at = header.iter().position(|h| h == "errors").expect("a column of errors");
        let mut found = vec![];
        for (number, row) in (2..).zip(rows) {
            for line in row[at].lines() {
                let mut words = line.splitn(3, ' ');
                let (code, column) = (words.next().unwrap(), words.next().unwrap());
                found.push((number, code.to_owned(), column.trim_end_matches(':').to_owned()));
            }
        }
        found
    }

    /// The processed file, fetched as its link says: without a key.
    pub fn processed(&self, file: &str) -> Vec<u8> {
        let link = self.checked(file)["processed_file_uri"].as_str().expect("a link to the processed file").to_owned();
        let mut bytes = vec![];
        reqwest::blocking::get(&link).expect("fetch the processed file").read_to_end(&mut bytes).unwrap();
        bytes
    }
}

/// The body of an upload.
pub fn form(part: &str, workbook: Vec<u8>) -> Form {
    Form::new().part(part.to_owned(), Part::bytes(workbook).file_name("usage_file.xlsx"))
}

/// The id of the n-th active subscription.
pub fn asset(n: usize) -> String {
    format!("AS-0000-{:04}-{:04}", n / 10_000, n % 10_000)
}

fn subscription(world: &World, id: &str, status: &str, contract: &str, n: usize, events: &str) -> String {
    let (vendor, distributor) = (&world.halden.id, &world.northgate.id);
    format!(
        "insert into asset (id, status, product_id, connection_id, marketplace_id, contract_id, hub_id, vendor_id, provider_id, environment, external_id, \
         external_uid, customer_id, tier1_id, doc, events, revision, created_at, updated_at) values ('{id}', '{status}', '{PRODUCT}', \
         'CT-1111-1111-1111', 'MP-11111', '{contract}', 'HB-1111-1111', '{vendor}', '{distributor}', 'production', 'ext-{n}', 'uid-{n}', \
         'TA-1111-1111-1111', 'TA-2222-2222-2222', '{{}}', '{events}', 1, 1, 1);
         insert into asset_param (asset_id, name, product_id, parameter_id, phase, value) values \
         ('{id}', 'tenant', '{PRODUCT}', 'PRM-111-111-111-0001', 'fulfillment', 'tenant{n}'), \
         ('{id}', 'recon', '{PRODUCT}', 'PRM-111-111-111-0002', 'fulfillment', 'recon{n}');"
    )
}

/// A workbook with one sheet of text cells, the header first.
pub fn workbook(sheet: &str, header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    workbook_of(&[(sheet, header, rows)])
}

/// A sheet's name, header and rows.
type Sheet<'a> = (&'a str, &'a [&'a str], &'a [Vec<String>]);

/// A workbook of several sheets.
pub fn workbook_of(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut book = BookWriter::new(folder.path()).unwrap();
    for (name, header, rows) in sheets {
        let columns: Vec<Column<'_>> = header.iter().map(|h| Column::new(h, 12)).collect();
        let mut sheet = book.sheet(name, &columns).unwrap();
        for row in *rows {
            sheet.row(&row.iter().map(|v| OutCell::from(Value::Text(v))).collect::<Vec<_>>()).unwrap();
        }
    }
    let path = folder.path().join("book.xlsx");
    book.save(&path).unwrap();
    std::fs::read(path).unwrap()
}

/// A good row of the eight columns.
pub fn row(id: &str) -> Vec<String> {
    [id, "item.mpn", "GB-EU", "1.25", "2026-05-01 00:00:00", "2026-05-31 23:59:59", "asset.id", "AS-0000-0000-0001"]
        .map(str::to_owned)
        .to_vec()
}

/// The same with some cells changed: column and value.
pub fn row_with(id: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let mut row = row(id);
    for (column, value) in changes {
        let at = EIGHT.iter().position(|name| name == column).expect("one of the eight columns");
        (*value).clone_into(&mut row[at]);
    }
    row
}

/// The header and rows of a sheet of a workbook, as text.
pub fn sheet(book: &[u8], name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), book).unwrap();
    let mut book = Workbook::open(file.path(), Limits::default()).unwrap();
    let at = book.need_sheet(&[name]).unwrap();
    let mut rows = book.rows(at).unwrap();
    let mut all: Vec<Vec<String>> = vec![];
    while let Some(row) = rows.next_row().unwrap() {
        let width = all.first().map_or(row.cells().map(|(at, _)| at + 1).max().unwrap_or(0), |h| h.len() as u32);
        let shown = |cell: &Cell| cell.shown().into_owned();
        all.push((0..width).map(|at| shown(row.cell(at))).collect());
    }
    let header = if all.is_empty() { vec![] } else { all.remove(0) };
    (header, all)
}

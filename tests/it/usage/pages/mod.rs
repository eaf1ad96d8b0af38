//! The pages of usage, as people walk them.

mod facts;
mod path;

use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::page::Page;

use super::world::{EIGHT, World, row_with, workbook};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A page of a company.
fn at(company: &Company, path: &str) -> String {
    format!("/{}{path}", company.id)
}

/// A priced workbook: id, changes of the eight columns, amount.
fn priced(rows: &[(&str, &[(&str, &str)], &str)]) -> Vec<u8> {
    let header = [&EIGHT[..], &["amount"]].concat();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|(id, changes, amount)| [row_with(id, changes), vec![(*amount).to_owned()]].concat()).collect();
    workbook("records", &header, &rows)
}

/// Sends a workbook with the form of a page, and shows the file's page once its rows are checked.
fn upload(world: &World, browser: &Client, page: &Page, book: &[u8]) -> Page {
    let form = page.form_with("Upload").attach("usage_file", "C:\\Users\\mara\\May.xlsx", XLSX, book);
    let page = browser.submit(form).expect(200);
    world.server.settle();
    browser.open(page.url.as_str())
}

//! The whole filtered list as a file.

use std::io::{BufWriter, Seek, Write};

use actix_web::HttpResponse;
use actix_web::http::header;
use tokio::sync::Semaphore;

use super::List;
use crate::db::list::{self, Rules};
use crate::db::{self, Tx};
use crate::kit::{Actor, Refusal, Text};
use crate::outside::sheets;
use crate::rql::Query;
use crate::web::ctx::Ctx;
use crate::web::error::{Error, broken};

/// Most rows that an export has.
const MAX_EXPORT: i64 = 100_000;
/// How many rows an export loads at a time.
const EXPORT_CHUNK: usize = 500;
/// Exports that are written at once; others wait. Each holds a connection of the database for as long as it takes.
static EXPORTS: Semaphore = Semaphore::const_new(2);

impl Ctx {
    pub(super) async fn export<T: Send + 'static>(
        &self,
        list: List<T>,
        query: Query,
        format: Format,
    ) -> Result<HttpResponse, Error> {
        let folder = self.services().files.temp_folder().to_owned();
        let name = format!("{}.{}", list.collection.name, format.extension());
        let _turn = EXPORTS.acquire().await.map_err(|e| broken(&e))?;
        let file = self
            .read(move |tx, actor| {
                let account = actor.account()?.clone();
                let within: Vec<(&str, &str)> = list.within.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let rules = Rules::PAGE.within(&within).after(list.after);
                let total = list::page(tx.conn(), list.collection, Some(account.as_str()), &query.clone().limited(0), &rules)?.total;
                if total > MAX_EXPORT {
                    return Err(Refusal::too_large(
                        Text::new("This list has {total:number} rows; an export has at most {max:number}. Filter the list first.")
                            .arg("total", total)
                            .arg("max", MAX_EXPORT),
                    )
                    .into());
                }
                let ids = list::ids(tx.conn(), list.collection, Some(account.as_str()), &query, &rules, MAX_EXPORT as u32)?;
                let mut out = tempfile::tempfile_in(&folder).map_err(outside)?;
                write_export(tx, actor, &list, &ids, format, &folder, &mut out)?;
                out.rewind().map_err(outside)?;
                Ok(out)
            })
            .await?;
        download(file, &name, format.content_type())
    }
}

fn outside(e: impl std::fmt::Display) -> db::Error {
    db::Error::Outside(format!("export: {e}"))
}

/// Answers a file to be saved under a name.
pub fn download(file: std::fs::File, name: &str, content_type: &'static str) -> Result<HttpResponse, Error> {
    let length = file.metadata().map_err(|e| broken(&e))?.len();
    let stream = crate::web::stream::file(file);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .no_chunking(length)
        .streaming(stream))
}

#[derive(Clone, Copy)]
pub(super) enum Format {
    Csv,
    Xlsx,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

fn write_export<T>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    list: &List<T>,
    ids: &[String],
    format: Format,
    folder: &std::path::Path,
    out: &mut std::fs::File,
) -> db::Result<()> {
    let heads: Vec<String> = list.columns.iter().map(|c| c.column.label.to_string()).collect();
    let mut each = |put: &mut dyn FnMut(&[String]) -> db::Result<()>| -> db::Result<()> {
        for chunk in ids.chunks(EXPORT_CHUNK) {
            for row in (list.load)(tx, actor, chunk)? {
                let cells: Vec<String> = list.columns.iter().map(|c| (c.plain)(&row)).collect();
                put(&cells)?;
            }
        }
        Ok(())
    };
    match format {
        Format::Csv => {
            let mut csv = sheets::CsvWriter::new(BufWriter::new(out));
            csv.row(heads.iter().map(String::as_str)).map_err(outside)?;
            each(&mut |cells| csv.row(cells.iter().map(String::as_str)).map_err(outside))?;
            csv.finish().map_err(outside)?.flush().map_err(outside)
        }
        Format::Xlsx => {
            let mut book = sheets::BookWriter::new(folder).map_err(|e| outside(e.text()))?;
            {
                let columns: Vec<sheets::Column<'_>> = heads.iter().map(|h| sheets::Column::new(h, 24)).collect();
                let mut sheet = book.sheet(list.collection.name, &columns).map_err(|e| outside(e.text()))?;
                each(&mut |cells| {
                    let cells: Vec<sheets::OutCell<'_>> =
                        cells.iter().map(|c| sheets::OutCell::from(sheets::Value::Text(c))).collect();
                    sheet.row(&cells).map(drop).map_err(|e| outside(e.text()))
                })?;
            }
            book.save_to(out).map_err(|e| outside(e.text()))
        }
    }
}

/// Takes `_export=…` out of a query string.
pub(super) fn split_export(raw: &str) -> (String, Option<Format>) {
    let mut format = None;
    let rest: Vec<&str> = raw
        .split('&')
        .filter(|part| match part.strip_prefix("_export=") {
            Some(word) => {
                format = if word == "xlsx" { Some(Format::Xlsx) } else { Some(Format::Csv) };
                false
            }
            None => true,
        })
        .collect();
    (rest.join("&"), format)
}

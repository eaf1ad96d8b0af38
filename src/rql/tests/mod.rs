//! The language against the published tables, and against arbitrary input.

mod apply;
mod edit;
mod grammar;
mod legacy;
mod round_trip;
mod select;

use super::{Error, Query, parse};

/// The canonical form of what was read.
fn canonical(raw_query: &str) -> String {
    readable(&read(raw_query))
}

fn read(raw_query: &str) -> Query {
    parse(raw_query).unwrap_or_else(|error| panic!("{raw_query}: {error}"))
}

/// The printed query with the common escapes undone, so that a table can be read.
fn readable(query: &Query) -> String {
    percent_encoding::percent_decode_str(&query.to_string()).decode_utf8().unwrap().into_owned()
}

fn refused(raw_query: &str) -> Error {
    match parse(raw_query) {
        Err(error) => error,
        Ok(query) => panic!("{raw_query} was read as {}", readable(&query)),
    }
}

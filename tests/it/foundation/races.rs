//! Lost races: whoever lost one begins again, whatever language the server speaks.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Barrier};
use std::thread;

use causeway::db::{Error, next_number};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorInformation, Error as Failure};

use super::data::store;

/// What a server that speaks another language tells.
struct Translated(Box<dyn DatabaseErrorInformation + Send + Sync>);

impl DatabaseErrorInformation for Translated {
    fn message(&self) -> &str {
        "Verklemmung entdeckt"
    }
    fn details(&self) -> Option<&str> {
        self.0.details().map(|_| "Prozess 7 wartet auf eine Sperre; blockiert von Prozess 8.")
    }
    fn hint(&self) -> Option<&str> {
        self.0.hint().map(|_| "Einzelheiten stehen im Serverlog.")
    }
    fn table_name(&self) -> Option<&str> {
        self.0.table_name()
    }
    fn column_name(&self) -> Option<&str> {
        self.0.column_name()
    }
    fn constraint_name(&self) -> Option<&str> {
        self.0.constraint_name()
    }
    fn statement_position(&self) -> Option<i32> {
        self.0.statement_position()
    }
}

fn translated(error: Error) -> Error {
    match error {
        Error::Database(Failure::DatabaseError(kind, told)) => {
            Error::Database(Failure::DatabaseError(kind, Box::new(Translated(told))))
        }
        other => other,
    }
}

#[test]
fn two_actions_that_shut_each_other_out_are_both_done_in_any_language() {
    let (_dir, _database, db) = store();
    let both = Arc::new(Barrier::new(2));
    let act = |first: &'static str, second: &'static str| {
        let (db, both) = (db.clone(), both.clone());
        thread::spawn(move || {
            // SQLite lets one write at a time; PostgreSQL finds that they wait for each other, and ends one of them.
            let met = Cell::new(!db.is_postgres());
            let tries = RefCell::new(vec![]);
            let done = db.write(|tx| {
                next_number(tx, "p", first)?;
                if !met.replace(true) {
                    both.wait();
                }
                next_number(tx, "p", second)
                    .map_err(translated)
                    .inspect_err(|e| tries.borrow_mut().push(e.more_tries()))
            });
            done.unwrap();
            tries.into_inner()
        })
    };
    let tries: Vec<u32> = [act("a", "b"), act("b", "a")].into_iter().flat_map(|t| t.join().unwrap()).collect();
    // It may happen to them once more.
    assert!(tries.iter().all(|more| *more == 3) && tries.is_empty() != db.is_postgres(), "{tries:?}");
    let next = |name: &'static str| db.write(|tx| next_number(tx, "p", name)).unwrap();
    assert_eq!((next("a"), next("b")), (3, 3), "one of them was done twice or not at all");
}

#[test]
fn a_failure_that_nobody_knows_is_tried_once_more_and_then_told() {
    let (_dir, _database, db) = store();
    let runs = Cell::new(0);
    let told = db.write(|tx| {
        runs.set(runs.get() + 1);
        Ok(diesel::sql_query("select no_such_thing()").execute(tx.conn())?)
    });
    assert!(matches!(told, Err(Error::Database(_))), "{told:?}");
    assert_eq!(runs.get(), 2);
    assert_eq!(db.write(|tx| next_number(tx, "p", "n")).unwrap(), 1, "the connection is of no use any more");
}

//! Numbers, decimals, kept answers, sessions, and the chain over the journal.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use causeway::db::idempotency::{self, Answer, Once};
use causeway::db::party::{self, Party};
use causeway::db::{Db, Error, next_number};
use causeway::flows::accounts::actions::{self, password};
use causeway::journal::seal;
use causeway::kit::column::ExactDecimal;
use causeway::kit::{AccountId, Actor, Amount, Clock, Role, Side};
use diesel::prelude::*;
use tempfile::TempDir;

use crate::support::clock;
use crate::support::database::Database;
use crate::support::server::Server;
use crate::world::{Company, door};

/// A migrated database without a running program.
pub fn store() -> (TempDir, Database, Db) {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::migrated(dir.path());
    let time = Clock::starting_at(clock::start());
    let db = Db::open(database.url(), time, causeway::flows::react).unwrap();
    (dir, database, db)
}

fn actor() -> Actor {
    Actor::system(AccountId::parse("VA-123-456").unwrap(), "Alpha".to_owned(), Role::Vendor)
}

/// Runs `work` in so many threads at once and gives what each returned.
fn at_once<T: Send + 'static>(db: &Db, threads: usize, work: fn(&Db) -> T) -> Vec<T> {
    let barrier = Arc::new(Barrier::new(threads));
    let running: Vec<_> = (0..threads)
        .map(|_| {
            let (db, barrier) = (db.clone(), barrier.clone());
            thread::spawn(move || {
                barrier.wait();
                work(&db)
            })
        })
        .collect();
    running.into_iter().map(|t| t.join().unwrap()).collect()
}

#[test]
fn numbers_have_neither_gaps_nor_doubles() {
    let (_dir, _database, db) = store();
    let mut taken: Vec<i64> = at_once(&db, 8, |db| {
        let mut mine = vec![];
        for _ in 0..5 {
            mine.push(db.write(|tx| next_number(tx, "PRD-1", "item")).unwrap());
            // What is taken back leaves no gap.
            let failed: Result<(), Error> = db.write(|tx| {
                next_number(tx, "PRD-1", "item")?;
                Err(Error::Outside("changed my mind".to_owned()))
            });
            failed.unwrap_err();
        }
        mine
    })
    .concat();
    taken.sort_unstable();
    assert_eq!(taken, (1..=40).collect::<Vec<i64>>());
    assert_eq!(db.write(|tx| next_number(tx, "PRD-2", "item")).unwrap(), 1, "another parent counts for itself");
}

#[test]
fn numbers_about_parties_are_kept_whoever_writes_at_once() {
    let (_dir, database, db) = store();
    let vendor = AccountId::parse("VA-123-456").unwrap();
    let parties =
        [Party::new(&vendor, Side::Vendor), Party::new(&AccountId::parse("PA-123-456").unwrap(), Side::Distributor)];
    for turn in 0..8 {
        let id = format!("PR-{turn}");
        db.write(|tx| party::put(tx, "request", &id, "pending", Some(Side::Vendor), &parties)).unwrap();
    }
    let mine = AtomicUsize::new(0);
    let write = |db: &Db, mine: &AtomicUsize| {
        let id = format!("PR-{}", mine.fetch_add(1, Ordering::Relaxed));
        let extra = Party::new(&AccountId::parse("PA-123-457").unwrap(), Side::Reseller);
        for (status, turn) in
            [("inquiring", Some(Side::Distributor)), ("pending", Some(Side::Vendor)), ("approved", None)]
        {
            db.write(|tx| party::moved(tx, "request", &id, status, turn)).unwrap();
        }
        for _ in 0..2 {
            // The second time it is there already.
            db.write(|tx| party::add(tx, "request", &id, "approved", tx.at(), &extra)).unwrap();
        }
        // What is taken back is not counted.
        let failed: Result<(), Error> = db.write(|tx| {
            party::remove(tx, "request", &id)?;
            Err(Error::Outside("changed my mind".to_owned()))
        });
        failed.unwrap_err();
    };
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| write(&db, &mine));
        }
    });
    assert_eq!(database.miscounted(), 0);
    let kept = |status: &str| {
        let sql = format!("select cast(coalesce(sum(number), 0) as bigint) as n from tally where status = '{status}'");
        database.number(&sql)
    };
    assert_eq!((kept("pending"), kept("inquiring"), kept("approved")), (0, 0, 24));
    db.write(|tx| party::remove(tx, "request", "PR-1")).unwrap();
    db.write(|tx| party::leave(tx, "request", "PR-2", &vendor)).unwrap();
    assert_eq!((kept("approved"), database.miscounted()), (20, 0));
}

#[test]
fn one_key_has_one_effect_however_many_ask_at_once() {
    let (_dir, _database, db) = store();
    let ask = |db: &Db| {
        let once = Once { key: "k".to_owned(), request: "r".to_owned(), by_form: false };
        db.write(|tx| {
            idempotency::once(tx, &actor(), Some(&once), |tx| {
                Ok(Answer::json(201, next_number(tx, "p", "n")?.to_string()))
            })
        })
        .unwrap()
    };
    let answers = at_once(&db, 6, ask);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(db.write(|tx| next_number(tx, "p", "n")).unwrap(), 2, "it was done more than once");
    let other = Once { key: "k".to_owned(), request: "another".to_owned(), by_form: false };
    let refused = db.write(|tx| idempotency::once(tx, &actor(), Some(&other), |_| Ok(Answer::empty())));
    assert!(matches!(refused, Err(Error::Refused(r)) if r.status() == 409));
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = ExactDecimal)]
    amount: Amount,
}

#[test]
fn decimals_keep_every_digit_and_add_up_exactly() {
    let (_dir, database, db) = store();
    let column = if database.is_postgres() { "numeric" } else { "text collate decimal" };
    db.write(|tx| {
        diesel::sql_query(format!("create table probe (amount {column} not null)")).execute(tx.conn())?;
        Ok(())
    })
    .unwrap();
    let sorted = ["-12.5", "-0.00000001", "0", "0.1", "0.2", "9.99", "10", "9999999999.99999999"];
    db.write(|tx| {
        for text in sorted.iter().rev() {
            let amount = Amount::parse(text).unwrap();
            diesel::sql_query("insert into probe (amount) values ($1)")
                .bind::<ExactDecimal, _>(amount)
                .execute(tx.conn())?;
        }
        Ok(())
    })
    .unwrap();
    let load = |sql: &str| -> Vec<String> {
        let rows: Vec<Row> = db.read(|tx| Ok(diesel::sql_query(sql).load(tx.conn())?)).unwrap();
        rows.iter().map(|row| row.amount.to_string()).collect()
    };
    let written: Vec<String> = sorted.iter().map(|text| Amount::parse(text).unwrap().to_string()).collect();
    assert_eq!(load("select amount from probe order by amount"), written);
    let sum = if database.is_postgres() { "sum" } else { "decimal_sum" };
    let total = Amount::parse("10000000007.78999998").unwrap().to_string();
    assert_eq!(load(&format!("select {sum}(amount) as amount from probe")), [total]);
}

#[test]
fn a_changed_entry_of_the_journal_shows() {
    let (_dir, database, db) = store();
    Company::make(&db, "Alpha", Role::Vendor);
    Company::make(&db, "Beta", Role::Reseller);
    let sealed = db.write(seal::run).unwrap();
    assert!(sealed >= 4, "{sealed} entries");
    assert_eq!(db.write(seal::run).unwrap(), 0, "sealed twice");
    assert_eq!(db.read(seal::verify).unwrap(), None);
    // Who acted, for whom, and what names people is covered too.
    let third = database.number("select id as n from event where sealed = 3");
    database.execute("create table kept as select id, actor_id, actor_name, actor_kind, on_behalf from event");
    for forged in ["actor_id = 'UR-1', actor_name = 'Mallory'", "actor_kind = 'forged'", "on_behalf = 'VA-1'"] {
        database.execute(&format!("update event set {forged} where sealed = 3"));
        assert_eq!(db.read(seal::verify).unwrap(), Some(third), "{forged}");
        database.execute(
            "update event set actor_id = k.actor_id, actor_name = k.actor_name, actor_kind = k.actor_kind, \
             on_behalf = k.on_behalf from kept k where k.id = event.id",
        );
    }
    assert_eq!(db.read(seal::verify).unwrap(), None);
    // It can be erased, and the chain stays whole.
    for place in 1..=i64::try_from(sealed).unwrap() {
        let entry = database.number(&format!("select id as n from event where sealed = {place}"));
        db.write(|tx| seal::erase(tx, entry)).unwrap();
    }
    let named = "select count(*) as n from event where actor_name is not null or cast(text as text) like '%Alpha%'";
    assert_eq!(database.number(named), 0);
    assert_eq!(db.read(seal::verify).unwrap(), None);
    let second = database.number("select id as n from event where sealed = 2");
    database.execute("update event set verb = 'account.nothing' where sealed = 2");
    assert_eq!(db.read(seal::verify).unwrap(), Some(second));
    database.execute("delete from event where sealed = 2");
    assert!(db.read(seal::verify).unwrap().is_some(), "a missing entry does not show");
}

#[test]
fn a_new_password_ends_the_sessions_of_that_person_only() {
    let server = Server::start();
    let db = door(&server);
    let company = Company::make(&db, "Alpha", Role::Vendor);
    let other = Company::make(&db, "Beta", Role::Vendor);
    let (_one, _two, _other) = (company.browser(&server), company.browser(&server), other.browser(&server));
    let sessions =
        |user: &str| server.database().number(&format!("select count(*) as n from session where user_id = '{user}'"));
    assert_eq!((sessions(company.admin.as_str()), sessions(other.admin.as_str())), (2, 1));
    let hash = password::hash("New-1-passphrase").unwrap();
    db.write(|tx| {
        let secret = actions::password_link(tx, &company.admin)?;
        actions::set_password_by_link(tx, &secret, &hash, &actions::Door { deployment: "x" })
    })
    .unwrap();
    assert_eq!((sessions(company.admin.as_str()), sessions(other.admin.as_str())), (0, 1));
}

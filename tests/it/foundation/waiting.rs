//! How long readers wait, and whom workers keep from waiting.

use causeway::db::{self, Db, Error, Result};
use causeway::kit::{Clock, Limits, Role};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::json;

use crate::orders::world::refused;
use crate::support::clock;
use crate::support::companies::{Company, sign_in};
use crate::support::database::Database;
use crate::support::server::Server;

fn open(database: &Database) -> Db {
    Db::open(database.url(), Clock::starting_at(clock::start()), causeway::flows::react).unwrap()
}

fn limited(milliseconds: i64) -> Limits {
    Limits { read_milliseconds: milliseconds, ..Limits::default() }
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

/// A setting of the server as a transaction sees it; nothing on SQLite.
fn setting(tx: &mut db::Tx<'_>, name: &str) -> Result<String> {
    if !tx.is_postgres() {
        return Ok(String::new());
    }
    let query = diesel::sql_query("select current_setting($1) as value").bind::<Text, _>(name);
    Ok(query.get_result::<Setting>(tx.conn())?.value)
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_and_the_remedy_told() {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::migrated(dir.path());
    let db = open(&database).limited(limited(40));
    let read = db.read(|tx| {
        if tx.is_postgres() {
            diesel::sql_query("select pg_sleep(600)").execute(tx.conn())?;
        }
        Ok(())
    });
    if db.is_postgres() {
        let Err(Error::Refused(refusal)) = read else { panic!("{read:?}") };
        assert_eq!((refusal.status(), refusal.wire), (503, "SYS_503"));
        let told = refusal.to_string();
        assert!(told.contains("longer than 0.04 s. Ask for less at once"), "{told}");
        assert!(told.contains("CAUSEWAY_LIMITS=read_milliseconds"), "{told}");
    } else {
        read.unwrap();
    }
    // What goes wrong at once is no matter of time.
    let wrong = db.read(|tx| Ok(diesel::sql_query("select no_such_thing()").execute(tx.conn())?));
    assert!(matches!(wrong, Err(Error::Database(_))), "{wrong:?}");
    // Nobody waits for workers, and what is written takes the time that it takes.
    let (limit, none) = if db.is_postgres() { ("40ms", "0") } else { ("", "") };
    let timeout = |tx: &mut db::Tx<'_>| setting(tx, "statement_timeout");
    assert_eq!(db.read(timeout).unwrap(), limit);
    assert_eq!(db.write(timeout).unwrap(), none);
    assert_eq!(db.for_workers().read(timeout).unwrap(), none);
}

#[test]
fn pages_and_the_api_say_that_they_take_too_long() {
    let server = Server::start_with(|config| config.limits = limited(1000));
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let (api, browser) = (company.api(&server), sign_in(&server, &company.email));
    let page = format!("/{}/hubs", company.id);
    let hub = json!({ "name": "Hub", "description": "", "instance": { "id": "hub-1", "type": "API" } });
    api.post("hubs", &hub).expect(201);
    let db = open(server.database());
    db.write(|tx| {
        if tx.is_postgres() {
            // Whoever reads hubs waits now.
            diesel::sql_query("lock table hub in access exclusive mode").execute(tx.conn())?;
            let told = refused(api.get("hubs"), 503);
            assert!(told.contains("longer than 1 s. Ask for less at once"), "{told}");
            let slow = browser.get(&page).expect(503);
            slow.must_say("This takes too long").must_say("Ask for less at once");
            assert!(slow.has("input[type=search]"), "what the remedy asks for is not there");
        }
        Ok(())
    })
    .unwrap();
    api.get("hubs").expect(200);
    browser.get(&page).expect(200);
}

/// Holds so many connections of the pages at once, and then does something.
fn holding(db: &Db, connections: u32, then: &dyn Fn() -> Result<()>) -> Result<()> {
    if connections == 0 { then() } else { db.read(|_| holding(db, connections - 1, then)) }
}

#[test]
fn workers_have_connections_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::migrated(dir.path());
    let db = open(&database);
    let workers = db.for_workers();
    holding(&db, db.readers(), &|| workers.read(db::answers)).unwrap();
    holding(&workers, workers.readers(), &|| db.read(db::answers)).unwrap();
    let name = |tx: &mut db::Tx<'_>| setting(tx, "application_name");
    let names =
        [db.read(name).unwrap(), db.write(name).unwrap(), workers.read(name).unwrap(), workers.write(name).unwrap()];
    let own = if db.is_postgres() { ["causeway", "causeway", "causeway workers", "causeway workers"] } else { [""; 4] };
    assert_eq!(names, own);
}

#[test]
fn a_running_program_does_its_jobs_on_the_connections_of_workers() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let visitor = server.visitor();
    visitor.submit(visitor.open("/forgotten-password").form_with("Send a link").set("email", &company.email));
    server.settle();
    assert_eq!(server.mail().all_to(&company.email).len(), 1);
    let busy = |name: &str| {
        server.database().number(&format!(
            "select count(*) as n from pg_stat_activity where datname = current_database() and application_name = '{name}'"
        ))
    };
    if server.database().is_postgres() {
        assert!(busy("causeway workers") > 0 && busy("causeway") > 0);
    }
}

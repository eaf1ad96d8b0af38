//! `causeway audit`: what is done to the journal behind the program's back is found.

use std::process::Output;

use causeway::journal::seal;
use causeway::kit::Role;
use serde_json::Value;

use crate::foundation::store;
use crate::support::companies::Company;
use crate::support::database::Database;
use crate::support::program;
use crate::support::server::Server;
use crate::world::Company as Founded;

/// Runs the program on a database.
fn run(dir: &std::path::Path, database: &Database, arguments: &[&str]) -> Output {
    let mut command = program::command(dir);
    command.env("CAUSEWAY_DATABASE_URL", database.url()).args(arguments).output().expect("run causeway")
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (output.status.code().unwrap_or_default(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn whatever_is_done_behind_the_journals_back_is_found() {
    let (dir, database, db) = store();
    for name in ["Alpha", "Beta", "Gamma"] {
        Founded::make(&db, name, Role::Vendor);
    }
    let nothing = run(dir.path(), &database, &["audit", "head"]);
    assert_eq!(said(&nothing).0, 1, "{nothing:?}");
    let sealed = i64::try_from(db.write(seal::run).unwrap()).unwrap();
    assert!(sealed >= 6, "{sealed} entries");
    let (code, head, _) = said(&run(dir.path(), &database, &["audit", "head"]));
    assert_eq!(code, 0);
    let verify = |more: &[&str]| said(&run(dir.path(), &database, &[&["audit", "verify"], more].concat()));
    let kept: &[&str] = &["--expect-head", &head];
    let (code, whole, _) = verify(&["--json", "--expect-head", &head]);
    let whole: Value = serde_json::from_str(&whole).expect("JSON");
    assert_eq!(
        (code, &whole["whole"], &whole["entries"], &whole["head"]),
        (0, &true.into(), &sealed.into(), &head.as_str().into())
    );
    assert!(whole["from"].as_str() <= whole["until"].as_str() && whole["broken"].is_null(), "{whole:#}");
    // What came after a head that was kept does no harm.
    Founded::make(&db, "Delta", Role::Vendor);
    let all = sealed + i64::try_from(db.write(seal::run).unwrap()).unwrap();
    assert_eq!(verify(kept).0, 0);

    let id = |place: i64| {
        let number = database.number(&format!("select id as n from event where sealed = {place}"));
        format!("EV-{number:012}")
    };
    let places: Vec<String> = (1..=all).map(id).collect();
    let at = |place: usize| places[place - 1].as_str();
    database.execute("create table kept as select * from event");
    let again = if database.is_postgres() { "insert into event overriding system value" } else { "insert into event" };
    let restore = || database.execute(&format!("delete from event; {again} select * from kept"));
    let columns = "at, kind, object_id, verb, account_id, actor_kind, actor_id, actor_name, on_behalf, audience, text, changes, personal_hash";
    let inserted = format!(
        "insert into event ({columns}, sealed, seal) select {columns}, (select max(sealed) + 1 from event), seal from event where sealed = 1"
    );
    let swapped = "update event set sealed = -1 where sealed = 2; update event set sealed = 2 where sealed = 3; \
        update event set sealed = 3 where sealed = -1";
    for (what, done, names, says) in [
        ("edited", "update event set object_id = 'VA-1' where sealed = 3", Some(at(3)), "was changed"),
        (
            "edited with a false name",
            "update event set actor_id = 'UR-1', actor_name = 'Eve' where sealed = 3",
            Some(at(3)),
            "was replaced",
        ),
        ("given another seal", "update event set seal = personal_hash where sealed = 4", Some(at(4)), "was changed"),
        ("deleted in the middle", "delete from event where sealed = 2", Some(at(3)), "is gone"),
        ("deleted at the beginning", "delete from event where sealed = 1", Some(at(2)), "is gone"),
        ("reordered", swapped, Some(at(3)), "was changed"),
        ("inserted", &inserted, None, "was changed"),
        (
            "unsealed in the middle",
            "update event set sealed = null, seal = null where sealed = 2",
            Some(at(3)),
            "is gone",
        ),
    ] {
        database.execute(done);
        let (code, _, told) = verify(&[]);
        assert_eq!(code, 1, "{what}: {told}");
        assert!(names.is_none_or(|id| told.contains(id)) && told.contains(says), "{what}: {told}");
        restore();
        assert_eq!(verify(&[]).0, 0, "{what}: not restored");
    }
    // An end that is cut off, and a chain that is written anew, are whole in themselves: a kept head shows them.
    let (_, newest, _) = said(&run(dir.path(), &database, &["audit", "head"]));
    for (what, done) in [
        ("cut off", "delete from event where sealed > 2"),
        ("unsealed", "update event set sealed = null, seal = null where sealed > 2"),
        (
            "written anew",
            "update event set verb = 'forged.entry' where sealed = 1; update event set sealed = null, seal = null",
        ),
    ] {
        database.execute(done);
        if what == "written anew" {
            db.write(seal::run).unwrap();
        }
        assert_eq!(verify(&[]).0, 0, "{what} is whole in itself");
        let (code, _, told) = verify(&["--expect-head", &newest]);
        assert_eq!(code, 1, "{what}: {told}");
        assert!(told.contains("the kept head is not in the chain"), "{what}: {told}");
        let (_, json, _) = verify(&["--json", "--expect-head", &newest]);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["whole"], false, "{json:#}");
        restore();
    }
    let (code, _, told) = verify(&["--expect-head", "nonsense"]);
    assert!(code == 1 && told.contains("is not a head"), "{told}");
}

#[test]
fn a_chain_is_checked_while_the_program_runs() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let browser = company.browser(&server);
    let form = browser.open(&format!("/{}/account/edit", company.id)).form_with("Save").set("name", "Southgate");
    browser.submit(form).expect(200);
    crate::support::companies::act(&server, seal::run);
    let (code, told, _) = said(&run(server.dir(), server.database(), &["audit", "verify"]));
    assert!(code == 0 && told.contains("entries are whole"), "{told}");
    // From where it was done is covered, and cannot be given to an entry later.
    for forged in [
        "update event set origin_hash = personal_hash where sealed = 2",
        "update event set origin_hash = null where verb = 'account.changed'",
    ] {
        server.database().execute("drop table if exists kept; create table kept as select * from event");
        server.database().execute(forged);
        assert_eq!(said(&run(server.dir(), server.database(), &["audit", "verify"])).0, 1, "{forged}");
        server
            .database()
            .execute("update event set origin_hash = (select k.origin_hash from kept k where k.id = event.id)");
    }
    assert_eq!(said(&run(server.dir(), server.database(), &["audit", "verify"])).0, 0);
}

//! A program that cannot start says why in one line.

use std::net::TcpListener;
use std::process::Output;

use crate::support::database::Database;
use crate::support::program;

/// The one line that it says.
#[track_caller]
fn refused(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("causeway: ") && said.trim_end().lines().count() == 1, "{said}");
    said
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::migrated(dir.path());
    database.execute("insert into __diesel_schema_migrations (version) values ('99990101000000')");
    let tables = database.number("select count(*) as n from __diesel_schema_migrations");
    for command in ["serve", "migrate"] {
        let output =
            program::command(dir.path()).arg(command).env("CAUSEWAY_DATABASE_URL", database.url()).output().unwrap();
        assert!(refused(&output).contains("newer version of Causeway"), "{command}");
    }
    assert_eq!(database.number("select count(*) as n from __diesel_schema_migrations"), tables);
}

#[test]
fn a_wrong_address_of_the_database_is_named_without_its_password() {
    let dir = tempfile::tempdir().unwrap();
    for (url, piece) in [
        ("mysql://ann:hush@127.0.0.1/shop", "no scheme that Causeway knows"),
        ("postgres://ann:hush@127.0.0.1:1/shop", "cannot be opened"),
        ("sqlite:///no/such/folder/causeway.db", "cannot be opened"),
    ] {
        let output = program::command(dir.path()).arg("serve").env("CAUSEWAY_DATABASE_URL", url).output().unwrap();
        let said = refused(&output);
        assert!(said.contains(piece) && !said.contains("hush"), "{said}");
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_to_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let said = refused(&program::run(&file.join("data"), &["serve"]));
    assert!(said.contains("cannot be written to") && said.contains("file/data"), "{said}");
}

#[test]
fn a_taken_port_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(&program::run(dir.path(), &["serve", "--bind", &address]));
    assert!(said.contains(&address) && said.contains("--bind"), "{said}");
}

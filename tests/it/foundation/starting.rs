//! A program that cannot start says why in one line.

use std::net::TcpListener;
use std::process::{Output, Stdio};

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
fn processes_that_start_at_once_migrate_once() {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::empty(dir.path());
    let start = || {
        let mut command = program::command(dir.path());
        command.arg("migrate").env("CAUSEWAY_DATABASE_URL", database.url());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let outputs = [start(), start(), start()].map(|process| process.wait_with_output().unwrap());
    let said = outputs.map(|output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    assert_eq!(said.iter().filter(|said| said.contains("migrated to 0001")).count(), 1, "{said:?}");
    assert!(said.iter().all(|said| said.contains(", 0 to apply")), "{said:?}");
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
fn a_setting_that_cannot_be_meant_is_named_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    for (name, value, piece) in [
        ("CAUSEWAY_DATABASE_URL", "sqlite://", "names no file"),
        ("CAUSEWAY_SECRET", "too-short", "shorter than 32 characters"),
        ("CAUSEWAY_MAIL_FROM", "nobody", "`nobody`, which is no e-mail address"),
        ("CAUSEWAY_PUBLIC_URL", "ftp://portal.example.com", "Write scheme and host alone"),
        ("CAUSEWAY_PUBLIC_URL", "https://example.com/portal", "Write scheme and host alone"),
        ("CAUSEWAY_LOG", "a=b=c", "is not understood"),
    ] {
        let output = program::command(dir.path()).arg("serve").env(name, value).output().unwrap();
        let said = refused(&output);
        assert!(said.contains(piece), "{said}");
    }
    assert!(!dir.path().join("causeway.db").exists());
    let output = program::command(dir.path()).arg("serve").env("CAUSEWAY_LIMITS", "user=5").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("`user` is no limit. There are: users, "), "{said}");
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

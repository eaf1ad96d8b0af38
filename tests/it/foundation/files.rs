//! The job that deletes files which nothing names any more.

use causeway::app::{self, Services};
use causeway::config::Config;
use causeway::flows;
use causeway::jobs::{self, NewJob};
use causeway::kit::Clock;
use causeway::outside::files::FileKey;
use serde_json::Value;

use crate::support::clock;
use crate::support::database::Database;

/// Ages every file below a folder by two days.
fn age(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            age(&entry.path());
        } else {
            let file = std::fs::File::options().write(true).open(entry.path()).unwrap();
            let changed = file.metadata().unwrap().modified().unwrap();
            file.set_modified(changed - std::time::Duration::from_secs(2 * 24 * 3600)).unwrap();
        }
    }
}

fn clean(services: &Services) {
    services.db.write(|tx| jobs::enqueue(tx, NewJob::new("files.clean", Value::Null))).unwrap();
    assert_eq!(jobs::run_due(services, flows::WORK).unwrap(), 1);
}

#[test]
fn what_no_row_names_is_deleted_when_it_is_old() {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::migrated(dir.path());
    let mut config = Config::in_folder(dir.path());
    config.database_url = Some(database.url().to_owned());
    let services = app::services(&config, Clock::starting_at(clock::start())).unwrap();
    let files = &services.files;
    let keep = |words: &[u8]| {
        let staged = files.stage(words, 100).unwrap();
        files.keep(&staged.key).unwrap();
        staged.key
    };
    let (named, nobodys) = (keep(b"named"), keep(b"nobody's"));
    let unfinished = files.stage(&b"unfinished"[..], 100).unwrap().key;
    database.execute(&format!(
        "insert into file (key, name, content_type, size, sha256, public, state, created_at) \
         values ('{named}', 'x', 'text/plain', 5, '', false, 'kept', 1)"
    ));
    clean(&services);
    let is_there = |key: &FileKey| files.local(key).is_ok();
    assert!(is_there(&nobodys) && is_there(&unfinished), "what is young may still be needed");
    age(&dir.path().join("files"));
    let young = keep(b"young");
    clean(&services);
    assert!(is_there(&named) && is_there(&young));
    assert!(!is_there(&nobodys) && !is_there(&unfinished));
}

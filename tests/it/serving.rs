//! The program starts, answers and ends.

use crate::support::client::Client;
use crate::support::program::{self, Program};
use crate::support::server::Server;

#[test]
fn says_that_it_lives_and_that_it_can_serve() {
    let server = Server::start();
    let visitor = server.visitor();
    visitor.get("/healthz").expect(200);
    visitor.get("/readyz").expect(200);
    // Passkeys need a name instead of an address.
    Client::on_host(server.base(), "localhost").get("/sign-in").expect(200);
}

#[test]
fn goes_on_after_a_restart() {
    let mut server = Server::start();
    let before = server.clock().now();
    server.restart();
    server.visitor().get("/readyz").expect(200);
    assert!(server.clock().now() >= before, "the clock went back");
}

#[test]
fn a_killed_process_leaves_a_folder_that_another_can_serve() {
    let dir = tempfile::tempdir().unwrap();
    Program::start(dir.path(), &["serve"], |_| {}).kill();
    let again = Program::start(dir.path(), &["serve"], |_| {});
    Client::new(again.base()).get("/readyz").expect(200);
}

#[test]
fn ends_cleanly_when_asked() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start(dir.path(), &["serve"], |_| {});
    Client::new(program.base()).get("/readyz").expect(200);
    let status = program.terminate();
    assert!(status.success(), "{status}");
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(program::run(dir.path(), &["no-such-command"]).status.code(), Some(2));
}

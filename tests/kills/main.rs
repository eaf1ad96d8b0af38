//! Kill -9 at the named points of the thread: what was answered is kept, nothing is done twice, jobs go on by themselves.
//!
//! Each test walks a part of the thread twice, with a server that is a process of its own. The first walk is left in
//! peace; it says what there must be after each step. In the second walk the server is killed inside every action before
//! its commit, and once more between commit and answer; then the client asks again with the same `Idempotency-Key`, as
//! clients do that were not answered. After each step there must be exactly what there was after it in the first walk.
//! At the end every answer that was given is asked for again and must be the same.
//!
//! The clock is moved at each start, so that the leases of dead workers are over; nothing here sleeps.
//!
//! `TEST_DATABASE` names the database as in the tests of the flows.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests stand outside the program's doors")]

mod checks;
mod inviting;
mod newer;
mod orders;
mod partners;
mod points;
mod portal;
mod shop;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod support;
mod usage;

//! What the tests of the whole program stand on: the program on a free port with a database of its own, a browser-like
//! client that walks from page to page, the folder its mail goes to, and a clock that the test moves.
//!
//! The database is what `TEST_DATABASE` names: nothing means SQLite, otherwise it is the address of a PostgreSQL server
//! (`scripts/with-postgres.sh` starts one).

pub mod client;
pub mod clock;
pub mod companies;
pub mod database;
pub mod demo;
pub mod form;
pub mod logs;
pub mod mail;
pub mod mime;
pub mod node;
pub mod page;
mod postgres;
pub mod program;
pub mod server;
pub mod shapes;
pub mod wait;

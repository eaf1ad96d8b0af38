//! The portal in a real Chromium: what only a browser can tell.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests stand outside the program's doors")]

mod axe;
#[allow(dead_code, reason = "gestures are there for every test that needs them")]
mod browser;
mod chromium;
mod factors;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod support;

mod keyboard;
mod look;
mod ordering;
mod orders;
mod partners;
mod products;
mod screenshots;
mod sign_on;
mod tools;
mod tour;
mod usage;

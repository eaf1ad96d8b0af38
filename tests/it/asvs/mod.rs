//! What OWASP ASVS 5.0 asks for at level 2, and some of level 3: a test for each requirement, named after its number.
//!
//! `docs/security/asvs.md` is made from the comments of these tests: `CAUSEWAY_WRITE=docs cargo test --test it asvs::list`
//! writes it, and the test fails while it is not what they say. A comment's first line has the numbers and
//! says in our own words what is asked for; `How:` says how Causeway meets it, `Otherwise:` where it does so in another way
//! than the wording of the standard has in mind, and why.

mod access;
mod data;
mod encoding;
mod factors;
mod files;
mod headers;
mod list;
mod logic;
mod logs;
mod passwords;
mod sessions;
mod sign_on;
mod transport;

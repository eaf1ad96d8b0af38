//! Single sign-on: setting it up, coming in by it, what it opens, and what hostile providers try.

mod believing;
mod binding;
mod domains;
mod enforcing;
pub mod fake;
mod grouping;
mod joining;
mod opening;
mod outgoing;
mod programs;
mod real;
mod setting_up;
pub mod world;

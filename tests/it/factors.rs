//! Second factors: setting them up, signing in with them, what accounts ask of their members, and what others try.

mod app;
mod authenticator;
mod passkeys;
mod policy;
pub mod world;

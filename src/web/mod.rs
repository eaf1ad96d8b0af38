//! What all pages share: site, session, actor, guards, errors, layout and components; and the server itself.

pub mod ctx;
pub mod endpoint;
pub mod error;
pub mod flash;
mod guard;
pub mod posted;
mod server;
pub mod session;
pub mod site;
pub mod stats;

pub use ctx::Ctx;
pub use error::Error;
pub use posted::Posted;
pub use server::server;

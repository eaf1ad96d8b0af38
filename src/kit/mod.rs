//! Words that every room uses: ids, amounts, time, text, who acts, what is refused. No I/O.

mod access;
mod amount;
mod clock;
pub mod column;
pub mod country;
pub mod currency;
mod email;
mod environment;
mod events;
mod ids;
pub mod language;
mod limits;
pub mod locale;
mod origin;
mod refusal;
pub mod schema;
mod sealed;
mod secret;
pub mod text;
mod time;

pub use access::{Actor, Level, Module, Permissions, Role, Seat, Side};
pub use amount::{Amount, BadAmount, Quantity};
pub use clock::Clock;
pub use email::Email;
pub use environment::Environment;
pub use events::{Events, NamedRef, Stamp};
pub use ids::*;
pub use limits::Limits;
pub use origin::Origin;
pub use refusal::{Code, FieldProblem, Problems, Refusal};
pub use sealed::{open, seal};
pub use secret::Secret;
pub(crate) use secret::digest;
pub use text::Text;
pub use time::Time;

/// Folded form of a text, for search that ignores case: lower case by Unicode's rules.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Something that happened to an object, as reactions and consumers see it.
#[derive(Debug, Clone)]
pub struct Happening {
    /// What was done, `contract.terminated`.
    pub verb: &'static str,
    /// The object's public id.
    pub object: String,
}

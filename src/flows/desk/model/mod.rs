//! What the home page says: what waits in words, what things are called, the first steps, the months; and what keeps an
//! account from being closed. Pure.

mod closing;
mod months;
mod steps;
mod words;

pub use closing::{Counted, in_the_way};
pub use months::by_month;
pub use steps::{Step, steps};
pub use words::{Named, short_title, title, to_do};

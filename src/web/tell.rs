//! Saying a refusal in one text.

use crate::kit::{Refusal, Text};

/// The refusal's sentences; several are put one after the other in English words, as the API does.
pub fn tell(refusal: &Refusal) -> Text {
    match refusal.problems.as_slice() {
        [only] => only.text.clone(),
        _ => Text::data(refusal.to_string()),
    }
}

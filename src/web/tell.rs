//! Saying a refusal in one text.

use crate::kit::{FieldProblem, Refusal, Text};

/// The refusal's sentences, one after the other; where there are several, each with its field.
pub fn tell(refusal: &Refusal) -> Text {
    let with_field = |p: &FieldProblem| match p.field.as_str() {
        "" => p.text.clone(),
        field => Text::new("{field}: {problem:text}").arg("field", field).part("problem", &p.text),
    };
    match refusal.problems.as_slice() {
        [only] => only.text.clone(),
        several => several.iter().map(with_field).reduce(|all, next| all.then(&next)).unwrap_or_default(),
    }
}

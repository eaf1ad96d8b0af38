//! What a parameter's values may be: how long, how many, and which to choose from.

use super::{Choice, ParameterKind};
use crate::kit::{Problems, Text};

/// Greatest length of a value in characters.
pub const MAX_VALUE: u32 = 8_192;
/// How many choices a parameter may have.
pub const MAX_CHOICES: usize = 500;

pub(super) fn check_choices(problems: &mut Problems, kind: ParameterKind, choices: &mut [Choice]) {
    let field = "constraints.choices";
    problems.check(!choices.is_empty(), field, || {
        Text::new("A parameter of the type {kind:word} needs at least one choice.").arg("kind", kind)
    });
    problems.check(choices.len() <= MAX_CHOICES, field, || {
        Text::new("There are {count} choices; at most {max} are allowed. Remove some.")
            .arg("count", choices.len())
            .arg("max", MAX_CHOICES)
    });
    for choice in choices.iter_mut() {
        choice.value = problems.text(field, &choice.value, 255);
        if choice.label.trim().is_empty() {
            choice.label = choice.value.clone();
        }
        choice.label = problems.text(field, &choice.label, 255);
    }
    let mut seen = std::collections::BTreeSet::new();
    for choice in choices.iter() {
        problems.check(seen.insert(choice.value.as_str()), field, || {
            Text::new("The value {value} is there twice. Each value may be there once.").arg("value", &choice.value)
        });
    }
    problems.check(kind == ParameterKind::Checkbox || choices.iter().filter(|c| c.default).count() <= 1, field, || {
        Text::new("More than one choice is chosen at first. Mark one at most.")
    });
}

//! What `select(…)` does to a representation.

use serde_json::Value;

use super::Pick;

/// The wishes of a `select(…)`, applied to one object after another.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    picks: &'a [Pick],
}

impl<'a> Selection<'a> {
    /// From [`super::Query::select`].
    pub fn new(picks: &'a [Pick]) -> Self {
        Selection { picks }
    }

    /// Whether a property that is hidden by default was asked for, itself or something within it.
    pub fn shows(&self, hidden: &str) -> bool {
        self.picks.iter().any(|pick| !pick.dropped && is_within(&pick.path, hidden))
    }

    /// Whether a property will be dropped, so that it need not be loaded.
    pub fn drops(&self, path: &str) -> bool {
        self.picks.iter().any(|pick| pick.dropped && is_within(path, &pick.path))
    }

    /// Takes the dropped properties out of an object; in arrays, out of each element.
    pub fn prune(&self, object: &mut Value) {
        for pick in self.picks.iter().filter(|pick| pick.dropped) {
            remove(object, &pick.path);
        }
    }
}

/// Whether `path` is `above` or below it. Both may be spelled with double underscores.
fn is_within(path: &str, above: &str) -> bool {
    let (path, above) = (path.replace("__", "."), above.replace("__", "."));
    path.strip_prefix(&above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn remove(value: &mut Value, path: &str) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| remove(element, path)),
        Value::Object(properties) => {
            if properties.remove(path).is_some() {
                return;
            }
            let rest = path.split_once('.').or_else(|| path.split_once("__"));
            if let Some((first, rest)) = rest
                && let Some(inner) = properties.get_mut(first)
            {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

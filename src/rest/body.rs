//! Reading a JSON body: absent is told from null, unknown keys are passed over, and every problem names its field.

use serde_json::{Map, Value};

use crate::kit::{Problems, Refusal, Text};

/// Deepest nesting of objects in a body.
const MAX_DEPTH: usize = 32;

/// An object of a body and its path in it.
#[derive(Debug, Clone)]
pub struct Fields {
    path: String,
    map: Map<String, Value>,
}

impl Fields {
    /// Reads a body; an empty one is an empty object.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::of(Map::new()));
        }
        match serde_json::from_slice(bytes) {
            Ok(value) if depth(&value) > MAX_DEPTH => Err(Refusal::field(
                "body",
                Text::new("The body is nested more than {max} levels deep. Make it flatter.").arg("max", MAX_DEPTH),
            )),
            Ok(value) if has_nul(&value) => Err(Refusal::field(
                "body",
                Text::new("The body contains the character U+0000, which no value has. Leave it out."),
            )),
            Ok(Value::Object(map)) => Ok(Self::of(map)),
            Ok(other) => Err(Refusal::field(
                "body",
                Text::new("The body is {kind:word}; a JSON object is needed.").arg("kind", kind(&other)),
            )),
            Err(e) => Err(Refusal::field(
                "body",
                Text::new("The body is not JSON: {cause}. Send a JSON object.").arg("cause", e),
            )),
        }
    }

    /// Fields of an object that was read elsewhere.
    pub fn of(map: Map<String, Value>) -> Self {
        Self { path: String::new(), map }
    }

    /// The path of a field, `asset.items`.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Whether the key is there, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Whether the key is there and null.
    pub fn is_null(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(Value::is_null)
    }

    /// The raw value; none if absent or null.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|v| !v.is_null())
    }

    /// The whole object.
    pub fn map(&self) -> &Map<String, Value> {
        &self.map
    }

    /// A text; none if absent or null. Numbers are taken as their digits.
    pub fn text(&self, name: &str, problems: &mut Problems) -> Option<String> {
        match self.value(name)? {
            Value::String(s) => Some(s.clone()),
            Value::Number(n) => Some(n.to_string()),
            other => {
                problems.add(&self.path(name), Text::new("This is {kind}; a text is needed.").arg("kind", kind(other)));
                None
            }
        }
    }

    /// A text that null empties; none if absent.
    pub fn text_or_empty(&self, name: &str, problems: &mut Problems) -> Option<String> {
        self.has(name).then(|| self.text(name, problems).unwrap_or_default())
    }

    /// A text that must be there and not be longer than `max`.
    pub fn required(&self, name: &str, max: usize, problems: &mut Problems) -> String {
        match self.text(name, problems) {
            Some(text) => problems.text(&self.path(name), &text, max),
            None if self.value(name).is_some() => String::new(),
            None => {
                problems.add(&self.path(name), Text::new("This field is required."));
                String::new()
            }
        }
    }

    /// A yes or no; none if absent or null.
    pub fn flag(&self, name: &str, problems: &mut Problems) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(b) => Some(*b),
            Value::String(s) if s == "true" => Some(true),
            Value::String(s) if s == "false" => Some(false),
            other => {
                problems.add(
                    &self.path(name),
                    Text::new("This is {kind:word}; true or false is needed.").arg("kind", kind(other)),
                );
                None
            }
        }
    }

    /// A whole number, also as text; none if absent or null.
    pub fn whole(&self, name: &str, problems: &mut Problems) -> Option<i64> {
        let number = match self.value(name)? {
            Value::Number(n) => n.as_i64(),
            Value::String(s) => s.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            problems.add(&self.path(name), Text::new("This is not a whole number."));
        }
        number
    }

    /// A nested object; none if absent or null.
    pub fn object(&self, name: &str, problems: &mut Problems) -> Option<Fields> {
        match self.value(name)? {
            Value::Object(map) => Some(Self { path: self.path(name), map: map.clone() }),
            other => {
                problems
                    .add(&self.path(name), Text::new("This is {kind}; an object is needed.").arg("kind", kind(other)));
                None
            }
        }
    }

    /// The `id` of a reference `{"id": …}`; none if absent or null.
    pub fn reference(&self, name: &str, problems: &mut Problems) -> Option<String> {
        match self.value(name)? {
            Value::String(s) => Some(s.clone()),
            _ => self.object(name, problems)?.text("id", problems),
        }
    }

    /// A list of objects, at most `max`; none if absent or null.
    pub fn list(&self, name: &str, max: usize, problems: &mut Problems) -> Option<Vec<Fields>> {
        let path = self.path(name);
        let Value::Array(values) = self.value(name)? else {
            problems.add(&path, Text::new("This is not a list."));
            return None;
        };
        if values.len() > max {
            problems.add(
                &path,
                Text::new("This has {count} entries; at most {max} are allowed.")
                    .arg("count", values.len())
                    .arg("max", max),
            );
            return None;
        }
        let mut list = vec![];
        for (n, value) in values.iter().enumerate() {
            match value {
                Value::Object(map) => list.push(Fields { path: format!("{path}.{n}"), map: map.clone() }),
                other => problems.add(
                    &format!("{path}.{n}"),
                    Text::new("This is {kind:word}; an object is needed.").arg("kind", kind(other)),
                ),
            }
        }
        Some(list)
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Whether a text or a key in it has the character that PostgreSQL keeps in no text.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_is_not_null() {
        let f = Fields::read(br#"{"a": null, "n": 5, "o": {"x": "1"}}"#).unwrap();
        let mut p = Problems::default();
        assert!(f.has("a") && f.is_null("a") && !f.has("b"));
        assert_eq!(f.text("n", &mut p).as_deref(), Some("5"));
        let emptied = ["a", "n", "b"].map(|name| f.text_or_empty(name, &mut p));
        assert_eq!(emptied, [Some(String::new()), Some("5".to_owned()), None]);
        assert_eq!(f.object("o", &mut p).unwrap().path("x"), "o.x");
        assert_eq!(f.required("b", 10, &mut p), "");
        assert_eq!(p.done().unwrap_err().to_string(), "b: This field is required.");
    }

    #[test]
    fn bad_bodies_are_refused() {
        for bad in ["[", "[]", "1", "\u{fffd}", "{\"a\":}"] {
            assert!(Fields::read(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = format!("{}1{}", "{\"a\":".repeat(60), "}".repeat(60));
        assert!(Fields::read(deep.as_bytes()).is_err());
        assert!(Fields::read("[".repeat(100_000).as_bytes()).is_err());
        assert!(Fields::read(b"  ").unwrap().map().is_empty());
    }
}

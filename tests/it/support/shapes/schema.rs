//! Whether a value fits a schema: the part of JSON Schema that descriptions of an API use.

use serde_json::{Map, Value};

/// Looks for what does not fit. A problem reads `place: what is wrong`.
pub struct Check<'d> {
    root: &'d Value,
    closed: bool,
}

impl<'d> Check<'d> {
    /// With the document that references point into. If it is `closed`, keys that a schema does not name are a problem.
    pub fn new(root: &'d Value, closed: bool) -> Self {
        Self { root, closed }
    }

    /// All problems.
    pub fn problems(&self, schema: &'d Value, value: &Value) -> Vec<String> {
        let mut found = vec![];
        self.value(schema, value, "", &mut found);
        found
    }

    /// The schema, those that hold with it, and of those between which it leaves the choice the one that fits best.
    fn parts(&self, schema: &'d Value, value: &Value) -> Vec<&'d Value> {
        let mut schema = schema;
        while let Some(reference) = schema["$ref"].as_str() {
            let place = reference.trim_start_matches('#');
            schema = self.root.pointer(place).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        let mut parts = vec![schema];
        parts.extend(list(&schema["allOf"]).iter().flat_map(|part| self.parts(part, value)));
        for choice in ["oneOf", "anyOf"] {
            let wrong = |option: &&'d Value| {
                let problems = self.problems(option, value);
                (problems.iter().any(|p| p.starts_with(": ")), problems.len())
            };
            let best = list(&schema[choice]).iter().min_by_key(wrong);
            parts.extend(best.into_iter().flat_map(|option| self.parts(option, value)));
        }
        parts
    }

    fn value(&self, schema: &'d Value, value: &Value, place: &str, problems: &mut Vec<String>) {
        let parts = self.parts(schema, value);
        if value.is_null() && parts.iter().any(|part| part["nullable"] == true) {
            return;
        }
        for part in &parts {
            let kinds = match &part["type"] {
                Value::String(one) => vec![one.as_str()],
                several => list(several).iter().filter_map(Value::as_str).collect(),
            };
            if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind, value)) {
                problems.push(format!("{place}: {value} is not {}", kinds.join(" or ")));
                return;
            }
            let words = list(&part["enum"]);
            if !words.is_empty() && !words.contains(value) {
                problems.push(format!("{place}: {value} is not one of the words"));
            }
        }
        match value {
            Value::Array(entries) => {
                let items = parts.iter().map(|part| &part["items"]).filter(|items| items.is_object());
                for items in items {
                    let inside = format!("{place}[]");
                    entries.iter().for_each(|entry| self.value(items, entry, &inside, problems));
                }
            }
            Value::Object(object) => self.object(&parts, object, place, problems),
            _ => {}
        }
    }

    fn object(&self, parts: &[&'d Value], object: &Map<String, Value>, place: &str, problems: &mut Vec<String>) {
        let within = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
        let known = |key: &str| {
            let named = parts.iter().filter_map(|part| part["properties"].get(key));
            named.collect::<Vec<_>>()
        };
        for key in parts.iter().flat_map(|part| list(&part["required"])).filter_map(Value::as_str) {
            let only_sent = known(key).iter().any(|property| property["writeOnly"] == true);
            if !object.contains_key(key) && !only_sent {
                problems.push(format!("{}: missing", within(key)));
            }
        }
        let named = parts.iter().any(|part| part["properties"].is_object() || part["additionalProperties"] == false);
        let others = parts.iter().map(|part| &part["additionalProperties"]).find(|others| others.is_object());
        let open = parts.iter().any(|part| part["additionalProperties"] == true);
        for (key, value) in object {
            let known = known(key);
            for property in &known {
                self.value(property, value, &within(key), problems);
            }
            match others {
                _ if !known.is_empty() => {}
                Some(others) => self.value(others, value, &within(key), problems),
                None if self.closed && named && !open => problems.push(format!("{}: not described", within(key))),
                None => {}
            }
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}

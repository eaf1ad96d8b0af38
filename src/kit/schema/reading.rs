//! Reading the schema of a form, place by place.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Asked, LineFormat, MAX_QUESTIONS, Order, Question, is_plain};
use crate::kit::{Problems, Refusal, Text};

/// Most values of a choice.
const MAX_VALUES: usize = 200;
/// Longest name of a question, in characters.
const MAX_NAME: usize = 64;
/// Longest title or value, in characters.
const MAX_TITLE: usize = 200;
/// Longest description, in characters.
const MAX_ABOUT: usize = 2_000;
/// A text that may be longer than this gets several lines.
const LONG: u64 = 200;

/// Keywords of the whole, of every question, and of each type.
const OF_FORM: &[&str] =
    &["$schema", "$comment", "title", "description", "type", "properties", "required", "additionalProperties"];
const OF_GROUP: &[&str] =
    &["$comment", "title", "description", "type", "properties", "required", "additionalProperties"];
const OF_ALL: &[&str] = &["$comment", "title", "description", "type", "default"];
const OF_TEXT: &[&str] = &["enum", "format", "minLength", "maxLength", "pattern"];
const OF_NUMBER: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const OF_FLAG: &[&str] = &["const"];
const OF_LIST: &[&str] = &["items", "minItems", "maxItems", "uniqueItems"];
const OF_ITEMS: &[&str] = &["type", "enum"];

/// A text in an object; empty if there is none.
pub(super) fn word(map: &Map<String, Value>, name: &str) -> String {
    map.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// Reading a schema: what is wrong with it, and how many questions it may still have.
pub(super) struct Reading {
    problems: Problems,
    left: usize,
}

impl Reading {
    /// Nothing was read yet.
    pub(super) fn new() -> Self {
        Self { problems: Problems::default(), left: MAX_QUESTIONS }
    }

    /// The questions of a form.
    pub(super) fn form(&mut self, value: &Value, map: &Map<String, Value>, order: &Order) -> Vec<Question> {
        self.values("schema", value);
        self.object("schema", map, OF_FORM, order, true)
    }

    /// Everything can be used, or the refusal that says what cannot.
    pub(super) fn done(self) -> Result<(), Refusal> {
        self.problems.done()
    }

    /// Numbers that nobody can count with are refused, wherever they stand.
    fn values(&mut self, path: &str, value: &Value) {
        match value {
            Value::Number(n) if !is_plain(n) => {
                self.problems.add(path, Text::new("This number is too long: at most 28 digits are allowed."));
            }
            Value::Array(all) => all.iter().enumerate().for_each(|(n, v)| self.values(&format!("{path}.{n}"), v)),
            Value::Object(map) => map.iter().for_each(|(key, v)| self.values(&format!("{path}.{key}"), v)),
            _ => {}
        }
    }

    /// Only keywords that are understood may stand in a schema: a rule that nobody keeps would mislead.
    fn keywords(&mut self, path: &str, map: &Map<String, Value>, allowed: &[&[&str]]) {
        for key in map.keys().filter(|key| !allowed.iter().any(|some| some.contains(&key.as_str()))) {
            let text = if ["$ref", "$dynamicRef", "$id", "$defs", "definitions"].contains(&key.as_str()) {
                Text::new(
                    "References are not followed, neither within the schema nor to other places. Write the question out.",
                )
            } else {
                let allowed = allowed.iter().flat_map(|some| some.iter().copied()).collect::<Vec<_>>().join(", ");
                Text::new("The portal does not understand this keyword here. It knows {allowed}.")
                    .arg("allowed", allowed)
            };
            let key: String = key.chars().take(MAX_NAME).collect();
            self.problems.add(&format!("{path}.{key}"), text);
        }
        for (name, max) in [("title", MAX_TITLE), ("description", MAX_ABOUT), ("$comment", MAX_ABOUT)] {
            match map.get(name) {
                Some(Value::String(text)) => drop(self.problems.optional(&format!("{path}.{name}"), text, max)),
                Some(_) => self.problems.add(&format!("{path}.{name}"), Text::new("A text is needed here.")),
                None => {}
            }
        }
    }

    fn object(
        &mut self,
        path: &str,
        map: &Map<String, Value>,
        allowed: &[&str],
        order: &Order,
        whole: bool,
    ) -> Vec<Question> {
        self.keywords(path, map, &[allowed]);
        self.problems.check(map.get("type").and_then(Value::as_str) == Some("object"), &format!("{path}.type"), || {
            Text::new("This must be “object”: answers are kept by the names of their questions.")
        });
        if !map.get("additionalProperties").is_none_or(|v| *v == Value::Bool(false)) {
            let text = Text::new("Answers have the questions' names and no others: this can be false, or be left out.");
            self.problems.add(&format!("{path}.additionalProperties"), text);
        }
        let Some(Value::Object(properties)) =
            map.get("properties").filter(|p| p.as_object().is_some_and(|m| !m.is_empty()))
        else {
            let text = Text::new("Name at least one question here: an object with a schema for each name.");
            self.problems.add(&format!("{path}.properties"), text);
            return vec![];
        };
        let required: BTreeSet<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        for name in required.iter().filter(|name| !properties.contains_key(**name)) {
            let name: String = name.chars().take(MAX_NAME).collect();
            let text = Text::new("There is no question {name} that could be required.").arg("name", name);
            self.problems.add(&format!("{path}.required"), text);
        }
        let mut questions = vec![];
        for name in order.sorted(properties) {
            let required = required.contains(name.as_str());
            questions.extend(self.question(path, name, &properties[name], required, order.within(name), whole));
        }
        questions
    }

    fn question(
        &mut self,
        path: &str,
        name: &str,
        schema: &Value,
        required: bool,
        order: &Order,
        whole: bool,
    ) -> Option<Question> {
        let shown: String = name.chars().take(MAX_NAME).collect();
        let here = format!("{path}.properties.{shown}");
        let plain =
            (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        self.problems.check(plain, &here, || {
            Text::new("A question's name has letters (a to z), digits and _ only, at most {max} of them.")
                .arg("max", MAX_NAME)
        });
        if self.left == 0 {
            let text = Text::new("A form has at most {max} questions. Leave some out.").arg("max", MAX_QUESTIONS);
            self.problems.add(&here, text);
            return None;
        }
        self.left -= 1;
        let Value::Object(map) = schema else {
            self.problems.add(&here, Text::new("A JSON object is needed here, in braces."));
            return None;
        };
        let asked = self.asked(&here, map, order, whole)?;
        let title = word(map, "title");
        Some(Question {
            title: if title.is_empty() { name.to_owned() } else { title },
            name: name.to_owned(),
            about: word(map, "description"),
            required,
            asked,
            preset: map.get("default").cloned(),
            schema: schema.clone(),
        })
    }

    fn asked(&mut self, here: &str, map: &Map<String, Value>, order: &Order, whole: bool) -> Option<Asked> {
        let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "string" => {
                self.keywords(here, map, &[OF_ALL, OF_TEXT]);
                self.text(here, map)
            }
            "number" | "integer" => {
                self.keywords(here, map, &[OF_ALL, OF_NUMBER]);
                Some(Asked::Number(kind == "integer"))
            }
            "boolean" => {
                self.keywords(here, map, &[OF_ALL, OF_FLAG]);
                let must = map.get("const");
                self.problems.check(must.is_none_or(|v| *v == Value::Bool(true)), &format!("{here}.const"), || {
                    Text::new("This can be true, if somebody has to confirm, or be left out.")
                });
                Some(Asked::Flag(must.is_some()))
            }
            "array" => {
                self.keywords(here, map, &[OF_ALL, OF_LIST]);
                let path = format!("{here}.items");
                let Some(items) = map.get("items").and_then(Value::as_object) else {
                    self.problems.add(&path, Text::new("Say what can be chosen: texts, with their values in enum."));
                    return None;
                };
                self.keywords(&path, items, &[OF_ITEMS]);
                let texts = items.get("type").and_then(Value::as_str) == Some("string");
                self.problems.check(texts, &format!("{path}.type"), || Text::new("This must be “string”."));
                self.choices(&path, items).map(Asked::Several)
            }
            "object" if whole => Some(Asked::Group(self.object(here, map, OF_GROUP, order, false))),
            "object" => {
                let text = Text::new("There can be groups of questions, and no groups within groups.");
                self.problems.add(here, text);
                None
            }
            _ => {
                let text = Text::new(
                    "The portal can ask for the types string, number, integer, boolean, array (of texts to choose from) and object (a group of questions).",
                );
                self.problems.add(&format!("{here}.type"), text);
                None
            }
        }
    }

    fn text(&mut self, here: &str, map: &Map<String, Value>) -> Option<Asked> {
        if map.contains_key("enum") {
            return self.choices(here, map).map(Asked::One);
        }
        let format = match map.get("format").map(|f| f.as_str().unwrap_or_default()) {
            None => LineFormat::Plain,
            Some("email") => LineFormat::Email,
            Some("uri") => LineFormat::Link,
            Some("date") => LineFormat::Day,
            Some(_) => {
                let text = Text::new("The portal knows the formats email, uri and date.");
                self.problems.add(&format!("{here}.format"), text);
                return None;
            }
        };
        let long = map.get("maxLength").and_then(Value::as_u64).is_some_and(|max| max > LONG);
        Some(if long && format == LineFormat::Plain { Asked::Lines } else { Asked::Line(format) })
    }

    fn choices(&mut self, here: &str, map: &Map<String, Value>) -> Option<Vec<String>> {
        let values: Option<Vec<String>> = map
            .get("enum")
            .and_then(Value::as_array)
            .and_then(|all| all.iter().map(|v| v.as_str().map(str::to_owned)).collect());
        let path = format!("{here}.enum");
        let values = values.unwrap_or_default();
        self.problems.check((1..=MAX_VALUES).contains(&values.len()), &path, || {
            Text::new("Name between one and {max} texts that can be chosen.").arg("max", MAX_VALUES)
        });
        for value in &values {
            self.problems.text(&path, value, MAX_TITLE);
            self.problems.check(value.trim() == value, &path, || {
                Text::new("A value that can be chosen has no spaces before or behind it.")
            });
        }
        Some(values)
    }
}

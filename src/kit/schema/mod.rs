//! The JSON schema of a form that people fill: which ones a page can draw, what of them it draws, and answers to it.
//!
//! A form is an object whose properties are its questions. Each is a text, a number, a yes or no, a choice of one or of
//! several texts, or a group of such questions. What a page could not draw is refused when the form is saved, not when a
//! vendor is about to fill it. docs/contracts.md has the shape in full.

use std::collections::BTreeSet;
use std::str::FromStr;

use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Number, Value};

use super::{Problems, Refusal, Text};

mod answers;
mod order;

pub use answers::{AnswerChange, MAX_ANSWER, MAX_ANSWERS, ROOT, Said, answer_field};
pub use order::Order;

/// Answers to a form: an object with an answer for each question's name.
pub type Data = Value;

/// Longest schema, in bytes of JSON.
pub const MAX_SCHEMA: usize = 64 * 1024;
/// Most questions of a form, those of groups included.
pub const MAX_QUESTIONS: usize = 100;
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
/// Most bytes that a compiled pattern may take.
const MAX_PATTERN: usize = 256 * 1024;

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

/// What a line of a form takes besides words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFormat {
    /// Words.
    Plain,
    /// An e-mail address.
    Email,
    /// A web address.
    Link,
    /// A day.
    Day,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// In a line.
    Line(LineFormat),
    /// In several lines.
    Lines,
    /// By one of these texts.
    One(Vec<String>),
    /// By any of these texts.
    Several(Vec<String>),
    /// By a number; whether it is whole.
    Number(bool),
    /// By yes or no; whether it must be yes.
    Flag(bool),
    /// By answers to these questions.
    Group(Vec<Question>),
}

/// A question of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its name in the answers.
    pub name: String,
    /// What people read for it.
    pub title: String,
    /// What helps to answer it.
    pub about: String,
    /// Whether it must be answered.
    pub required: bool,
    /// How it is answered.
    pub asked: Asked,
    /// What stands there before somebody answers.
    pub preset: Option<Value>,
    /// Its own schema.
    pub schema: Value,
}

/// The schema of a form, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// What people read above the questions.
    pub title: String,
    /// What helps to answer them.
    pub about: String,
    /// The questions, in the order in which they were written.
    pub questions: Vec<Question>,
    value: Value,
    order: Order,
}

impl Schema {
    /// Reads what somebody wrote. The refusal names each place in the schema that cannot be used, `schema.properties.vat`.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::field("schema", Text::new("This field is required.")));
        }
        if text.len() > MAX_SCHEMA {
            let told = Text::new("The schema has {count} bytes; at most {max} are allowed. Ask less, or say it shorter.");
            return Err(Refusal::field("schema", told.arg("count", text.len()).arg("max", MAX_SCHEMA)));
        }
        let value: Value = serde_json::from_str(text).map_err(|e| {
            Refusal::field("schema", Text::new("This is not JSON: {cause}. Write a JSON object.").arg("cause", e))
        })?;
        let Value::Object(map) = &value else {
            return Err(Refusal::field("schema", Text::new("A JSON object is needed here, in braces.")));
        };
        let order = Order::of(text);
        let mut reading = Reading { problems: Problems::default(), left: MAX_QUESTIONS };
        reading.values("schema", &value);
        let questions = reading.object("schema", map, OF_FORM, &order, true);
        let schema = Self {
            title: word(map, "title"),
            about: word(map, "description"),
            questions,
            value: value.clone(),
            order: order.clone(),
        };
        reading.problems.done()?;
        schema.validator()?;
        Ok(schema)
    }

    /// The schema as JSON, its questions in their order.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same for people to read and edit.
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// What answers are held against.
    pub fn validator(&self) -> Result<Validator, Refusal> {
        compiled(&self.value).map_err(|e| {
            let path = dotted("schema", e.instance_path().as_str());
            let cause: String = e.masked().to_string().chars().take(200).collect();
            Refusal::field(&path, Text::new("This is not right in a JSON schema: {cause}.").arg("cause", cause))
        })
    }

    /// Every question that is answered by itself, with the group that it stands in.
    pub fn leaves(&self) -> impl Iterator<Item = (Option<&Question>, &Question)> {
        self.questions.iter().flat_map(|q| match &q.asked {
            Asked::Group(inner) => inner.iter().map(|i| (Some(q), i)).collect::<Vec<_>>(),
            _ => vec![(None, q)],
        })
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Ordered { value: &self.value, order: &self.order }.serialize(to)
    }
}

/// What somebody's program sent, in the order in which it was written.
pub fn in_order(schema: &Value, order: &Order) -> String {
    serde_json::to_string(&Ordered { value: schema, order }).unwrap_or_default()
}

/// A schema as it is kept: JSON, answered in the order in which it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written(pub String);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let value: Value = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        Ordered { value: &value, order: &Order::of(&self.0) }.serialize(to)
    }
}

/// A part of a schema with the order of its properties.
struct Ordered<'s> {
    value: &'s Value,
    order: &'s Order,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Value::Object(map) = self.value else { return self.value.serialize(to) };
        let mut out = to.serialize_map(Some(map.len()))?;
        for (key, value) in map {
            match value {
                Value::Object(inner) if key == "properties" => {
                    out.serialize_entry(key, &Properties { map: inner, order: self.order })?;
                }
                _ => out.serialize_entry(key, value)?,
            }
        }
        out.end()
    }
}

struct Properties<'s> {
    map: &'s Map<String, Value>,
    order: &'s Order,
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut out = to.serialize_map(Some(self.map.len()))?;
        for name in self.order.sorted(self.map) {
            out.serialize_entry(name, &Ordered { value: &self.map[name], order: self.order.within(name) })?;
        }
        out.end()
    }
}

/// Compiles a schema. Patterns run in linear time, whatever is written; nothing is fetched from anywhere.
pub(super) fn compiled(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    let mut schema = schema.clone();
    if let Value::Object(map) = &mut schema {
        map.remove("$schema");
    }
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex().size_limit(MAX_PATTERN).dfa_size_limit(MAX_PATTERN))
        .build(&schema)
}

/// A JSON pointer as the path of a field, `data.company.vat`.
pub(super) fn dotted(root: &str, pointer: &str) -> String {
    format!("{root}{}", pointer.replace('/', "."))
}

/// Whether a number is one that can be counted with exactly: at most 28 digits.
pub(super) fn is_plain(number: &Number) -> bool {
    let text = number.to_string();
    text.len() <= 40 && (Decimal::from_str(&text).is_ok() || Decimal::from_scientific(&text).is_ok())
}

fn word(map: &Map<String, Value>, name: &str) -> String {
    map.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// Reading a schema: what is wrong with it, and how many questions it may still have.
struct Reading {
    problems: Problems,
    left: usize,
}

impl Reading {
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
                Text::new("References are not followed, neither within the schema nor to other places. Write the question out.")
            } else {
                let allowed = allowed.iter().flat_map(|some| some.iter().copied()).collect::<Vec<_>>().join(", ");
                Text::new("The portal does not understand this keyword here. It knows {allowed}.").arg("allowed", allowed)
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
        let Some(Value::Object(properties)) = map.get("properties").filter(|p| p.as_object().is_some_and(|m| !m.is_empty()))
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
        let plain = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        self.problems.check(plain, &here, || {
            Text::new("A question's name has letters (a to z), digits and _ only, at most {max} of them.").arg("max", MAX_NAME)
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
        let values: Option<Vec<String>> =
            map.get("enum").and_then(Value::as_array).and_then(|all| all.iter().map(|v| v.as_str().map(str::to_owned)).collect());
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

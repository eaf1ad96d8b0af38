//! The JSON schema of a form that people fill: which ones a page can draw, what of them it draws, and answers to it.
//!
//! A form is an object whose properties are its questions. Each is a text, a number, a yes or no, a choice of one or of
//! several texts, or a group of such questions. What a page could not draw is refused when the form is saved, not when a
//! vendor is about to fill it. docs/contracts.md has the shape in full.

use std::str::FromStr;

use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Number, Value};

use self::reading::{Reading, word};
use super::{Refusal, Text};

mod answers;
mod order;
mod reading;
#[cfg(test)]
mod tests;

pub use answers::{AnswerChange, MAX_ANSWER, MAX_ANSWERS, ROOT, Said, answer_field};
pub use order::Order;

/// Answers to a form: an object with an answer for each question's name.
pub type Data = Value;

/// Longest schema, in bytes of JSON.
pub const MAX_SCHEMA: usize = 64 * 1024;
/// Most questions of a form, those of groups included.
pub const MAX_QUESTIONS: usize = 100;
/// Most bytes that a compiled pattern may take.
const MAX_PATTERN: usize = 256 * 1024;

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
            let told =
                Text::new("The schema has {count} bytes; at most {max} are allowed. Ask less, or say it shorter.");
            return Err(Refusal::field("schema", told.arg("count", text.len()).arg("max", MAX_SCHEMA)));
        }
        let value: Value = serde_json::from_str(text).map_err(|e| {
            Refusal::field("schema", Text::new("This is not JSON: {cause}. Write a JSON object.").arg("cause", e))
        })?;
        let Value::Object(map) = &value else {
            return Err(Refusal::field("schema", Text::new("A JSON object is needed here, in braces.")));
        };
        let order = Order::of(text);
        let mut reading = Reading::new();
        let questions = reading.form(&value, map, &order);
        let schema = Self {
            title: word(map, "title"),
            about: word(map, "description"),
            questions,
            value: value.clone(),
            order: order.clone(),
        };
        reading.done()?;
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

//! Answers to a form: what was typed, what is wrong with it, how it reads, what of it fits a newer version.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::{Map, Number, Value};

use super::{Asked, Question, Schema, compiled, dotted, is_plain};
use crate::kit::{Problems, Refusal, Text};

/// Longest answers to one form, in bytes of JSON.
pub const MAX_ANSWERS: usize = 64 * 1024;
/// Longest text that answers one question, in characters.
pub const MAX_ANSWER: usize = 10_000;
/// Most complaints that are told at once.
const MAX_TOLD: usize = 50;
/// So much of an answer stands in the journal, in characters.
const MAX_NOTED: usize = 200;
/// Most changed answers that stand in the journal one by one.
const MAX_CHANGES: usize = 50;

/// Under which names problems with answers are told, and fields of pages are sent.
pub const ROOT: &str = "data";

/// An answer as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// What people read for the question.
    pub label: String,
    /// The group that the question stands in.
    pub group: Option<String>,
    /// The answer; words of the program for yes and no, somebody's data otherwise; none if there is none.
    pub answer: Option<Text>,
}

impl Said {
    /// The question with its group.
    pub fn question(&self) -> String {
        match &self.group {
            Some(group) => format!("{group}: {}", self.label),
            None => self.label.clone(),
        }
    }
}

/// The name of the field of a page that takes an answer.
pub fn answer_field(group: Option<&Question>, question: &Question) -> String {
    match group {
        Some(group) => format!("{ROOT}.{}.{}", group.name, question.name),
        None => format!("{ROOT}.{}", question.name),
    }
}

impl Schema {
    /// What is too large or not readable in answers, whether or not they are complete: what a draft may not have either.
    pub fn check_size(&self, data: &Value) -> Result<(), Refusal> {
        let mut problems = Problems::default();
        let size = data.to_string().len();
        problems.check(size <= MAX_ANSWERS, ROOT, || {
            let text = Text::new("The answers have {count} bytes; at most {max} are allowed. Shorten them.");
            text.arg("count", size).arg("max", MAX_ANSWERS)
        });
        plain_values(&mut problems, ROOT, data);
        match data {
            Value::Object(map) => unknown_names(&mut problems, ROOT, map, &self.questions),
            _ => problems.add(ROOT, Text::new("An object is needed here, with an answer for each question.")),
        }
        problems.done()
    }

    /// Whether answers can be sent. The refusal names each answer by its path, `data.company.vat`.
    pub fn check(&self, data: &Value) -> Result<(), Refusal> {
        self.check_size(data)?;
        let validator = self.validator()?;
        let mut problems = Problems::default();
        for error in validator.iter_errors(data).take(MAX_TOLD) {
            complain(&mut problems, &error);
        }
        problems.done()
    }

    /// The answers that the fields of a page say; `get` gives the values of a field.
    pub fn typed(&self, get: impl Fn(&str) -> Vec<String>) -> Value {
        let mut data = Map::new();
        for question in &self.questions {
            match &question.asked {
                Asked::Group(inner) => {
                    let mut answers = Map::new();
                    for part in inner {
                        put(&mut answers, part, &get(&answer_field(Some(question), part)));
                    }
                    // A group that need not be answered and has nothing in it is not answered: its own questions ask nothing.
                    let empty = answers.values().all(|v| *v == Value::Bool(false));
                    if question.required || !empty {
                        data.insert(question.name.clone(), Value::Object(answers));
                    }
                }
                _ => put(&mut data, question, &get(&answer_field(None, question))),
            }
        }
        Value::Object(data)
    }

    /// The fields of a page with the values that answers give them.
    pub fn filled(&self, data: &Value) -> Vec<(String, String)> {
        let mut pairs = vec![];
        for (group, question) in self.leaves() {
            let name = answer_field(group, question);
            let Some(answer) = answer(data, group, question) else { continue };
            match answer {
                Value::Bool(true) => pairs.push((name, "yes".to_owned())),
                Value::Array(all) => {
                    pairs.extend(all.iter().filter_map(Value::as_str).map(|one| (name.clone(), one.to_owned())));
                }
                Value::String(text) => pairs.push((name, text.clone())),
                Value::Number(n) => pairs.push((name, n.to_string())),
                _ => {}
            }
        }
        pairs
    }

    /// What stands in a form before anybody answers it.
    pub fn presets(&self) -> Value {
        self.collected(|_, question| question.preset.clone().filter(|preset| fits(question, preset)))
    }

    /// What of older answers still fits: the answer to a question of the same name, if it is a right one now.
    pub fn fitting(&self, old: &Value) -> Value {
        self.collected(|group, question| answer(old, group, question).filter(|a| fits(question, a)).cloned())
    }

    fn collected(&self, get: impl Fn(Option<&Question>, &Question) -> Option<Value>) -> Value {
        let mut data = Map::new();
        for (group, question) in self.leaves() {
            let Some(value) = get(group, question) else { continue };
            match group {
                None => drop(data.insert(question.name.clone(), value)),
                Some(group) => {
                    let inner = data.entry(group.name.clone()).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(inner) = inner {
                        inner.insert(question.name.clone(), value);
                    }
                }
            }
        }
        Value::Object(data)
    }

    /// Every question with its answer, as people read them.
    pub fn said(&self, data: &Value) -> Vec<Said> {
        let said = |(group, question): (Option<&Question>, &Question)| Said {
            label: question.title.clone(),
            group: group.map(|g| g.title.clone()),
            answer: answer(data, group, question).and_then(words),
        };
        self.leaves().map(said).collect()
    }

    /// What became other between two answers, question by question. `before` are the answers to `old`.
    pub fn changes(&self, old: &Schema, before: &Value, after: &Value) -> Vec<AnswerChange> {
        let (was, is) = (old.said(before), self.said(after));
        let mut changes: Vec<AnswerChange> = vec![];
        for now in &is {
            let then = was.iter().find(|w| w.question() == now.question()).and_then(|w| w.answer.as_ref());
            changes.extend(AnswerChange::of(now.question(), then, now.answer.as_ref()));
        }
        for gone in was.iter().filter(|w| is.iter().all(|i| i.question() != w.question())) {
            changes.extend(AnswerChange::of(gone.question(), gone.answer.as_ref(), None));
        }
        changes.truncate(MAX_CHANGES);
        changes
    }
}

/// An answer that became another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerChange {
    /// What people read for the question.
    pub question: String,
    /// The answer before, shortened; empty if there was none.
    pub before: String,
    /// The answer now, shortened; empty if there is none.
    pub after: String,
    /// Whether they are words of the program: yes and no.
    pub words: bool,
}

impl AnswerChange {
    fn of(question: String, before: Option<&Text>, after: Option<&Text>) -> Option<Self> {
        if before == after {
            return None;
        }
        let noted = |text: Option<&Text>| text.map(|t| shortened(&t.to_string())).unwrap_or_default();
        let (mut first, second) = (noted(before), noted(after));
        // Long texts may begin alike: that they differ is said all the same.
        if first == second {
            first.push('…');
        }
        let words = [before, after].into_iter().flatten().all(|text| matches!(text.key(), "Yes" | "No"));
        Some(Self { question, before: first, after: second, words })
    }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(MAX_NOTED).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn answer<'d>(data: &'d Value, group: Option<&Question>, question: &Question) -> Option<&'d Value> {
    let within = match group {
        Some(group) => data.get(&group.name)?,
        None => data,
    };
    within.get(&question.name).filter(|v| !v.is_null())
}

fn words(answer: &Value) -> Option<Text> {
    let text = match answer {
        Value::Bool(true) => return Some(Text::new("Yes")),
        Value::Bool(false) => return Some(Text::new("No")),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    (!text.is_empty()).then(|| Text::data(text))
}

fn fits(question: &Question, answer: &Value) -> bool {
    compiled(&question.schema).is_ok_and(|validator| validator.is_valid(answer))
}

/// Puts what a field says among the answers; nothing if it says nothing.
fn put(answers: &mut Map<String, Value>, question: &Question, values: &[String]) {
    let first = values.first().map_or("", |v| v.trim());
    let value = match &question.asked {
        Asked::Flag(_) => Some(Value::Bool(!values.is_empty())),
        Asked::Several(_) => {
            let chosen: Vec<Value> = values.iter().map(|v| Value::String(v.clone())).collect();
            (question.required || !chosen.is_empty()).then_some(Value::Array(chosen))
        }
        // What is no number stays as it was typed, so that it can be shown again with what is wrong.
        Asked::Number(_) if !first.is_empty() => Some(match serde_json::from_str::<Number>(first) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(first.to_owned()),
        }),
        _ => (!first.is_empty()).then(|| Value::String(first.to_owned())),
    };
    if let Some(value) = value {
        answers.insert(question.name.clone(), value);
    }
}

/// Texts that are too long, characters that no text has, numbers that nobody can count with.
fn plain_values(problems: &mut Problems, path: &str, value: &Value) {
    match value {
        Value::String(text) => drop(problems.optional(path, text, MAX_ANSWER)),
        Value::Number(n) if !is_plain(n) => {
            problems.add(path, Text::new("This number is too long: at most 28 digits are allowed."));
        }
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(n, v)| plain_values(problems, &format!("{path}.{n}"), v))
        }
        Value::Object(map) => map.iter().for_each(|(key, v)| plain_values(problems, &format!("{path}.{key}"), v)),
        _ => {}
    }
}

/// Answers to what nobody asked would be seen by nobody.
fn unknown_names(problems: &mut Problems, path: &str, map: &Map<String, Value>, questions: &[Question]) {
    for (name, value) in map {
        let shown: String = name.chars().take(80).collect();
        let here = format!("{path}.{shown}");
        match questions.iter().find(|q| q.name == *name).map(|q| (&q.asked, value)) {
            None => problems.add(&here, Text::new("The form has no question of this name. Leave it out.")),
            Some((Asked::Group(inner), Value::Object(answers))) => unknown_names(problems, &here, answers, inner),
            Some(_) => {}
        }
    }
}

/// Says what is wrong with an answer.
fn complain(problems: &mut Problems, error: &ValidationError<'_>) {
    use ValidationErrorKind as Kind;
    let path = dotted(ROOT, error.instance_path().as_str());
    let text = match error.kind() {
        Kind::Required { property } => {
            let path = format!("{path}.{}", property.as_str().unwrap_or_default());
            return problems.add(&path, Text::new("This field is required."));
        }
        // Names that nobody asked for were told before.
        Kind::AdditionalProperties { .. } => return,
        Kind::Type { kind } => Text::new(match kind {
            TypeKind::Single(JsonType::String) => "A text is needed here.",
            TypeKind::Single(JsonType::Integer) => "A whole number is needed here, such as 12.",
            TypeKind::Single(JsonType::Number) => "A number is needed here, such as 12 or 12.5.",
            TypeKind::Single(JsonType::Boolean) => "This must be true or false.",
            TypeKind::Single(JsonType::Array) => "A list of texts is needed here.",
            _ => "An object is needed here, with an answer for each question.",
        }),
        Kind::MinLength { limit } => {
            Text::new("Write at least {count|one character|{count} characters}.").arg("count", limit)
        }
        Kind::MaxLength { limit } => {
            Text::new("Write at most {count|one character|{count} characters}.").arg("count", limit)
        }
        Kind::Pattern { pattern } => {
            Text::new("This does not look as it has to: it must match {pattern}.").arg("pattern", pattern)
        }
        Kind::Format { format } => match format.as_str() {
            "email" => Text::new("This is not an e-mail address. It must look like name@example.com."),
            "date" => Text::new("This is not a day. It must look like 2026-11-20."),
            _ => Text::new("This is not a link. It must look like https://www.example.com."),
        },
        Kind::Enum { options } => {
            let all = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let some = all.iter().filter_map(Value::as_str).take(10).collect::<Vec<_>>().join(", ");
            match all.len() > 10 {
                true => Text::new("Choose one of the values that the form offers: {values}, and others.")
                    .arg("values", some),
                false => Text::new("Choose one of the values that the form offers: {values}.").arg("values", some),
            }
        }
        Kind::Constant { .. } => Text::new("This has to be confirmed."),
        Kind::Minimum { limit } => Text::new("This must be {limit} or more.").arg("limit", limit),
        Kind::Maximum { limit } => Text::new("This must be {limit} or less.").arg("limit", limit),
        Kind::ExclusiveMinimum { limit } => Text::new("This must be more than {limit}.").arg("limit", limit),
        Kind::ExclusiveMaximum { limit } => Text::new("This must be less than {limit}.").arg("limit", limit),
        Kind::MultipleOf { multiple_of } => {
            Text::new("This must be a multiple of {number}.").arg("number", multiple_of)
        }
        Kind::MinItems { limit } => Text::new("Choose at least {count}.").arg("count", limit),
        Kind::MaxItems { limit } => Text::new("Choose at most {count}.").arg("count", limit),
        Kind::UniqueItems => Text::new("Choose each value once."),
        other => Text::new("This does not fit the form ({keyword}).").arg("keyword", other.keyword()),
    };
    problems.add(&path, text);
}

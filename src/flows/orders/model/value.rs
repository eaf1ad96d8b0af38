//! Values of parameters: what a text or a structure must be for each type, and how it reads.

use std::collections::BTreeMap;

use crate::flows::customers::model::Phone;
use crate::flows::products::model::{MAX_VALUE, Parameter, ParameterKind, Preset};
use crate::kit::{Email, Text};

/// An address as a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and number.
    pub address_line1: String,
    /// More of it.
    pub address_line2: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// Two letters.
    pub country: String,
}

/// A value that is more than a text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Structured {
    /// Which boxes are checked.
    Choices(BTreeMap<String, bool>),
    /// A telephone number.
    Phone(Phone),
    /// An address.
    Address(Address),
    /// Any JSON object, as its text.
    Object(String),
}

impl Structured {
    /// The value as JSON, for the wire.
    pub fn json(&self) -> String {
        let text = match self {
            Self::Choices(map) => serde_json::to_string(map),
            Self::Phone(phone) => serde_json::to_string(phone),
            Self::Address(address) => serde_json::to_string(address),
            Self::Object(text) => return text.clone(),
        };
        // Maps and structs of texts always serialise.
        text.unwrap_or_default()
    }
}

/// What stands in a parameter: nothing, a text or a structure.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// The text of types that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The structure of the other types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured: Option<Structured>,
}

impl Answer {
    /// A text; nothing if it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { value: (!text.is_empty()).then_some(text), structured: None }
    }

    /// Whether nothing was given: no text, no box checked, no line of an address.
    pub fn is_empty(&self) -> bool {
        let nothing = match &self.structured {
            None => true,
            Some(Structured::Choices(map)) => !map.values().any(|checked| *checked),
            Some(Structured::Phone(phone)) => phone.phone_number.is_empty(),
            Some(Structured::Address(a)) => *a == Address { country: a.country.clone(), ..Address::default() },
            Some(Structured::Object(text)) => text.is_empty(),
        };
        self.value.as_deref().unwrap_or_default().is_empty() && nothing
    }

    /// The value a new request starts with.
    pub fn preset(parameter: &Parameter) -> Self {
        let choices = &parameter.constraints.choices;
        if parameter.kind == ParameterKind::Checkbox {
            let map: BTreeMap<String, bool> = choices.iter().map(|c| (c.value.clone(), c.default)).collect();
            return if map.values().any(|c| *c) {
                Self { value: None, structured: Some(Structured::Choices(map)) }
            } else {
                Self::default()
            };
        }
        if let Some(chosen) = choices.iter().find(|c| c.default) {
            return Self::text(chosen.value.clone());
        }
        match &parameter.preset {
            Some(Preset::Text(text)) if !parameter.kind.is_structured() => Self::text(text.clone()),
            _ => Self::default(),
        }
    }

    /// As people read it: labels instead of values, one line.
    pub fn plain(&self, parameter: &Parameter) -> String {
        let label = |value: &str| {
            parameter
                .constraints
                .choices
                .iter()
                .find(|c| c.value == value)
                .map_or(value.to_owned(), |c| c.label.clone())
        };
        match &self.structured {
            None => {
                let value = self.value.clone().unwrap_or_default();
                if parameter.kind.has_choices() { label(&value) } else { value }
            }
            Some(Structured::Choices(map)) => {
                let checked: Vec<String> = map.iter().filter(|(_, on)| **on).map(|(value, _)| label(value)).collect();
                checked.join(", ")
            }
            Some(Structured::Phone(phone)) => phone.line(),
            Some(Structured::Address(a)) => {
                let city = format!("{} {}", a.postal_code, a.city);
                let lines = [
                    a.address_line1.as_str(),
                    a.address_line2.as_str(),
                    city.trim(),
                    a.state.as_str(),
                    a.country.as_str(),
                ];
                lines.iter().filter(|l| !l.is_empty()).copied().collect::<Vec<_>>().join(", ")
            }
            Some(Structured::Object(text)) => text.clone(),
        }
    }
}

/// A value as a form or a client sends it: a text, or a structure as the text of its JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// `value`.
    pub text: Option<String>,
    /// `structured_value`, as JSON.
    pub json: Option<String>,
}

impl Given {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), json: None }
    }
}

/// What is kept of a given value.
///
/// # Errors
/// What is wrong with it and what would be right.
pub fn check(parameter: &Parameter, given: &Given) -> Result<Answer, Text> {
    let kind = parameter.kind;
    if kind.is_layout() {
        return Ok(Answer::default());
    }
    if kind.is_structured() {
        return structured(parameter, given)
            .map(|s| Answer { value: None, structured: s })
            .map(|a| if a.is_empty() { Answer::default() } else { a });
    }
    let text = match (&given.text, &given.json) {
        (Some(text), _) => text,
        (None, Some(_)) => return Err(Text::new("This parameter takes a text. Send `value`, not `structured_value`.")),
        (None, None) => return Ok(Answer::default()),
    };
    // White space around a password may be meant.
    let text = if kind == ParameterKind::Password { text.as_str() } else { text.trim() };
    if text.is_empty() {
        return Ok(Answer::default());
    }
    let count = text.chars().count();
    let (min, max) = (
        parameter.constraints.min_length.unwrap_or(0),
        parameter.constraints.max_length.unwrap_or(MAX_VALUE).min(MAX_VALUE),
    );
    if count > max as usize {
        return Err(Text::new("This is {count} characters long; at most {max} are allowed. Shorten it.")
            .arg("count", count)
            .arg("max", max));
    }
    if count < min as usize {
        return Err(Text::new("This is {count} characters long; at least {min} are needed. Make it longer.")
            .arg("count", count)
            .arg("min", min));
    }
    if text.chars().any(|c| c.is_control() && !"\n\r\t".contains(c)) {
        return Err(Text::new("This contains a control character. Remove it."));
    }
    let shown = |sentence: Text| sentence.arg("value", text.chars().take(80).collect::<String>());
    match kind {
        ParameterKind::Email if Email::parse(text).is_none() => {
            Err(shown(Text::new("{value} is not an e-mail address. Write it as name@example.com.")))
        }
        ParameterKind::Url if !is_web_address(text) => {
            Err(shown(Text::new("{value} is not a web address. Begin with https:// or http://.")))
        }
        ParameterKind::Domain if !is_domain(text, 2) => {
            Err(shown(Text::new("{value} is not a domain. Write it as example.com.")))
        }
        ParameterKind::Subdomain if !is_domain(text, 1) => Err(shown(Text::new(
            "{value} is not a subdomain. Use letters, digits and hyphens, for example my-company.",
        ))),
        ParameterKind::Dropdown | ParameterKind::Choice => {
            let choices = &parameter.constraints.choices;
            if choices.iter().any(|c| c.value == text) {
                return Ok(Answer::text(text));
            }
            let words: Vec<&str> = choices.iter().take(12).map(|c| c.value.as_str()).collect();
            Err(shown(Text::new("{value} cannot be chosen. Choose one of: {choices}."))
                .arg("choices", words.join(", ")))
        }
        _ => Ok(Answer::text(text)),
    }
}

fn structured(parameter: &Parameter, given: &Given) -> Result<Option<Structured>, Text> {
    let kind = parameter.kind;
    let json = given.json.as_deref().map(str::trim).filter(|j| !j.is_empty() && *j != "null");
    let text = given.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let Some(json) = json else {
        return match (kind, text) {
            (_, None) => Ok(None),
            // Old clients send a phone number as one text.
            (ParameterKind::Phone, Some(text)) => {
                phone(Phone { phone_number: text.to_owned(), ..Phone::default() }).map(Some)
            }
            (ParameterKind::Object, Some(text)) => object(text).map(Some),
            _ => Err(Text::new("This parameter takes a structure. Send `structured_value`, not `value`.")),
        };
    };
    let unreadable = |e: serde_json::Error| {
        Text::new("The structure does not fit the type {kind:word}: {cause}.").arg("kind", kind).arg("cause", e)
    };
    match kind {
        ParameterKind::Checkbox => {
            let map: BTreeMap<String, bool> = serde_json::from_str(json).map_err(unreadable)?;
            match map.keys().find(|k| parameter.constraints.choices.iter().all(|c| c.value != **k)) {
                Some(unknown) => {
                    let words: Vec<&str> =
                        parameter.constraints.choices.iter().take(12).map(|c| c.value.as_str()).collect();
                    Err(Text::new("{value} is none of the boxes. There are: {choices}.")
                        .arg("value", unknown)
                        .arg("choices", words.join(", ")))
                }
                None => Ok(Some(Structured::Choices(map))),
            }
        }
        ParameterKind::Phone => phone(serde_json::from_str(json).map_err(unreadable)?).map(Some),
        ParameterKind::Address => address(serde_json::from_str(json).map_err(unreadable)?).map(Some),
        _ => object(json).map(Some),
    }
}

fn phone(phone: Phone) -> Result<Structured, Text> {
    let fits =
        |part: &str| part.chars().count() <= 25 && part.chars().all(|c| c.is_ascii_digit() || "+-() ./".contains(c));
    if [&phone.country_code, &phone.area_code, &phone.phone_number, &phone.extension].into_iter().all(|p| fits(p)) {
        Ok(Structured::Phone(phone))
    } else {
        Err(Text::new("A phone number has digits, spaces and + - ( ) . / only, at most 25 in each part. Correct it."))
    }
}

fn address(address: Address) -> Result<Structured, Text> {
    let a = &address;
    let parts = [&a.address_line1, &a.address_line2, &a.city, &a.state, &a.postal_code, &a.country];
    if parts.into_iter().all(|p| p.chars().count() <= 255 && !p.chars().any(char::is_control)) {
        Ok(Structured::Address(address))
    } else {
        Err(Text::new("Each line of an address has at most 255 characters and no control characters. Shorten it."))
    }
}

fn object(text: &str) -> Result<Structured, Text> {
    if text.len() > MAX_VALUE as usize {
        return Err(Text::new("The object is {count} bytes long; at most {max} are allowed.")
            .arg("count", text.len())
            .arg("max", MAX_VALUE));
    }
    let fields: BTreeMap<String, serde::de::IgnoredAny> =
        serde_json::from_str(text).map_err(|e| Text::new("This is not a JSON object: {cause}.").arg("cause", e))?;
    if fields.is_empty() { Ok(Structured::Object(String::new())) } else { Ok(Structured::Object(text.to_owned())) }
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host())
}

/// Whether a text is a host name of at least so many labels.
fn is_domain(text: &str, labels: usize) -> bool {
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c == '-' || c.is_alphanumeric())
    };
    text.len() <= 253 && text.split('.').count() >= labels && text.split('.').all(fits)
}

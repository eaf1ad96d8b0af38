//! Parameters as a request carries them: definition, value, and what is wrong with it.

use super::value::{self, Answer, Given, Structured};
use crate::flows::products::model::{Parameter, ParameterKind, Phase, Scope};
use crate::kit::{Side, Text};

/// What stands for a password where it may not be read. Sent back, it leaves the password as it is.
pub const MASK: &str = "••••••••";

/// A complaint that names an entry of the product's messages, for readers in other languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct StructuredError {
    /// The message's id.
    pub id: String,
    /// The vendor's id for it.
    pub external_id: String,
    /// Its text.
    pub value: String,
}

/// A parameter in a request or a subscription.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Param {
    /// What it is, as of when the request was made.
    pub definition: Parameter,
    /// What stands in it.
    #[serde(default)]
    pub answer: Answer,
    /// What is wrong with it: the vendor's words, or a sentence of the program about a draft.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "kept_error")]
    pub error: Option<Text>,
    /// The same as an entry of the product's messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_error: Option<StructuredError>,
}

/// Earlier versions kept the words alone.
fn kept_error<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Text>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Kept {
        Words(String),
        Text(Text),
    }
    let kept = <Kept as serde::Deserialize>::deserialize(from)?;
    Ok(match kept {
        Kept::Words(words) => said(&words),
        Kept::Text(text) => Some(text),
    })
}

/// Somebody's words as a complaint; none if there are no words.
pub fn said(words: &str) -> Option<Text> {
    (!words.is_empty()).then(|| Text::data(words))
}

/// What counts for a parameter while the others have their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// It must be given.
    pub required: bool,
    /// Customers do not see it.
    pub hidden: bool,
    /// It is shown and cannot be changed.
    pub readonly: bool,
}

impl Param {
    /// The parameter of a new request, with its preset.
    pub fn new(definition: &Parameter) -> Self {
        Self { answer: Answer::preset(definition), definition: definition.clone(), error: None, structured_error: None }
    }

    /// The vendor's own id, by which everybody names it.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    /// What people read for it.
    pub fn title(&self) -> &str {
        if self.definition.title.is_empty() { &self.definition.name } else { &self.definition.title }
    }

    /// What is wrong with it, in English; empty if nothing is.
    pub fn error_in_english(&self) -> String {
        self.error.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// Whether the buyer gives it.
    pub fn is_ordering(&self) -> bool {
        self.definition.phase == Phase::Ordering
    }

    /// Whether the vendor gives it.
    pub fn is_fulfillment(&self) -> bool {
        self.definition.phase == Phase::Fulfillment
    }

    /// Whether it must not be readable for everybody.
    pub fn is_secret(&self) -> bool {
        self.definition.kind == ParameterKind::Password
    }

    /// Whether it takes a value at all.
    pub fn takes_value(&self) -> bool {
        !self.definition.kind.is_layout()
    }

    /// What counts for it now: a dependency may set its flags while another parameter has one of some values.
    pub fn flags(&self, all: &[Param]) -> Flags {
        let c = &self.definition.constraints;
        let mut flags = Flags { required: c.required, hidden: c.hidden, readonly: false };
        if let Some(d) = &c.dependency {
            let other = all.iter().find(|p| p.definition.id == *d.parameter.id || p.name() == d.parameter.name);
            let holds = other.is_some_and(|p| match (&p.answer.value, &p.answer.structured) {
                (Some(value), _) => d.values.contains(value),
                (None, Some(Structured::Choices(map))) => d.values.iter().any(|v| map.get(v) == Some(&true)),
                _ => false,
            });
            if holds {
                flags.required = d.required.unwrap_or(flags.required);
                flags.hidden = d.hidden.unwrap_or(flags.hidden);
                flags.readonly = d.readonly.unwrap_or(flags.readonly);
            }
        }
        flags
    }

    /// Whether an account on a side may see it. Resellers do not see what the vendor fills in, unless it is shared.
    pub fn is_visible_to(&self, side: Side) -> bool {
        match side {
            Side::Vendor | Side::Distributor => true,
            Side::Reseller => self.is_ordering() || self.definition.constraints.shared.is_some(),
            Side::Customer => self.is_ordering() && !self.definition.constraints.hidden,
        }
    }

    /// The text value as a side may read it: passwords are masked for everybody but the vendor.
    pub fn value_for(&self, side: Side) -> String {
        let value = self.answer.value.clone().unwrap_or_default();
        if self.is_secret() && side != Side::Vendor && !value.is_empty() { MASK.to_owned() } else { value }
    }

    /// What people on a side read in a table.
    pub fn plain_for(&self, side: Side) -> String {
        if self.is_secret() { self.value_for(side) } else { self.answer.plain(&self.definition) }
    }

    /// What people on every side may read: for journals.
    pub fn plain_for_all(&self) -> String {
        self.plain_for(Side::Customer)
    }

    /// Takes a new value; says whether it changed.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn answered(&mut self, given: &Given) -> Result<bool, Text> {
        if self.is_secret() && given.text.as_deref() == Some(MASK) {
            return Ok(false);
        }
        let answer = value::check(&self.definition, given)?;
        let changed = answer != self.answer;
        self.answer = answer;
        Ok(changed)
    }
}

/// Which parameters a request for a subscription carries: those that it or the vendor fills in for the subscription.
/// Those of resellers belong to the resellers' set-up, those of the configuration to the product.
pub fn belongs(parameter: &Parameter) -> bool {
    parameter.scope == Scope::Asset && parameter.phase != Phase::Configuration
}

/// What stands in a place of a vendor's text: the value of the parameter of that name, or the address of the customer's
/// form.
pub fn place_value(params: &[Param], name: &str, link: Option<&str>) -> Option<String> {
    if name == "activation_form_url" {
        return link.map(str::to_owned);
    }
    let param = params.iter().find(|p| p.name() == name)?;
    Some(param.answer.plain(&param.definition))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error of a parameter, alone.
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Kept {
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "kept_error")]
        error: Option<Text>,
    }

    #[test]
    fn words_of_earlier_versions_are_somebodys_own() -> serde_json::Result<()> {
        let read = |json: &str| serde_json::from_str::<Kept>(json).map(|kept| kept.error);
        assert_eq!(read(r#"{"error":"not {this} one"}"#)?, Some(Text::data("not {this} one")));
        assert_eq!(read(r#"{"error":""}"#)?, None);
        assert_eq!(read("{}")?, None);
        let own = Kept { error: Some(Text::new("{name} is required.").arg("name", "Region")) };
        assert_eq!(serde_json::from_str::<Kept>(&serde_json::to_string(&own)?)?, own);
        Ok(())
    }
}

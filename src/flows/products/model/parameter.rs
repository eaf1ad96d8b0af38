//! Parameters: what a product asks of those who order it, and what the vendor adds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Capabilities;
use super::choices::{MAX_CHOICES, MAX_VALUE, check_choices};
use crate::kit::{Events, ParameterId, Problems, Text};

crate::word_enum! {
    /// Who fills a parameter, and when.
    pub enum Phase {
        /// Whoever orders.
        Ordering = "ordering",
        /// The vendor, while processing.
        Fulfillment = "fulfillment",
        /// The vendor, before any order; nobody else sees it.
        Configuration = "configuration",
    }
}

impl Phase {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ordering => "Ordering",
            Self::Fulfillment => "Fulfillment",
            Self::Configuration => "Configuration",
        }
    }

    /// The scopes that a parameter of this phase may have.
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Ordering | Self::Fulfillment => &[Scope::Asset, Scope::Tier1, Scope::Tier2],
            Self::Configuration => &[Scope::Product, Scope::Item, Scope::Marketplace, Scope::ItemMarketplace],
        }
    }
}

crate::word_enum! {
    /// What a parameter belongs to.
    pub enum Scope {
        Asset = "asset", Tier1 = "tier1", Tier2 = "tier2",
        Product = "product", Item = "item", Marketplace = "marketplace", ItemMarketplace = "item_marketplace"
    }
}

impl Scope {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Asset => "Subscription",
            Self::Tier1 => "Tier 1",
            Self::Tier2 => "Tier 2",
            Self::Product => "Product",
            Self::Item => "Item",
            Self::Marketplace => "Marketplace",
            Self::ItemMarketplace => "Item and marketplace",
        }
    }

    /// The reseller level that must be switched on for it; 0 for the others.
    pub fn level(self) -> u8 {
        match self {
            Self::Tier1 => 1,
            Self::Tier2 => 2,
            _ => 0,
        }
    }
}

crate::word_enum! {
    /// What kind of value a parameter takes.
    pub enum ParameterKind {
        Text = "text", Dropdown = "dropdown", Password = "password", Email = "email", Checkbox = "checkbox", Subdomain = "subdomain",
        Domain = "domain", Address = "address", Phone = "phone", Object = "object", Url = "url", Choice = "choice",
        /// A heading between parameters; takes no value.
        Heading = "heading",
        /// A text between parameters; takes no value.
        Content = "content",
    }
}

impl ParameterKind {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Dropdown => "Drop-down",
            Self::Password => "Password",
            Self::Email => "E-mail",
            Self::Checkbox => "Check boxes",
            Self::Subdomain => "Subdomain",
            Self::Domain => "Domain",
            Self::Address => "Address",
            Self::Phone => "Phone",
            Self::Object => "Object (JSON)",
            Self::Url => "Web address",
            Self::Choice => "Choice",
            Self::Heading => "Heading",
            Self::Content => "Explanation",
        }
    }

    /// Whether its value is chosen among choices.
    pub fn has_choices(self) -> bool {
        matches!(self, Self::Dropdown | Self::Choice | Self::Checkbox | Self::Subdomain)
    }

    /// Whether its value is an object (`structured_value`) and not a text (`value`).
    pub fn is_structured(self) -> bool {
        matches!(self, Self::Checkbox | Self::Address | Self::Phone | Self::Object)
    }

    /// Whether it only lays out the form and takes no value.
    pub fn is_layout(self) -> bool {
        matches!(self, Self::Heading | Self::Content)
    }
}

crate::word_enum! {
    /// Whether partners may see or edit a configuration parameter.
    pub enum Shared { View = "view", Edit = "edit" }
}

/// One value that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Chosen at first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

/// Another parameter, by its id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParameterRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Flags that count only while another parameter has one of some values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dependency {
    /// The other parameter.
    pub parameter: ParameterRef,
    /// Its values.
    pub values: Vec<String>,
    /// Then this is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Then this is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// Then this cannot be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readonly: Option<bool>,
}

/// What a value must keep to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Constraints {
    /// It must be given.
    pub required: bool,
    /// Customers do not see it.
    pub hidden: bool,
    /// No two subscriptions of the product have the same value.
    pub unique: bool,
    /// Usage files find subscriptions by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation: Option<bool>,
    /// Whether partners may see or edit it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<Shared>,
    /// Least number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Greatest number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// What may be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Level of a heading, 1 to 6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// Markdown of an explanation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_content: Option<String>,
    /// Flags that count only sometimes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependency: Option<Dependency>,
}

/// The value that is there at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Preset {
    /// A text.
    Text(String),
    /// The country of an address or phone number.
    Country {
        /// Two letters.
        country: String,
    },
}

/// One parameter of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its id.
    pub id: ParameterId,
    /// The vendor's own id, by which requests and templates name it; unique in the product.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who fills it, and when.
    pub phase: Phase,
    /// What it belongs to.
    pub scope: Scope,
    /// What kind of value it takes.
    pub kind: ParameterKind,
    /// A line below its field.
    pub hint: String,
    /// What an empty field shows.
    pub placeholder: String,
    /// What a value must keep to.
    pub constraints: Constraints,
    /// The value that is there at first.
    pub preset: Option<Preset>,
    /// Place among the product's parameters, in steps of 10,000.
    pub position: i32,
    /// When what happened.
    pub events: Events,
}

impl Parameter {
    /// Whether usage files find subscriptions by it.
    pub fn reconciles(&self) -> bool {
        self.constraints.reconciliation == Some(true)
    }
}

/// Values of a new or changed parameter, not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterDraft {
    /// The vendor's own id.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Who fills it.
    pub phase: Phase,
    /// What it belongs to.
    pub scope: Scope,
    /// What kind of value it takes.
    pub kind: ParameterKind,
    /// A line below its field.
    pub hint: String,
    /// What an empty field shows.
    pub placeholder: String,
    /// What a value must keep to.
    pub constraints: Constraints,
    /// The value that is there at first.
    pub preset: Option<Preset>,
}

impl ParameterDraft {
    /// The values of a parameter as they are.
    pub fn of(parameter: &Parameter) -> Self {
        Self {
            name: parameter.name.clone(),
            title: parameter.title.clone(),
            description: parameter.description.clone(),
            phase: parameter.phase,
            scope: parameter.scope,
            kind: parameter.kind,
            hint: parameter.hint.clone(),
            placeholder: parameter.placeholder.clone(),
            constraints: parameter.constraints.clone(),
            preset: parameter.preset.clone(),
        }
    }

    /// Trims the texts, drops what the kind does not have, and notes what is wrong. `now` is the parameter that is
    /// changed, `others` the product's other ones.
    #[must_use]
    pub fn checked(
        mut self,
        problems: &mut Problems,
        now: Option<&Parameter>,
        others: &[Parameter],
        capabilities: &Capabilities,
    ) -> Self {
        self.name = problems.text("name", &self.name, 100);
        problems.check(self.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'), "name", || {
            Text::new("The id {name} may have letters, digits, _ and - only. Change the other characters.")
                .arg("name", &self.name)
        });
        if let Some(other) = others.iter().find(|p| p.name == self.name) {
            problems.add(
                "name",
                Text::new("The parameter {id} has this name already. Choose another.").arg("id", &other.id),
            );
        }
        self.title = problems.text("title", &self.title, 255);
        // Clients always send a description, and it may be empty.
        self.description = problems.optional("description", &self.description, 4_000).unwrap_or_default();
        self.hint = problems.optional("hint", &self.hint, 255).unwrap_or_default();
        self.placeholder = problems.optional("placeholder", &self.placeholder, 255).unwrap_or_default();
        problems.check(self.phase.scopes().contains(&self.scope), "scope", || {
            let words: Vec<&str> = self.phase.scopes().iter().map(Scope::as_str).collect();
            Text::new(
                "A parameter of the phase {phase:word} cannot have the scope {scope:word}. Use one of: {allowed}.",
            )
            .arg("phase", self.phase)
            .arg("scope", self.scope)
            .arg("allowed", words.join(", "))
        });
        let level = capabilities.tiers.configs.as_ref().map_or(0, |c| c.level);
        problems.check(self.scope.level() <= level || now.is_some(), "scope", || {
            Text::new("Parameters of {scope:word} need the reseller authorization level {level}. Switch it on in the product's settings first.")
                .arg("scope", self.scope)
                .arg("level", self.scope.level())
        });
        if let Some(now) = now {
            for (field, same) in [
                ("type", self.kind == now.kind),
                ("scope", self.scope == now.scope),
                ("phase", self.phase == now.phase),
            ] {
                problems.check(same, field, || {
                    Text::new("This cannot change after a parameter was made. Make a new parameter.")
                });
            }
        }
        self.check_constraints(problems, others);
        self.check_preset(problems);
        self
    }

    fn check_constraints(&mut self, problems: &mut Problems, others: &[Parameter]) {
        let kind = self.kind;
        let c = &mut self.constraints;
        if c.reconciliation == Some(true) {
            problems.check(self.phase == Phase::Fulfillment && self.scope == Scope::Asset && !kind.is_structured(), "constraints.reconciliation", || {
                Text::new("Only a fulfillment parameter of the subscription with a text value can be the reconciliation id. Choose another parameter.")
            });
            if let Some(other) = others.iter().find(|p| p.reconciles()) {
                let text =
                    Text::new("{name} is the reconciliation id of this product already. Take the mark from it first.");
                problems.add("constraints.reconciliation", text.arg("name", &other.name));
            }
        }
        problems.check(c.shared.is_none() || self.phase == Phase::Configuration, "constraints.shared", || {
            Text::new("Only configuration parameters can be shared. Leave it out.")
        });
        problems.check(c.min_length.unwrap_or(0) <= c.max_length.unwrap_or(u32::MAX), "constraints.min_length", || {
            Text::new("The least length is greater than the greatest. Swap them.")
        });
        problems.check(
            c.max_length.unwrap_or(0) <= MAX_VALUE && c.min_length.unwrap_or(0) <= MAX_VALUE,
            "constraints.max_length",
            || Text::new("A value has at most {max} characters. Use a smaller number.").arg("max", MAX_VALUE),
        );
        if kind.has_choices() {
            check_choices(problems, kind, &mut c.choices);
        } else {
            c.choices.clear();
        }
        if kind == ParameterKind::Heading {
            problems.check((1..=6).contains(&c.level.unwrap_or(1)), "constraints.level", || {
                Text::new("The level of a heading is 1 to 6.")
            });
        }
        if kind.is_layout() {
            c.required = false;
            c.unique = false;
        }
        if let Some(content) = &c.display_content {
            c.display_content = problems.optional("constraints.display_content", content, 8_000);
        }
        if let Some(dependency) = &mut c.dependency {
            let field = "constraints.dependency";
            let wanted = dependency.parameter.clone();
            let found = others.iter().find(|p| p.id == *wanted.id || p.name == wanted.name || p.name == wanted.id);
            match found {
                Some(p) if p.phase == Phase::Ordering && p.scope == self.scope => {
                    dependency.parameter = ParameterRef { id: p.id.to_string(), name: p.name.clone() };
                }
                Some(p) => problems.add(
                    field,
                    Text::new("{name} is not an ordering parameter of the same scope. Choose one that is.")
                        .arg("name", &p.name),
                ),
                None => problems.add(
                    field,
                    Text::new("The product has no other parameter {name}. Choose one that it has.")
                        .arg("name", if wanted.name.is_empty() { wanted.id } else { wanted.name }),
                ),
            }
            problems.check((1..=MAX_CHOICES).contains(&dependency.values.len()), field, || {
                Text::new("Give between 1 and {max} values of the other parameter.").arg("max", MAX_CHOICES)
            });
        }
    }

    fn check_preset(&mut self, problems: &mut Problems) {
        let country = matches!(self.kind, ParameterKind::Address | ParameterKind::Phone);
        self.preset = match self.preset.take() {
            Some(Preset::Text(text)) if !country => {
                problems.optional("default", &text, MAX_VALUE as usize).map(Preset::Text)
            }
            Some(Preset::Country { country: code }) if country => {
                problems.check(
                    code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()),
                    "default.country",
                    || {
                        Text::new("{code} is not a country's code of two letters. Use one such as DE.")
                            .arg("code", &code)
                    },
                );
                Some(Preset::Country { country: code.to_ascii_uppercase() })
            }
            // A preset of another shape belongs to another kind and is not kept.
            _ => None,
        };
    }
}

//! Hubs.

use super::{MAX_DESCRIPTION, quoted};
use crate::kit::{AccountId, Events, HubId, NamedRef, Problems, Text};

crate::word_enum! {
    /// What a hub is: CloudBlue Commerce, or anything else that uses the API.
    pub enum InstanceType { Oa = "OA", Api = "API" }
}

/// A commerce system of a distributor or reseller.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    /// The public id.
    pub id: HubId,
    /// Whose it is.
    pub owner: NamedRef,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The id of the commerce system, unique within the company.
    pub instance_id: String,
    /// What kind of system.
    pub instance_type: InstanceType,
    /// How many products are connected with it.
    pub connections: i64,
    /// How many marketplaces are sold through it.
    pub marketplaces: i64,
    /// When it was created and changed.
    pub events: Events,
    /// Counts the changes.
    pub revision: i64,
}

impl Hub {
    /// Whether nothing depends on it yet.
    pub fn is_unused(&self) -> bool {
        self.connections == 0 && self.marketplaces == 0
    }
}

/// What somebody says about a hub.
#[derive(Debug, Clone, Default)]
pub struct HubWords {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The id of the commerce system.
    pub instance_id: String,
    /// `API` or `OA`, in any case.
    pub instance_type: String,
}

/// A hub's words, checked.
#[derive(Debug, Clone)]
pub struct GoodHub {
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// The id of the commerce system.
    pub instance_id: String,
    /// What kind of system.
    pub instance_type: InstanceType,
}

impl HubWords {
    /// Checks everything at once.
    pub fn check(&self, problems: &mut Problems) -> Option<GoodHub> {
        let name = problems.text("name", &self.name, 256);
        let description = problems.optional("description", &self.description, MAX_DESCRIPTION).unwrap_or_default();
        let instance_id = problems.text("instance_id", &self.instance_id, 255);
        let instance_type = InstanceType::parse(self.instance_type.trim());
        problems.check(instance_type.is_some(), "instance_type", || {
            Text::new("The type is {value}; it must be API, or OA for CloudBlue Commerce.")
                .arg("value", quoted(&self.instance_type))
        });
        Some(GoodHub { name, description, instance_id, instance_type: instance_type? }).filter(|_| problems.none())
    }
}

/// What others mention of a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubBrief {
    /// The public id.
    pub id: HubId,
    /// Its name.
    pub name: String,
    /// The id of the commerce system.
    pub instance_id: String,
    /// What kind of system.
    pub instance_type: InstanceType,
    /// Whose it is.
    pub owner: AccountId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_needs_name_instance_and_type() {
        let mut problems = Problems::default();
        assert!(HubWords::default().check(&mut problems).is_none());
        let fields: Vec<String> = problems.done().unwrap_err().problems.into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["name", "instance_id", "instance_type"]);
        let words = HubWords {
            name: "Live".into(),
            instance_id: "x".into(),
            instance_type: "api".into(),
            description: String::new(),
        };
        assert_eq!(words.check(&mut Problems::default()).map(|h| h.instance_type), Some(InstanceType::Api));
    }
}

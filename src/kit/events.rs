//! What the API calls `events`: when an object was created, signed, closed, and by whom.

use std::collections::BTreeMap;

use super::Time;

/// Id and name of something, as other objects mention it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct NamedRef {
    /// The public id.
    pub id: String,
    /// Its name when this was written.
    pub name: String,
}

/// One moment in an object's life.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Stamp {
    /// When.
    pub at: Time,
    /// Who; absent when the system acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<NamedRef>,
}

/// The named moments of an object: `created`, `updated`, `signed`, …
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Events(pub BTreeMap<String, Stamp>);

impl Events {
    /// A new object's events: created and updated now.
    pub fn created(at: Time, by: Option<NamedRef>) -> Self {
        let mut events = Self::default();
        events.stamp("created", at, by.clone());
        events.stamp("updated", at, by);
        events
    }

    /// Notes that `name` happened.
    pub fn stamp(&mut self, name: &str, at: Time, by: Option<NamedRef>) {
        self.0.insert(name.to_owned(), Stamp { at, by });
    }

    /// Who did `name` last.
    pub fn by(&self, name: &str) -> Option<&NamedRef> {
        self.0.get(name).and_then(|s| s.by.as_ref())
    }

    /// When `name` happened last.
    pub fn at(&self, name: &str) -> Option<Time> {
        self.0.get(name).map(|s| s.at)
    }
}

//! What the API answers about forms and answers to them.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{self, FormKind};
use crate::kit::schema::{Data, Written};
use crate::kit::{Events, NamedRef, Time};

/// What stands for the status of forms, which have no states.
const ACTIVE: &str = "active";

/// A form of an agreement, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgreementForm {
    /// `FRM-123-456-789`
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it is filled.
    #[serde(rename = "type")]
    pub kind: FormKind,
}

impl From<model::FormRef> for AgreementForm {
    fn from(f: model::FormRef) -> Self {
        Self { id: f.id.into(), name: f.name, kind: f.kind }
    }
}

/// The forms of a distribution agreement, at most one of each type.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct AgreementForms {
    /// What a vendor fills to enrol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enroll: Option<AgreementForm>,
    /// What it fills for a product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<AgreementForm>,
    /// What it fills for an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<AgreementForm>,
}

impl From<model::AgreementForms> for AgreementForms {
    fn from(f: model::AgreementForms) -> Self {
        Self { enroll: f.enroll.map(Into::into), product: f.product.map(Into::into), item: f.item.map(Into::into) }
    }
}

/// A form with its newest version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Form {
    /// `FRM-123-456-789`
    pub id: String,
    /// The number of its newest version.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// When it is filled.
    #[serde(rename = "type")]
    pub kind: FormKind,
    /// `active`
    pub status: &'static str,
    /// What it asks: a JSON schema.
    #[schema(value_type = Object)]
    pub schema: Written,
    /// When it was created and changed.
    pub events: Events,
}

impl From<model::Form> for Form {
    fn from(f: model::Form) -> Self {
        Self {
            id: f.id.into(),
            version: f.version,
            name: f.name,
            kind: f.kind,
            status: ACTIVE,
            schema: Written(f.schema),
            events: f.events,
        }
    }
}

/// A version of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormVersion {
    /// The form, `FRM-123-456-789`.
    pub id: String,
    /// 1, 2, 3, …
    pub version: i32,
    /// The form's name.
    pub name: String,
    /// When it is filled.
    #[serde(rename = "type")]
    pub kind: FormKind,
    /// `active`
    pub status: &'static str,
    /// What it asks: a JSON schema.
    #[schema(value_type = Object)]
    pub schema: Written,
    /// When it was made.
    pub events: Events,
}

impl FormVersion {
    /// A version of this form.
    pub fn of(form: &model::Form, v: model::FormVersion) -> Self {
        Self {
            id: form.id.to_string(),
            version: v.version,
            name: form.name.clone(),
            kind: form.kind,
            status: ACTIVE,
            schema: Written(v.schema),
            events: Events::created(v.created_at, v.author),
        }
    }
}

/// The version of a form that was answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnsweredVersion {
    /// The form, `FRM-123-456-789`.
    pub id: String,
    /// 1, 2, 3, …
    pub version: i32,
    /// The form's name.
    pub name: String,
}

/// Answers to a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractData {
    /// `FRA-123-456-789`
    pub id: String,
    /// Of which type the form is.
    #[serde(rename = "type")]
    pub kind: FormKind,
    /// When they were begun.
    pub created: Time,
    /// The contract.
    pub contract: NamedRef,
    /// The answers, by the names of their questions. The partner sees what it would send, the distributor what was sent.
    #[schema(value_type = Object)]
    pub data: Data,
    /// What they answer.
    pub form_version: AnsweredVersion,
}

impl ContractData {
    /// What its reader sees of answers; none if it sees nothing.
    pub fn of(a: model::Answers) -> Option<Self> {
        let (data, version) = a.shown().map(|(data, version)| (data.clone(), version))?;
        Some(Self {
            id: a.id.into(),
            kind: a.kind,
            created: a.created_at,
            contract: a.contract,
            data,
            form_version: AnsweredVersion { id: a.form.id.into(), version, name: a.form.name },
        })
    }
}

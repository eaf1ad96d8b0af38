//! Forms that a distributor's partners fill, and what agreements have of them.

use crate::kit::schema::{Data, Schema};
use crate::kit::{Events, FormAnswerId, FormId, NamedRef, Problems, Refusal, Text, Time};

crate::word_enum! {
    /// When a form is filled.
    pub enum FormKind {
        /// By a vendor that enrols in an agreement.
        Enroll = "enroll",
        /// For each product that is listed under it.
        Product = "product",
        /// For each item of such a product.
        Item = "item",
    }
}

/// Longest name of a form, in characters.
pub const MAX_FORM_NAME: usize = 255;
/// Longest note with which an enrolment is sent back, in characters.
pub const MAX_REFINE_NOTE: usize = 500;

/// A form as others mention it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRef {
    /// The public id.
    pub id: FormId,
    /// Its name.
    pub name: String,
    /// When it is filled.
    pub kind: FormKind,
    /// Its newest version.
    pub version: i32,
}

impl FormRef {
    /// Reads what a query puts together: id, version and name with a space between.
    pub fn packed(kind: FormKind, text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let id = FormId::parse(parts.next()?)?;
        let version = parts.next()?.parse().ok()?;
        Some(Self { id, kind, version, name: parts.next().unwrap_or_default().to_owned() })
    }
}

/// The forms of an agreement, at most one of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgreementForms {
    /// What a vendor fills to enrol.
    pub enroll: Option<FormRef>,
    /// What it fills for a product.
    pub product: Option<FormRef>,
    /// What it fills for an item.
    pub item: Option<FormRef>,
}

impl AgreementForms {
    /// The form of a kind.
    pub fn get(&self, kind: FormKind) -> Option<&FormRef> {
        match kind {
            FormKind::Enroll => self.enroll.as_ref(),
            FormKind::Product => self.product.as_ref(),
            FormKind::Item => self.item.as_ref(),
        }
    }

    /// Every form there is.
    pub fn all(&self) -> impl Iterator<Item = &FormRef> {
        FormKind::ALL.iter().filter_map(|kind| self.get(*kind))
    }
}

/// Which forms an agreement is to have. The outer nothing stands for "as it is", the inner one for no form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormsChange {
    /// What a vendor fills to enrol.
    pub enroll: Option<Option<String>>,
    /// What it fills for a product.
    pub product: Option<Option<String>>,
    /// What it fills for an item.
    pub item: Option<Option<String>>,
}

impl FormsChange {
    /// What is wanted of a kind.
    pub fn get(&self, kind: FormKind) -> Option<Option<&str>> {
        let wanted = match kind {
            FormKind::Enroll => &self.enroll,
            FormKind::Product => &self.product,
            FormKind::Item => &self.item,
        };
        let trimmed = |id: &Option<String>| id.as_ref().is_some_and(|id| !id.trim().is_empty());
        wanted.as_ref().map(|id| id.as_deref().map(str::trim).filter(|_| trimmed(id)))
    }

    /// Whether any form is named.
    pub fn names_any(&self) -> bool {
        FormKind::ALL.iter().any(|kind| self.get(*kind).flatten().is_some())
    }
}

/// What somebody says about a new form.
#[derive(Debug, Clone, Default)]
pub struct FormWords {
    /// `enroll`, `product`, `item`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its JSON schema, as it was written.
    pub schema: String,
}

/// What can be changed of a form; nothing stands for "as it is".
#[derive(Debug, Clone, Default)]
pub struct FormChange {
    /// A new name.
    pub name: Option<String>,
    /// A new schema, which makes a new version.
    pub schema: Option<String>,
    /// Its kind, which stays what it is.
    pub kind: Option<String>,
}

/// Checks the name of a form.
pub fn check_form_name(problems: &mut Problems, name: &str) -> String {
    problems.text("name", name, MAX_FORM_NAME)
}

/// A form.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The public id.
    pub id: FormId,
    /// When it is filled.
    pub kind: FormKind,
    /// Its name.
    pub name: String,
    /// The distributor whose form it is.
    pub owner: NamedRef,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Its newest version.
    pub version: i32,
    /// The schema of that version, in the order in which it was written.
    pub schema: String,
    /// How many agreements have it.
    pub agreements: i64,
    /// How many answers there are to it.
    pub answers: i64,
    /// When it was created and changed.
    pub events: Events,
    /// Counts the changes.
    pub revision: i64,
}

impl Form {
    /// Whether it can be deleted: no agreement has it, and nobody has answered it.
    pub fn may_delete(&self) -> Result<(), Refusal> {
        if self.agreements > 0 {
            let text = Text::new(
                "{count|One agreement has|{count} agreements have} the form {id}, so it stays. Take it off {count|the agreement|the agreements} first.",
            );
            return Err(Refusal::state(text.arg("count", self.agreements).arg("id", &self.id)));
        }
        if self.answers > 0 {
            let text = Text::new("The form {id} was answered {count|once|{count} times}, so it stays.");
            return Err(Refusal::state(text.arg("count", self.answers).arg("id", &self.id)));
        }
        Ok(())
    }
}

/// A version of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormVersion {
    /// 1, 2, 3, …
    pub version: i32,
    /// Its schema, in the order in which it was written.
    pub schema: String,
    /// Who made it.
    pub author: Option<NamedRef>,
    /// When it was made.
    pub created_at: Time,
}

/// A company's answers to a form, as one of the parties of its contract sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The public id.
    pub id: FormAnswerId,
    /// The contract.
    pub contract: NamedRef,
    /// Of which kind the form is.
    pub kind: FormKind,
    /// The form; its version is the one that was answered.
    pub form: FormRef,
    /// The schema of that version.
    pub schema: String,
    /// What was sent.
    pub data: Option<Data>,
    /// What the partner has kept and not sent, with the version that it answers; none for everybody else.
    pub draft: Option<(Data, i32)>,
    /// What the distributor wrote when it sent them back; empty if it did not.
    pub note: String,
    /// When they were begun.
    pub created_at: Time,
    /// Counts the changes.
    pub revision: i64,
}

impl Answers {
    /// What stands in the form when the partner opens it: what it has kept, what it has sent, or what the form presets;
    /// as far as it fits the form of today.
    pub fn to_continue(found: Option<&Self>, schema: &Schema) -> Data {
        match found.map(|answers| (&answers.draft, &answers.data)) {
            // A draft may have in it what is wrong still.
            Some((Some((draft, _)), _)) => draft.clone(),
            Some((None, Some(sent))) => schema.fitting(sent),
            _ => schema.presets(),
        }
    }

    /// What its reader sees of it, with the version that it answers: of the partner's own what it would send.
    pub fn shown(&self) -> Option<(&Data, i32)> {
        let draft = self.draft.as_ref().map(|(draft, version)| (draft, *version));
        draft.or(self.data.as_ref().map(|data| (data, self.form.version)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_query_packs_is_read_again() {
        let form = FormRef::packed(FormKind::Enroll, "FRM-123-456-789 12 A  name").expect("a form");
        assert_eq!((form.id.as_str(), form.version, form.name.as_str()), ("FRM-123-456-789", 12, "A  name"));
        for bad in ["", "FRM-1", "FRM-1 x name", "PRD-1 1 name"] {
            assert_eq!(FormRef::packed(FormKind::Enroll, bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_not_said_stays_and_nothing_is_none() {
        let change = FormsChange { enroll: Some(Some(" FRM-1 ".into())), product: Some(None), item: None };
        assert_eq!(change.get(FormKind::Enroll), Some(Some("FRM-1")));
        assert_eq!(change.get(FormKind::Product), Some(None));
        assert_eq!(change.get(FormKind::Item), None);
        assert!(change.names_any());
        let emptied = FormsChange { item: Some(Some("  ".into())), ..FormsChange::default() };
        assert_eq!(emptied.get(FormKind::Item), Some(None));
        assert!(!emptied.names_any());
    }
}

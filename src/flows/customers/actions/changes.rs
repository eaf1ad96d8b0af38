//! What changed in an account of the directory, for its timeline.

use crate::flows::customers::model::TierSnapshot;
use crate::journal::Change;

/// The fields that differ, with what they were.
pub(super) fn changes(old: &TierSnapshot, now: &TierSnapshot) -> Vec<Change> {
    let parent = |s: &TierSnapshot| s.parent.as_ref().map(|p| p.name.clone()).unwrap_or_default();
    let some = |s: &Option<String>| s.clone().unwrap_or_default();
    let person =
        |s: &TierSnapshot| format!("{} {}", s.contact_info.contact.first_name, s.contact_info.contact.last_name);
    let address = |s: &TierSnapshot| format!("{}, {}", s.contact_info.lines().join(", "), s.contact_info.country);
    [
        Change::of("Name", &old.name, &now.name),
        Change::word("Type", old.kind, now.kind),
        Change::of("Parent", parent(old), parent(now)),
        Change::of("External id", some(&old.external_id), some(&now.external_id)),
        Change::of("External UUID", &old.external_uid, &now.external_uid),
        Change::of("Tax id", some(&old.tax_id), some(&now.tax_id)),
        Change::of("Address", address(old), address(now)),
        Change::of("Contact", person(old), person(now)),
        Change::of("E-mail", &old.contact_info.contact.email, &now.contact_info.contact.email),
        Change::of("Phone", old.contact_info.contact.phone_number.line(), now.contact_info.contact.phone_number.line()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

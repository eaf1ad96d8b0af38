//! What people do with forms, and which of them agreements have.

use super::super::model::{
    Agreement, ContractKind, Form, FormChange, FormKind, FormRef, FormVersion, FormWords, FormsChange, check_form_name,
};
use super::super::store;
use super::agreements::{OPEN, change, issuer, number};
use crate::db::party::{self, Party};
use crate::db::{self, Result, Tx};
use crate::journal::{self, Audience, Change, Entry};
use crate::kit::schema::Schema;
use crate::kit::{Actor, AgreementId, Events, FormId, Level, Module, Problems, Refusal, Side, Text};

/// The forms of a list's page, in its order.
pub fn forms(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Form>> {
    actor.need(Module::Partners, Level::Read)?;
    Ok(db::in_order(ids, store::forms(tx, actor, ids)?, |f| f.id.as_str()))
}

/// A form that the actor may see: its own, or one of an agreement that it may enrol in.
pub fn form(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Form> {
    actor.need(Module::Partners, Level::Read)?;
    store::form(tx, actor, id)
}

/// The versions of a form that the actor may see, newest first.
pub fn form_versions(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Form, Vec<FormVersion>)> {
    actor.need(Module::Partners, Level::Read)?;
    store::form_versions(tx, actor, id)
}

/// One version of a form that the actor may see.
pub fn form_version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<(Form, FormVersion)> {
    actor.need(Module::Partners, Level::Read)?;
    store::form_version(tx, actor, id, number)
}

/// The actor's agreements that have a form: ids and titles, at most a hundred.
pub fn agreements_with(tx: &mut Tx<'_>, actor: &Actor, id: &FormId) -> Result<Vec<(AgreementId, String)>> {
    actor.need(Module::Partners, Level::Read)?;
    store::agreements_with(tx, actor, id, 100)
}

/// The actor's own forms, by kind and name: what an agreement can have.
pub fn own_forms(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<FormRef>> {
    issuer(actor)?;
    store::own_forms(tx, actor)
}

/// Reads the schema that was written, and notes among the problems what is wrong with it.
fn schema(problems: &mut Problems, written: &str) -> Option<Schema> {
    match Schema::read(written) {
        Ok(schema) => Some(schema),
        Err(refusal) => {
            for problem in refusal.problems {
                problems.add(&problem.field, problem.text);
            }
            None
        }
    }
}

/// Creates a form with its first version.
pub fn create_form(tx: &mut Tx<'_>, actor: &Actor, words: &FormWords) -> Result<FormId> {
    let seat = issuer(actor)?;
    db::lock(tx, "account", seat.account.as_str())?;
    let count = store::count_forms(tx, actor)?;
    if count >= tx.limits().forms {
        let text = Text::new("{account} has {count} forms; more are not allowed. Delete one that no agreement has.");
        return Err(Refusal::conflict(text.arg("account", &seat.name).arg("count", count)).into());
    }
    let mut problems = Problems::default();
    let name = check_form_name(&mut problems, &words.name);
    let kind = match words.kind.trim() {
        // The published description of the API does not ask for it.
        "" => Some(FormKind::Enroll),
        word => FormKind::parse(word),
    };
    problems.check(kind.is_some(), "type", || {
        Text::new("Choose the type: enroll (to enrol in an agreement), product or item (to list them).")
    });
    let schema = schema(&mut problems, &words.schema);
    problems.done()?;
    let (Some(kind), Some(schema)) = (kind, schema) else { return Err(Refusal::not_found("form", "").into()) };
    let events = Events::created(tx.at(), actor.by());
    let id = store::insert_form(tx, &seat.account, kind, &name, &events)?;
    store::insert_form_version(tx, &id, 1, &schema.text(), actor.by())?;
    party::put(tx, "form", id.as_str(), OPEN, None, &[Party::new(&seat.account, Side::Distributor)])?;
    let text = Text::new("The form {name} was created").arg("name", &name);
    journal::record(tx, actor, Entry::new("form", &id, "form.created", text).audience(Audience::Own))?;
    Ok(id)
}

/// A form of the actor's own, locked, at the revision that somebody saw.
fn owned(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<Form> {
    actor.need(Module::Partners, Level::Manage)?;
    db::lock(tx, "form", id)?;
    let form = store::form(tx, actor, id)?;
    if !form.own {
        let text = Text::new("The form {id} is that of {owner}, who alone can change it.");
        return Err(Refusal::forbidden(text.arg("id", id).arg("owner", &form.owner.name)).into());
    }
    journal::unchanged(tx, actor, ("form", id), "form", (revision, form.revision))?;
    Ok(form)
}

/// Changes name or schema of a form. Another schema makes a new version; what was answered before stays with its own.
pub fn edit_form(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>, wanted: &FormChange) -> Result<()> {
    let old = owned(tx, actor, id, revision)?;
    let mut problems = Problems::default();
    let name = check_form_name(&mut problems, wanted.name.as_deref().unwrap_or(&old.name));
    if let Some(kind) = wanted.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty()) {
        problems.check(kind == old.kind.as_str(), "type", || {
            Text::new("The type of a form stays what it is: {kind}. Create another form.").arg("kind", old.kind)
        });
    }
    let written = match &wanted.schema {
        Some(written) => schema(&mut problems, written).map(|schema| schema.text()),
        None => None,
    };
    problems.done()?;
    let newer = written.filter(|text| *text != old.schema);
    if newer.is_none() && name == old.name {
        return Ok(());
    }
    let mut version = old.version;
    if let Some(text) = &newer {
        if i64::from(old.version) >= tx.limits().form_versions {
            let told = Text::new("This form has {count} versions; more are not allowed. Create another form.");
            return Err(Refusal::conflict(told.arg("count", old.version)).into());
        }
        version = number(i64::from(old.version) + 1)?;
        store::insert_form_version(tx, &old.id, version, text, actor.by())?;
    }
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::update_form(tx, &old.id, &name, version, &events)?;
    let changes = [Change::of("Name", &old.name, &name), Change::of("Version", old.version, version)];
    let text = Text::new("The form was changed");
    let entry = Entry::new("form", &old.id, "form.changed", text).changes(changes.into_iter().flatten());
    journal::record(tx, actor, entry.audience(Audience::Own))?;
    Ok(())
}

/// Deletes a form that no agreement has and nobody answered.
pub fn delete_form(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    let old = owned(tx, actor, id, None)?;
    old.may_delete()?;
    let text = Text::new("The form {name} was deleted").arg("name", &old.name);
    journal::record(tx, actor, Entry::new("form", &old.id, "form.deleted", text).audience(Audience::Own))?;
    party::remove(tx, "form", old.id.as_str())?;
    store::delete_form(tx, &old.id)
}

/// What people read for the form of a kind.
fn label(kind: FormKind) -> &'static str {
    match kind {
        FormKind::Enroll => "Enrolment form",
        FormKind::Product => "Product form",
        FormKind::Item => "Item form",
    }
}

/// Gives a distribution agreement other forms, or takes them off. Vendors that see the agreement see its forms.
pub fn attach_forms(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    revision: Option<i64>,
    wanted: &FormsChange,
) -> Result<()> {
    let (agreement, _) = change(tx, actor, id, revision)?;
    if agreement.kind != ContractKind::Distribution {
        if !wanted.names_any() {
            return Ok(());
        }
        let text =
            Text::new("Forms belong to distribution agreements; {id} is a {kind:word} agreement. Leave them out.");
        return Err(Refusal::field("forms", text.arg("id", id).arg("kind", agreement.kind)).into());
    }
    let chosen = chosen(tx, actor, &agreement, wanted)?;
    if chosen.is_empty() {
        return Ok(());
    }
    let mut changes = vec![];
    for (kind, form) in &chosen {
        store::set_agreement_form(tx, &agreement.id, *kind, form.as_ref().map(|f| &f.id))?;
        let named = |form: Option<(&str, &FormId)>| form.map(|(name, id)| format!("{name} ({id})")).unwrap_or_default();
        let before = named(agreement.forms.get(*kind).map(|f| (f.name.as_str(), &f.id)));
        let after = named(form.as_ref().map(|f| (f.name.as_str(), &f.id)));
        changes.extend(Change::of(label(*kind), before, after));
    }
    show_forms(tx, actor, &agreement, &chosen)?;
    let mut events = agreement.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    store::touch_agreement(tx, &agreement.id, &events)?;
    let text = Text::new("The attached forms were changed");
    journal::record(
        tx,
        actor,
        Entry::new("agreement", &agreement.id, "agreement.forms_changed", text).changes(changes),
    )?;
    Ok(())
}

/// The forms that are other ones than before, each locked, so that nobody deletes it meanwhile.
fn chosen(
    tx: &mut Tx<'_>,
    actor: &Actor,
    agreement: &Agreement,
    wanted: &FormsChange,
) -> Result<Vec<(FormKind, Option<Form>)>> {
    let mut chosen = vec![];
    let mut problems = Problems::default();
    for kind in FormKind::ALL {
        let before = agreement.forms.get(*kind).map(|f| f.id.as_str());
        let Some(id) = wanted.get(*kind).filter(|id| *id != before) else { continue };
        let Some(id) = id else {
            chosen.push((*kind, None));
            continue;
        };
        db::lock(tx, "form", id)?;
        match store::forms(tx, actor, &[id.to_owned()])?.pop().filter(|form| form.own && form.kind == *kind) {
            Some(form) => chosen.push((*kind, Some(form))),
            None => {
                let shown: String = id.chars().take(40).collect();
                let text = Text::new("You have no form {id} of the type {kind}. Choose one of yours, or none.");
                problems.add(&format!("forms.{kind}.id"), text.arg("id", shown).arg("kind", kind));
            }
        }
    }
    problems.done()?;
    Ok(chosen)
}

/// Shows the new forms to all who see the agreement, and no longer those that nobody of them has to do with.
fn show_forms(
    tx: &mut Tx<'_>,
    actor: &Actor,
    agreement: &Agreement,
    chosen: &[(FormKind, Option<Form>)],
) -> Result<()> {
    let readers = party::all(tx, "agreement", agreement.id.as_str())?;
    for form in chosen.iter().filter_map(|(_, form)| form.as_ref()) {
        let made = form.events.at("created").unwrap_or(tx.at());
        for (account, side) in readers.iter().filter(|(_, side)| *side != Side::Distributor) {
            party::add(tx, "form", form.id.as_str(), OPEN, made, &Party::new(account, *side))?;
        }
    }
    for form in chosen.iter().filter_map(|(kind, _)| agreement.forms.get(*kind)) {
        for account in store::former_readers(tx, actor, &form.id)? {
            party::leave(tx, "form", form.id.as_str(), &account)?;
        }
    }
    Ok(())
}

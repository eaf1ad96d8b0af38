//! Rows of forms and their versions, and of what agreements have of them.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::super::model::{Form, FormKind, FormRef, FormVersion};
use crate::db::schema::{account, agreement_form, form, form_version, party};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, AgreementId, Events, FormId, NamedRef, Refusal, Side, Time, fold};

/// The form of an agreement in one text, for a row that has to mention it: see `FormRef::packed`.
macro_rules! form_of_agreement {
    ($kind:literal) => {
        concat!(
            "(select f.id || ' ' || f.version || ' ' || f.name from agreement_form af join form f on f.id = af.form_id \
             where af.agreement_id = agreement.id and af.kind = '",
            $kind,
            "')"
        )
    };
}

pub(in crate::flows::contracts) const ENROLL_FORM: &str = form_of_agreement!("enroll");
pub(super) const PRODUCT_FORM: &str = form_of_agreement!("product");
pub(super) const ITEM_FORM: &str = form_of_agreement!("item");
/// Whether a vendor fills a form to enrol.
pub(super) const HAS_ENROLL_FORM: &str =
    "exists (select 1 from agreement_form af where af.agreement_id = agreement.id and af.kind = 'enroll')";

/// The schema of its newest version.
const SCHEMA: &str = "(select v.schema from form_version v where v.form_id = form.id and v.version = form.version)";
/// How many agreements have it.
const AGREEMENTS: &str = "(select count(*) from agreement_form af where af.form_id = form.id)";
/// How many answers there are to it.
const ANSWERED: &str = "(select count(*) from form_answer fa where fa.form_id = form.id)";

#[derive(Queryable)]
struct Row {
    id: FormId,
    account_id: AccountId,
    owner: String,
    kind: FormKind,
    name: String,
    version: i32,
    schema: String,
    agreements: i64,
    answers: i64,
    events: Doc<Events>,
    revision: i64,
}

/// The forms of these ids that the actor may see, in no order.
pub fn forms(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Form>> {
    let reader = actor.account()?;
    let mine = party::table
        .filter(party::account_id.eq(reader.as_str()))
        .filter(party::kind.eq("form"))
        .filter(party::object_id.eq(form::id));
    let rows: Vec<Row> = form::table
        .inner_join(account::table)
        .filter(form::id.eq_any(ids))
        .filter(exists(mine))
        .select((
            form::id,
            form::account_id,
            account::name,
            form::kind,
            form::name,
            form::version,
            sql::<Text>(SCHEMA),
            sql::<BigInt>(AGREEMENTS),
            sql::<BigInt>(ANSWERED),
            form::events,
            form::revision,
        ))
        .load(tx.conn())?;
    let form = |r: Row| {
        // How much somebody uses a form is theirs to know.
        let own = r.account_id == *reader;
        Form {
            id: r.id,
            kind: r.kind,
            name: r.name,
            owner: NamedRef { id: r.account_id.into(), name: r.owner },
            own,
            version: r.version,
            schema: r.schema,
            agreements: if own { r.agreements } else { 0 },
            answers: if own { r.answers } else { 0 },
            events: r.events.0,
            revision: r.revision,
        }
    };
    Ok(rows.into_iter().map(form).collect())
}

/// A form that the actor may see.
pub fn form(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Form> {
    forms(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("form", id).into())
}

type VersionRow = (i32, String, Option<Doc<NamedRef>>, Time);

fn version_of((version, schema, author, created_at): VersionRow) -> FormVersion {
    FormVersion { version, schema, author: author.map(|a| a.0), created_at }
}

/// The versions of a form that the actor may see, newest first.
pub fn form_versions(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Form, Vec<FormVersion>)> {
    let form = form(tx, actor, id)?;
    let rows: Vec<VersionRow> = form_version::table
        .filter(form_version::form_id.eq(form.id.as_str()))
        .order(form_version::version.desc())
        .select((form_version::version, form_version::schema, form_version::author, form_version::created_at))
        .load(tx.conn())?;
    Ok((form, rows.into_iter().map(version_of).collect()))
}

/// One version of a form that the actor may see.
pub fn form_version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<(Form, FormVersion)> {
    let form = form(tx, actor, id)?;
    let row: Option<VersionRow> = form_version::table
        .find((form.id.as_str(), number))
        .select((form_version::version, form_version::schema, form_version::author, form_version::created_at))
        .first(tx.conn())
        .optional()?;
    let row = row.ok_or_else(|| Refusal::no_version(number, id))?;
    Ok((form, version_of(row)))
}

/// How many forms the actor's company has.
pub fn count_forms(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    Ok(form::table.filter(form::account_id.eq(actor.account()?)).count().get_result(tx.conn())?)
}

/// The actor's own forms, by kind and name: what an agreement can have.
pub fn own_forms(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<FormRef>> {
    let rows: Vec<(FormId, FormKind, String, i32)> = form::table
        .filter(form::account_id.eq(actor.account()?))
        .order((form::kind, form::name_folded, form::id))
        .select((form::id, form::kind, form::name, form::version))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, kind, name, version)| FormRef { id, name, kind, version }).collect())
}

/// The actor's agreements that have a form: ids and titles, by title, at most `limit`.
pub fn agreements_with(tx: &mut Tx<'_>, actor: &Actor, id: &FormId, limit: i64) -> Result<Vec<(AgreementId, String)>> {
    use crate::db::schema::agreement;
    let has =
        sql::<Bool>("exists (select 1 from agreement_form af where af.agreement_id = agreement.id and af.form_id = ")
            .bind::<Text, _>(id.as_str())
            .sql(")");
    Ok(agreement::table
        .filter(agreement::account_id.eq(actor.account()?))
        .filter(has)
        .order((agreement::title_folded, agreement::id))
        .limit(limit)
        .select((agreement::id, agreement::title))
        .load(tx.conn())?)
}

/// Writes a new form under a fresh id, without its first version.
pub fn insert_form(tx: &mut Tx<'_>, owner: &AccountId, kind: FormKind, name: &str, events: &Events) -> Result<FormId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            form::id.eq(format!("FRM-{digits}")),
            form::account_id.eq(owner),
            form::kind.eq(kind),
            form::name.eq(name),
            form::name_folded.eq(fold(name)),
            form::version.eq(1),
            form::events.eq(Doc(events.clone())),
            form::revision.eq(1i64),
            form::created_at.eq(at),
            form::updated_at.eq(at),
        );
        Ok(diesel::insert_into(form::table).values(row).returning(form::id).get_result::<FormId>(tx.conn())?)
    })
}

/// Writes a new version of a form.
pub fn insert_form_version(
    tx: &mut Tx<'_>,
    id: &FormId,
    number: i32,
    schema: &str,
    author: Option<NamedRef>,
) -> Result<()> {
    let at = tx.at();
    let row = (
        form_version::form_id.eq(id.as_str()),
        form_version::version.eq(number),
        form_version::schema.eq(schema),
        form_version::author.eq(author.map(Doc)),
        form_version::created_at.eq(at),
    );
    diesel::insert_into(form_version::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes a form's new name and the number of its newest version.
pub fn update_form(tx: &mut Tx<'_>, id: &FormId, name: &str, version: i32, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(form::table.find(id))
        .set((
            form::name.eq(name),
            form::name_folded.eq(fold(name)),
            form::version.eq(version),
            form::events.eq(Doc(events.clone())),
            form::revision.eq(form::revision + 1),
            form::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a form and its versions away.
pub fn delete_form(tx: &mut Tx<'_>, id: &FormId) -> Result<()> {
    diesel::delete(form::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Gives an agreement a form of a kind, or none.
pub fn set_agreement_form(
    tx: &mut Tx<'_>,
    agreement: &AgreementId,
    kind: FormKind,
    form: Option<&FormId>,
) -> Result<()> {
    let rows = agreement_form::table
        .filter(agreement_form::agreement_id.eq(agreement.as_str()))
        .filter(agreement_form::kind.eq(kind));
    diesel::delete(rows).execute(tx.conn())?;
    if let Some(form) = form {
        let row = (
            agreement_form::agreement_id.eq(agreement.as_str()),
            agreement_form::kind.eq(kind),
            agreement_form::form_id.eq(form.as_str()),
        );
        diesel::insert_into(agreement_form::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// The forms of an agreement that is being opened to one more vendor, with the moments at which they were made.
pub fn forms_under(tx: &mut Tx<'_>, agreement: &AgreementId) -> Result<Vec<(FormId, Time)>> {
    let used = sql::<Bool>("exists (select 1 from agreement_form af where af.form_id = form.id and af.agreement_id = ")
        .bind::<Text, _>(agreement.as_str())
        .sql(")");
    Ok(form::table.filter(used).select((form::id, form::created_at)).load(tx.conn())?)
}

/// The vendors that see a form of the actor's and have nothing to do with it any more: no agreement that they see has it,
/// and they have not answered it.
pub fn former_readers(tx: &mut Tx<'_>, actor: &Actor, id: &FormId) -> Result<Vec<AccountId>> {
    let nothing = sql::<Bool>(
        "not exists (select 1 from agreement_form af join party y on y.kind = 'agreement' and y.object_id = af.agreement_id \
         where af.form_id = party.object_id and y.account_id = party.account_id) \
         and not exists (select 1 from form_answer fa join contract c on c.id = fa.contract_id \
         where fa.form_id = party.object_id and c.owner_id = party.account_id)",
    );
    Ok(party::table
        .filter(party::kind.eq("form"))
        .filter(party::object_id.eq(id.as_str()))
        .filter(party::side.eq(Side::Vendor))
        .filter(party::account_id.ne(actor.account()?))
        .filter(nothing)
        .select(party::account_id)
        .load(tx.conn())?)
}

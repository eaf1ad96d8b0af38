//! Rows of answers to forms.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::super::model::{Answers, FormKind, FormRef};
use crate::db::schema::{form, form_answer};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::schema::Data;
use crate::kit::{Actor, ContractId, FormAnswerId, FormId, NamedRef, Time};

type Row = (
    FormAnswerId,
    ContractId,
    String,
    FormKind,
    FormId,
    String,
    i32,
    String,
    Option<Doc<Data>>,
    Option<Doc<Data>>,
    Option<i32>,
    String,
    Time,
    i64,
    bool,
);

/// The schema of the version that was answered.
const SCHEMA: &str = "(select v.schema from form_version v where v.form_id = form_answer.form_id and v.version = form_answer.form_version)";

/// Only answers of contracts that the actor may see.
macro_rules! seen {
    ($actor:expr) => {
        sql::<Bool>(
            "exists (select 1 from party y where y.kind = 'contract' and y.object_id = form_answer.contract_id and y.account_id = ",
        )
        .bind::<Text, _>($actor.account()?.as_str().to_owned())
        .sql(")")
    };
}

macro_rules! columns {
    ($actor:expr) => {
        (
            form_answer::id,
            form_answer::contract_id,
            sql::<Text>("(select c.name from contract c where c.id = form_answer.contract_id)"),
            form_answer::kind,
            form_answer::form_id,
            form::name,
            form_answer::form_version,
            sql::<Text>(SCHEMA),
            form_answer::data,
            form_answer::draft,
            form_answer::draft_version,
            form_answer::note,
            form_answer::created_at,
            form_answer::revision,
            sql::<Bool>("exists (select 1 from contract c where c.id = form_answer.contract_id and c.owner_id = ")
                .bind::<Text, _>($actor.account()?.as_str().to_owned())
                .sql(")"),
        )
    };
}

fn answers_of(row: Row) -> Answers {
    let (
        id,
        contract,
        contract_name,
        kind,
        form,
        name,
        version,
        schema,
        data,
        draft,
        drafted,
        note,
        created_at,
        revision,
        own,
    ) = row;
    Answers {
        id,
        contract: NamedRef { id: contract.into(), name: contract_name },
        kind,
        form: FormRef { id: form, name, kind, version },
        schema,
        data: data.map(|d| d.0),
        draft: draft.map(|d| (d.0, drafted.unwrap_or(version))).filter(|_| own),
        note,
        created_at,
        revision,
    }
}

/// The answers of these ids that the actor may see, in no order.
pub fn answers(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Answers>> {
    let rows: Vec<Row> = form_answer::table
        .inner_join(form::table)
        .filter(form_answer::id.eq_any(ids))
        .filter(seen!(actor))
        .select(columns!(actor))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(answers_of).collect())
}

/// What was answered to enrol by a contract that the actor may see.
pub fn enrolment(tx: &mut Tx<'_>, actor: &Actor, contract: &ContractId) -> Result<Option<Answers>> {
    let row: Option<Row> = form_answer::table
        .inner_join(form::table)
        .filter(form_answer::contract_id.eq(contract.as_str()))
        .filter(form_answer::kind.eq(FormKind::Enroll))
        .filter(seen!(actor))
        .select(columns!(actor))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(answers_of))
}

/// Answers as they are to be kept.
#[derive(Debug, Clone)]
pub struct KeptAnswers {
    /// The form, and the version that `data` answers.
    pub form: (FormId, i32),
    /// What was sent.
    pub data: Option<Data>,
    /// What was not sent yet, and the version that it answers.
    pub draft: Option<(Data, i32)>,
    /// Why they were sent back.
    pub note: String,
}

/// Writes the answers with which a contract enrols, instead of those of `id` if there are some; gives their id.
pub fn put_enrolment(
    tx: &mut Tx<'_>,
    contract: &ContractId,
    id: Option<&FormAnswerId>,
    kept: &KeptAnswers,
) -> Result<FormAnswerId> {
    let at = tx.at();
    let changed = (
        form_answer::form_id.eq(kept.form.0.as_str()),
        form_answer::form_version.eq(kept.form.1),
        form_answer::data.eq(kept.data.clone().map(Doc)),
        form_answer::draft.eq(kept.draft.as_ref().map(|(draft, _)| Doc(draft.clone()))),
        form_answer::draft_version.eq(kept.draft.as_ref().map(|(_, version)| *version)),
        form_answer::note.eq(&kept.note),
        form_answer::updated_at.eq(at),
    );
    if let Some(id) = id {
        diesel::update(form_answer::table.find(id))
            .set((changed, form_answer::revision.eq(form_answer::revision + 1)))
            .execute(tx.conn())?;
        return Ok(id.clone());
    }
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            form_answer::id.eq(format!("FRA-{digits}")),
            form_answer::contract_id.eq(contract.as_str()),
            form_answer::kind.eq(FormKind::Enroll),
            form_answer::product_id.eq(""),
            form_answer::item_id.eq(""),
            changed.clone(),
            form_answer::revision.eq(1i64),
            form_answer::created_at.eq(at),
        );
        Ok(diesel::insert_into(form_answer::table)
            .values(row)
            .returning(form_answer::id)
            .get_result::<FormAnswerId>(tx.conn())?)
    })
}

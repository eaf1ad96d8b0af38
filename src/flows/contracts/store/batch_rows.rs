//! Rows of offers by spreadsheet: the partners in them.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text as SqlText};

use super::super::model::{ContractStatus, RowStatus, SheetRow};
use super::links::LIVE;
use crate::db::schema::{account, contract, offer_batch, offer_row};
use crate::db::{Result, Tx, in_order};
use crate::kit::column::Doc;
use crate::kit::{Actor, AgreementId, OfferBatchId, Text, fold};
use crate::on_each;

diesel::define_sql_function! {
    /// The text in lower case: of addresses, which are in plain letters.
    fn lower(text: Nullable<SqlText>) -> Nullable<SqlText>;
}

/// A row with what is known of it.
#[derive(Debug, Clone)]
pub struct BatchRow {
    /// The public id.
    pub id: String,
    /// What is written in the sheet.
    pub words: SheetRow,
    /// What is known of it.
    pub status: RowStatus,
    /// What is wrong with it, or where the partner is already.
    pub problem: Option<Text>,
    /// The contract that was offered, or that there is already.
    pub contract: Option<String>,
}

/// Writes the rows of a batch that were checked, and counts them.
pub fn insert_rows(tx: &mut Tx<'_>, batch: &OfferBatchId, rows: &[BatchRow]) -> Result<()> {
    let values: Vec<_> = rows
        .iter()
        .map(|row| {
            let words = &row.words;
            (
                offer_row::id.eq(&row.id),
                offer_row::batch_id.eq(batch),
                offer_row::place.eq(words.place),
                offer_row::partner.eq(&words.partner),
                offer_row::partner_folded.eq(fold(words.partner.trim())),
                offer_row::email.eq(&words.email),
                offer_row::email_folded.eq(fold(words.email.trim())),
                offer_row::message.eq(&words.message),
                offer_row::note.eq(&words.note),
                offer_row::purpose.eq(&words.purpose),
                offer_row::expire_at.eq(&words.expire_at),
                offer_row::status.eq(row.status),
                offer_row::problem.eq(row.problem.clone().map(Doc)),
                offer_row::contract_id.eq(row.contract.as_deref()),
            )
        })
        .collect();
    on_each!(tx, |c| diesel::insert_into(offer_row::table).values(&values).execute(c))?;
    let count = |wanted: &dyn Fn(&BatchRow) -> bool| {
        i32::try_from(rows.iter().filter(|r| wanted(r)).count()).unwrap_or(i32::MAX)
    };
    let silent = |r: &BatchRow| r.status == RowStatus::Ready && r.words.message.trim().is_empty();
    diesel::update(offer_batch::table.find(batch))
        .set((
            offer_batch::total.eq(offer_batch::total + count(&|_| true)),
            offer_batch::ready.eq(offer_batch::ready + count(&|r| r.status == RowStatus::Ready)),
            offer_batch::wrong.eq(offer_batch::wrong + count(&|r| r.status == RowStatus::Wrong)),
            offer_batch::already.eq(offer_batch::already + count(&|r| r.status == RowStatus::Already)),
            offer_batch::silent.eq(offer_batch::silent + count(&silent)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes what came of a row that was ready.
pub fn set_row(
    tx: &mut Tx<'_>,
    batch: &OfferBatchId,
    row: &str,
    status: RowStatus,
    problem: Option<Text>,
    contract: Option<&str>,
) -> Result<()> {
    diesel::update(offer_row::table.find(row))
        .set((
            offer_row::status.eq(status),
            offer_row::problem.eq(problem.map(Doc)),
            offer_row::contract_id.eq(contract),
        ))
        .execute(tx.conn())?;
    let one = |wanted: RowStatus| i32::from(status == wanted);
    diesel::update(offer_batch::table.find(batch))
        .set((
            offer_batch::ready.eq(offer_batch::ready - 1),
            offer_batch::already.eq(offer_batch::already + one(RowStatus::Already)),
            offer_batch::invited.eq(offer_batch::invited + one(RowStatus::Invited)),
            offer_batch::refused.eq(offer_batch::refused + one(RowStatus::Refused)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

type Written =
    (String, i32, String, String, String, String, String, String, RowStatus, Option<Doc<Text>>, Option<String>);
type WrittenColumns = (
    offer_row::id,
    offer_row::place,
    offer_row::partner,
    offer_row::email,
    offer_row::message,
    offer_row::note,
    offer_row::purpose,
    offer_row::expire_at,
    offer_row::status,
    offer_row::problem,
    offer_row::contract_id,
);
const WRITTEN: WrittenColumns = (
    offer_row::id,
    offer_row::place,
    offer_row::partner,
    offer_row::email,
    offer_row::message,
    offer_row::note,
    offer_row::purpose,
    offer_row::expire_at,
    offer_row::status,
    offer_row::problem,
    offer_row::contract_id,
);

fn batch_row(row: Written) -> BatchRow {
    let (id, place, partner, email, message, note, purpose, expire_at, status, problem, contract) = row;
    let words = SheetRow { place, partner, email, message, note, purpose, expire_at, fault: None };
    BatchRow { id, words, status, problem: problem.map(|p| p.0), contract }
}

/// Rows of batches of the acting account that a list has picked, in the order of the ids.
pub fn batch_rows(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<BatchRow>> {
    let own = offer_batch::table
        .filter(offer_batch::id.eq(offer_row::batch_id))
        .filter(offer_batch::account_id.eq(actor.account()?));
    let rows: Vec<Written> = offer_row::table
        .filter(offer_row::id.eq_any(ids))
        .filter(diesel::dsl::exists(own))
        .select(WRITTEN)
        .load(tx.conn())?;
    Ok(in_order(ids, rows.into_iter().map(batch_row).collect(), |r: &BatchRow| r.id.as_str()))
}

/// Every row of a batch of the acting account, in the order of the sheet.
pub fn all_rows(tx: &mut Tx<'_>, actor: &Actor, batch: &OfferBatchId) -> Result<Vec<BatchRow>> {
    let own = offer_batch::table
        .filter(offer_batch::id.eq(offer_row::batch_id))
        .filter(offer_batch::account_id.eq(actor.account()?));
    let rows: Vec<Written> = offer_row::table
        .filter(offer_row::batch_id.eq(batch))
        .filter(diesel::dsl::exists(own))
        .order((offer_row::place, offer_row::id))
        .select(WRITTEN)
        .load(tx.conn())?;
    Ok(rows.into_iter().map(batch_row).collect())
}

/// The first row of a batch that can be offered: for the job that invites.
pub fn next_row(tx: &mut Tx<'_>, batch: &OfferBatchId) -> Result<Option<BatchRow>> {
    let row: Option<Written> = offer_row::table
        .filter(offer_row::batch_id.eq(batch))
        .filter(offer_row::status.eq(RowStatus::Ready))
        .order((offer_row::place, offer_row::id))
        .select(WRITTEN)
        .first(tx.conn())
        .optional()?;
    Ok(row.map(batch_row))
}

/// The contracts under an agreement that have not ended, by the name of their partner and by the address that they were sent
/// to, in lower case: of these names and addresses.
#[derive(Debug, Default)]
pub struct Live {
    names: HashMap<String, (String, ContractStatus)>,
    addresses: HashMap<String, (String, ContractStatus)>,
}

impl Live {
    /// The contract that a row's partner has already.
    pub fn of(&self, row: &SheetRow) -> Option<&(String, ContractStatus)> {
        let name = self.names.get(&fold(row.partner.trim()));
        name.or_else(|| self.addresses.get(&fold(row.email.trim())))
    }
}

/// Which of these rows have a partner with a contract under the actor's agreement.
pub fn live_partners(tx: &mut Tx<'_>, actor: &Actor, agreement: &AgreementId, rows: &[&SheetRow]) -> Result<Live> {
    let folded = |text: &str| Some(fold(text.trim())).filter(|t| !t.is_empty());
    let names: Vec<String> = rows.iter().filter_map(|r| folded(&r.partner)).collect();
    let addresses: Vec<String> = rows.iter().filter_map(|r| folded(&r.email)).collect();
    let under = || contract::table.filter(contract::agreement_id.eq(agreement)).filter(contract::status.eq_any(LIVE));
    let issuer = actor.account()?;
    let by_name: Vec<(String, String, ContractStatus)> = under()
        .filter(contract::issuer_id.eq(issuer))
        .inner_join(account::table.on(account::id.eq(contract::owner_id)))
        .filter(account::name_folded.eq_any(names))
        .select((account::name_folded, contract::id, contract::status))
        .load(tx.conn())?;
    let by_address: Vec<(Option<String>, String, ContractStatus)> = under()
        .filter(contract::issuer_id.eq(issuer))
        .filter(lower(contract::activation_email).eq_any(addresses))
        .select((contract::activation_email, contract::id, contract::status))
        .load(tx.conn())?;
    Ok(Live {
        names: by_name.into_iter().map(|(name, id, status)| (name, (id, status))).collect(),
        addresses: by_address
            .into_iter()
            .filter_map(|(address, id, status)| Some((fold(&address?), (id, status))))
            .collect(),
    })
}

//! The API's offers by spreadsheet: lists of invitations, and their rows.

use std::io::Read;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::actions::{self, Incoming};
use super::super::model::{BatchState, ContractKind, MAX_SHEET, RowStatus};
use super::super::store::{Batch, BatchRow};
use super::super::workbooks;
use crate::db::{self, Tx};
use crate::flows::accounts::api::pictures::{settle, with_upload};
use crate::kit::{Actor, NamedRef, Problems, Refusal, Text, Time};
use crate::outside::files::Content;
use crate::rest::{Caller, Error};

/// The part with the sheet.
const FIELD: &str = "file";

/// How many rows of a list of invitations are in each status.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationCounts {
    /// All of them.
    pub total: i32,
    /// Those that can be offered.
    pub ready: i32,
    /// Those with something wrong in them.
    pub wrong: i32,
    /// Those whose partner has a contract already.
    pub already: i32,
    /// Those whose contract was offered.
    pub invited: i32,
    /// Those whose offer was refused.
    pub refused: i32,
    /// Those of the ones that could be offered when they were checked that have no message of their own.
    pub without_message: i32,
}

/// Partners that are invited by one spreadsheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// `INV-123-456-789`
    pub id: String,
    /// What the spreadsheet is called.
    pub name: String,
    /// Where it stands.
    pub status: BatchState,
    /// Program or service.
    #[serde(rename = "type")]
    pub kind: ContractKind,
    /// Under which agreement the partners are invited.
    pub agreement: NamedRef,
    /// The message for rows without one.
    pub message: String,
    /// How many rows are in each status.
    pub rows: InvitationCounts,
    /// Headings of the spreadsheet that mean nothing here.
    pub ignored_columns: Vec<NamedColumn>,
    /// Why it could not go on.
    pub problem: Option<String>,
    /// When it was uploaded.
    pub created: Time,
    /// Who uploaded it.
    pub created_by: Option<NamedRef>,
    /// When its rows were checked.
    pub checked: Option<Time>,
    /// When it was confirmed.
    pub started: Option<Time>,
    /// Who confirmed it.
    pub started_by: Option<NamedRef>,
    /// When it came to its end.
    pub ended: Option<Time>,
}

/// A column of a spreadsheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedColumn {
    /// Its heading.
    pub name: String,
}

impl From<Batch> for Invitation {
    fn from(b: Batch) -> Self {
        let c = b.counts;
        Self {
            id: b.id.into(),
            name: b.name,
            status: b.state,
            kind: b.kind,
            agreement: NamedRef { id: b.agreement.into(), name: b.agreement_title },
            message: b.message,
            rows: InvitationCounts {
                total: c.total,
                ready: c.ready,
                wrong: c.wrong,
                already: c.already,
                invited: c.invited,
                refused: c.refused,
                without_message: c.silent,
            },
            ignored_columns: b.ignored.0.into_iter().map(|name| NamedColumn { name }).collect(),
            problem: b.problem.map(|p| p.0.to_string()),
            created: b.created_at,
            created_by: b.made_by.map(|by| by.0),
            checked: b.checked_at,
            started: b.started_at,
            started_by: b.started_by.map(|by| NamedRef { id: by.0.id, name: by.0.name }),
            ended: b.ended_at,
        }
    }
}

/// A partner as a row of a spreadsheet names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitedPartner {
    /// Its name.
    pub name: String,
}

/// A contract, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationContract {
    /// `CRP-12345-12345-12345`
    pub id: String,
}

/// A row of a spreadsheet, with what is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationRow {
    /// `INV-123-456-789-00002`
    pub id: String,
    /// Its number in the spreadsheet, from 1.
    pub row: i32,
    /// What is known of it.
    pub status: RowStatus,
    /// The partner.
    pub partner: InvitedPartner,
    /// Where the invitation is sent.
    pub email: String,
    /// What the partner reads.
    pub message: String,
    /// A note for colleagues.
    pub note: String,
    /// Production or test, as it is written there; may be empty.
    pub kind: String,
    /// When the contract ends, as it is written there; may be empty.
    pub expire_at: String,
    /// The contract that was offered, or that there is already.
    pub contract: Option<InvitationContract>,
    /// What is wrong with it, or where the partner is already.
    pub problem: Option<String>,
}

impl From<BatchRow> for InvitationRow {
    fn from(row: BatchRow) -> Self {
        let words = row.words;
        Self {
            id: row.id,
            row: words.place,
            status: row.status,
            partner: InvitedPartner { name: words.partner },
            email: words.email,
            message: words.message,
            note: words.note,
            kind: words.purpose,
            expire_at: words.expire_at,
            contract: row.contract.map(|id| InvitationContract { id }),
            problem: row.problem.map(|text| text.to_string()),
        }
    }
}

/// What is said when the partners are invited.
#[derive(Debug, ToSchema)]
pub struct InvitationStart {
    /// The message for rows without one; at most 200 characters.
    pub message: Option<String>,
}

fn shown(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> db::Result<Invitation> {
    actions::batch(tx, actor, id).map(Invitation::from)
}

/// `POST /agreements/{agreement}/invitations`
pub async fn create_invitation(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let agreement = path.into_inner();
    // What cannot be invited under is refused before the bytes are read.
    if !caller.was_answered().await? {
        let asked = agreement.clone();
        caller.read(move |tx, actor| actions::may_invite_many(tx, actor, &asked)).await?;
    }
    let (caller, kept) = with_upload(caller, &req, payload, (FIELD, MAX_SHEET), actions::keep_sheet).await?;
    let Some((upload, incoming)): Option<(_, Incoming)> = kept else {
        let text =
            Text::new("There is no spreadsheet in the part file. Send an Excel workbook (.xlsx) or a CSV file in it.");
        return Err(Refusal::field(FIELD, text).into());
    };
    let answer = caller
        .act(201, move |tx, actor| {
            let id = actions::create_batch(tx, actor, &agreement, &incoming)?;
            shown(tx, actor, id.as_str())
        })
        .await;
    settle(&caller, Some(upload)).await;
    answer
}

/// `GET /invitations`
pub async fn invitations(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&actions::INVITATIONS, |tx, actor, ids, _| {
            Ok(actions::batches(tx, actor, ids)?.into_iter().map(Invitation::from).collect())
        })
        .await
}

/// `GET /invitations/{invitation}`
pub async fn invitation(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| shown(tx, actor, &path)).await
}

/// `GET /invitations/{invitation}/rows`
pub async fn invitation_rows(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let asked = id.clone();
    caller.read(move |tx, actor| actions::batch(tx, actor, &asked)).await?;
    caller
        .list_within(&actions::INVITATION_ROWS, vec![("invitation.id", id)], |tx, actor, ids, _| {
            Ok(actions::batch_rows(tx, actor, ids)?.into_iter().map(InvitationRow::from).collect())
        })
        .await
}

/// `POST /invitations/{invitation}/start`
pub async fn start_invitation(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let mut p = Problems::default();
    let message = caller.fields()?.text("message", &mut p).unwrap_or_default();
    p.done()?;
    caller
        .act(200, move |tx, actor| {
            actions::start_batch(tx, actor, &path, &message)?;
            shown(tx, actor, &path)
        })
        .await
}

/// `POST /invitations/{invitation}/cancel`
pub async fn cancel_invitation(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller
        .act(200, move |tx, actor| {
            actions::cancel_batch(tx, actor, &path)?;
            shown(tx, actor, &path)
        })
        .await
}

/// `GET /invitations/{invitation}/file`: a workbook with what is known of each row.
pub async fn invitation_file(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    let name = format!("{id}.xlsx");
    let (_, rows) = caller.read(move |tx, actor| actions::whole_batch(tx, actor, &id)).await?;
    let files = caller.services().files.clone();
    let bytes = web::block(move || -> Result<Vec<u8>, String> {
        let mut bytes = vec![];
        workbooks::results_file(&rows, &files)?.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        Ok(bytes)
    });
    let bytes = bytes.await?.map_err(|cause| db::Error::Outside(format!("the results of invitations: {cause}")))?;
    Ok(HttpResponse::Ok()
        .content_type(Content::Xlsx.serving().content_type)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}

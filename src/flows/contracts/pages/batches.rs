//! Inviting many: the lists of invitations there are, and the upload of a spreadsheet of partners.

use actix_web::http::StatusCode;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::super::actions;
use super::super::model::{BatchState, ContractKind, MAX_ROWS, MAX_SHEET};
use super::super::store::Batch;
use super::super::workbooks;
use super::kind_word;
use crate::flows::accounts::actions as accounts;
use crate::flows::accounts::pages::{posted_with_upload, settle};
use crate::kit::{AgreementId, Code, Refusal, Text};
use crate::outside::files::Content;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::{Cause, broken};
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{FormPage, Panel};
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, Linked, List};
use crate::web::parts::{Facts, Head, Notice};
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::{Narrow, Room};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// Where the lists of invitations are.
pub(super) const HOME: &str = "/contracts/invitations";
/// What the page that takes a spreadsheet in is called.
const INVITE: &str = "Invite many";
/// The part with the spreadsheet.
const FIELD: &str = "file";

/// Where a batch stands, in its shape.
pub(super) fn batch_status(state: BatchState) -> Status {
    match state {
        BatchState::Checking => Status::working("Being checked"),
        BatchState::Ready => Status::asking("Ready to invite"),
        BatchState::Inviting => Status::working("Inviting"),
        BatchState::Done => Status::good("Done"),
        BatchState::Cancelled => Status::ended("Cancelled"),
        BatchState::Failed => Status::bad("Failed"),
    }
}

/// A page within the lists of invitations.
pub(super) fn frame(ctx: &Ctx, title: impl Into<Text>) -> Page {
    ctx.page(title)
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::link("Invitations", ctx.url(HOME)))
}

type Line = Linked<Batch>;

fn numbers(key: &'static str, label: &'static str, of: fn(&Line) -> i32) -> Col<Line> {
    Col::count(key, label, of)
}

/// The lists of invitations, the newest first.
pub async fn invitations(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url(HOME);
    let base = here.clone();
    let invite = || Button::link(INVITE, ctx.url(&format!("{HOME}/new"))).primary().icon("plus");
    let list = List::new("Invitations", here, &actions::INVITATIONS, move |tx, actor, ids| {
        Ok(Linked::all(&base, actions::batches(tx, actor, ids)?, |batch: &Batch| batch.id.as_str()))
    })
    .column(
        Col::new(
            "name",
            "Spreadsheet",
            |l: &Line| Cell::link(&l.row.name, &l.href).strong().sub(Cell::id(&l.row.id)),
            |l| l.row.name.clone(),
        )
        .at(Narrow::Left1)
        .grows(),
    )
    .column(Col::exported("id", "Id", |l: &Line| l.row.id.to_string()))
    .column(
        Col::new("status", "Status", |l: &Line| Cell::status(batch_status(l.row.state)), |l| l.row.state.to_string())
            .at(Narrow::Right1)
            .sorted("status"),
    )
    .column(
        Col::new(
            "agreement",
            "Agreement",
            |l: &Line| Cell::data(&l.row.agreement_title),
            |l| l.row.agreement_title.clone(),
        )
        .at(Narrow::Left2),
    )
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(kind_word(l.row.kind)), |l| l.row.kind.to_string())
            .needs(Room::Wide),
    )
    .column(numbers("rows", "Rows", |l| l.row.counts.total).at(Narrow::Right2))
    .column(numbers("invited", "Invited", |l| l.row.counts.invited).at(Narrow::Left3))
    .column(numbers("wrong", "Wrong", |l| l.row.counts.wrong + l.row.counts.refused))
    .column(Col::moment("created", "Uploaded", |l: &Line| Some(l.row.created_at)).at(Narrow::Right3).sorted("created"))
    .filter(
        "status",
        "Status",
        &[
            ("checking", "Being checked"),
            ("ready", "Ready to invite"),
            ("inviting", "Inviting"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
    )
    .filter_text("name", "Spreadsheet")
    .filter_exact("agreement.id", "Agreement")
    .filter_days("created", "Uploaded")
    .search("Id, spreadsheet, agreement")
    .empty(
        State::nothing_yet(
            "file-spreadsheet",
            "No invitations yet",
            "A spreadsheet invites many partners at once: one row for each.",
        )
        .action(invite()),
    );
    let page = ctx
        .page("Invitations")
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::here("Invitations"));
    let head = Head::new("Invitations").lede("Partners who are invited by spreadsheet.").action(invite());
    ctx.list_page(list, page, head, None).await
}

type Open = Vec<(ContractKind, AgreementId, String)>;

fn form(ctx: &Ctx, open: &Open, chosen: &str) -> Form {
    let mut choices = vec![Choice::new("", "Choose an agreement")];
    choices.extend(open.iter().map(|(_, id, title)| {
        Choice::new(id.as_str(), Text::data(format!("{title} ({id})"))).selected(id.as_str() == chosen)
    }));
    let hint = Text::new("An Excel workbook (.xlsx) or a CSV file of at most {size} and {rows:number} rows.")
        .arg("size", ctx.reader().size(MAX_SHEET))
        .arg("rows", MAX_ROWS);
    ctx.form(ctx.url(&format!("{HOME}/new")), "Upload and check")
        .field(
            Field::select("agreement", "Agreement", choices)
                .hint("The partners sign its active version: vendors a program, resellers a service agreement."),
        )
        .field(Field::file(FIELD, "Spreadsheet", ".xlsx,.csv", MAX_SHEET).hint(hint))
        .cancel(ctx.url(HOME))
}

async fn new_page(
    ctx: &Ctx,
    status: StatusCode,
    chosen: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let open: Open = ctx
        .read(|tx, actor| {
            let mut open = vec![];
            let service = accounts::grants(tx, actor)?.service_create;
            for kind in [ContractKind::Program, ContractKind::Service] {
                if kind == ContractKind::Program || service {
                    let found = actions::open_agreements(tx, actor, kind)?;
                    open.extend(found.into_iter().map(|(id, title)| (kind, id, title)));
                }
            }
            Ok(open)
        })
        .await?;
    let mut form = form(ctx, &open, chosen);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(frame(ctx, INVITE).crumb(Crumb::here(INVITE)), form);
    shown.head = Head::new(INVITE).lede(
        "Every row is checked first and nothing is sent. Then you see what is ready and what is wrong, and confirm.",
    );
    if open.is_empty() {
        let create = Button::link("See agreements", ctx.url("/agreements"));
        let text =
            "You have no program or service agreement with an active version yet. Partners are invited under one.";
        shown.notices.push(Notice::new(text).action(create));
    }
    let template = Button::link("Download the template", ctx.url(&format!("{HOME}/template"))).icon("file-spreadsheet");
    shown.notices.push(
        Notice::new("One row is one partner. The template has all columns; their order does not matter.")
            .action(template),
    );
    let facts = Facts::new()
        .fact("Partner", Cell::text("The company's name, at most 64 characters").wrap())
        .fact("E-mail", Cell::text("Where the invitation is sent; may be empty").wrap())
        .fact("Message", Cell::text("At most 200 characters; may be empty, one message can be given for all").wrap())
        .fact("Internal note", Cell::text("At most 100 characters; may be empty").wrap())
        .fact("Kind", Cell::text("production or test; empty is production").wrap())
        .fact("Ends on", Cell::text("A day, like 2027-01-31; may be empty").wrap());
    ctx.render_as(status, &shown.beside(Panel::about("The columns", facts)))
}

/// The form that takes a spreadsheet in.
pub async fn new_invitation(ctx: Ctx) -> Result<HttpResponse, Error> {
    let chosen = Posted::of_query(ctx.query()).get("agreement").to_owned();
    new_page(&ctx, StatusCode::OK, &chosen, None).await
}

/// Takes a spreadsheet in.
pub async fn do_new_invitation(req: HttpRequest, ctx: Ctx, payload: Payload) -> Result<HttpResponse, Error> {
    let read = posted_with_upload(&ctx, &req, payload, (FIELD, MAX_SHEET), actions::keep_sheet).await;
    let (posted, kept) = match read {
        Ok(read) => read,
        // Too large, or broken off: what was typed is lost, the reason is not.
        Err(Error { cause: Cause::Refused(refusal) }) => {
            let wrong = Ctx::wrong(FIELD, refusal.first());
            let nothing = Posted::default();
            return new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, "", Some((wrong, &nothing))).await;
        }
        Err(other) => return Err(other),
    };
    let agreement = posted.get("agreement").to_owned();
    let (upload, incoming) = match kept {
        Ok(kept) => kept.unzip(),
        Err(refusal) => {
            return new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &agreement, Some((refusal.into(), &posted))).await;
        }
    };
    let base = ctx.url(HOME);
    let asked = agreement.clone();
    let done = match (incoming, agreement.is_empty()) {
        (_, true) => Err(Ctx::wrong("agreement", Text::new("Choose the agreement that the partners are to sign."))),
        (None, _) => Err(Ctx::wrong(FIELD, Text::new("Choose the spreadsheet with the partners."))),
        (Some(incoming), false) => {
            ctx.act(&posted, move |tx, actor| {
                let id = actions::create_batch(tx, actor, &asked, &incoming)?;
                Ok(Answer::go(format!("{base}/{id}")))
            })
            .await
        }
    };
    settle(&ctx, upload).await;
    match done {
        Ok(response) => Ok(response),
        // An agreement that is not there, or not theirs: the form asks for another one.
        Err(Error { cause: Cause::Refused(Refusal { code: Code::NotFound | Code::Forbidden, problems, .. }) })
            if super::may_issue(&ctx) =>
        {
            let text = problems.into_iter().next().map(|p| p.text).unwrap_or_default();
            let wrong = Ctx::wrong("agreement", text);
            new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &agreement, Some((wrong, &posted))).await
        }
        Err(error) => new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &agreement, Some((error, &posted))).await,
    }
}

/// The template of a spreadsheet.
pub async fn invitation_template(ctx: Ctx) -> Result<HttpResponse, Error> {
    let files = ctx.services().files.clone();
    let file = web::block(move || workbooks::template_file(&files)).await?.map_err(|e| broken(&e))?;
    crate::web::list::download(file, "partners.xlsx", Content::Xlsx.serving().content_type)
}

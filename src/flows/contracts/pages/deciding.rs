//! Deciding on the contracts that were picked in their list: what will happen to each, and what came of each.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::actions::{self, Picked};
use super::super::model::{Consent, Contract, Decision};
use super::{may, status};
use crate::kit::{Level, Refusal, Role, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::Field;
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::{Crumb, Page};
use crate::web::part::Part;
use crate::web::parts::{Facts, Head};
use crate::web::status::Status;
use crate::web::table::{Boxed, BulkAction, Column, Narrow, Row, Table, ToolForm};
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

/// The check boxes of a list.
const PICK: &str = "pick";

/// Lets the rows of the list of contracts be picked, for whoever may decide on them.
pub(super) fn offer_decisions(ctx: &Ctx, table: &mut Table) {
    let distributor = ctx.actor().seat().is_some_and(|s| s.role == Role::Distributor);
    if !distributor || !may(ctx, Level::Act) || table.rows.is_empty() {
        return;
    }
    let offered =
        [(Decision::Approve, "circle-check"), (Decision::Reject, "circle-x"), (Decision::Terminate, "circle-minus")];
    let may_decide = |(decision, _): &(Decision, &'static str)| may(ctx, decision.level());
    let action = |(decision, icon): (Decision, &'static str)| BulkAction::new(decision.as_str(), word(decision), icon);
    table.bulk = offered.into_iter().filter(may_decide).map(action).collect();
    table.form = ToolForm::new(ctx.url("/contracts/decide"));
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "Approve",
        Decision::Reject => "Reject",
        Decision::Terminate => "Terminate",
    }
}

fn label(decision: Decision, count: usize) -> Text {
    let text = match decision {
        _ if count == 0 => return Text::new(word(decision)),
        Decision::Approve => Text::new("Approve {count|one contract|{count} contracts}"),
        Decision::Reject => Text::new("Reject {count|one contract|{count} contracts}"),
        Decision::Terminate => Text::new("Terminate {count|one contract|{count} contracts}"),
    };
    text.arg("count", count)
}

/// What will happen to a contract.
fn consequence(decision: Decision, contract: &Contract) -> Text {
    use super::super::model::ContractKind::Program;
    match decision {
        Decision::Approve => Text::new("Comes into force. The partner can list products."),
        Decision::Reject => Text::new("Is rejected. The partner is told, and may enrol again."),
        Decision::Terminate if contract.kind == Program => {
            Text::new("Ends for good, and with it every distribution contract of the partner under this program.")
        }
        Decision::Terminate => Text::new("Ends for good."),
    }
}

fn page(ctx: &Ctx, title: Text) -> Page {
    ctx.page(title.clone()).crumb(Crumb::link("Contracts", ctx.url("/contracts"))).crumb(Crumb::here(title))
}

/// A table with one line for each contract, and a word about each.
fn lines(ctx: &Ctx, title: &'static str, lines: Vec<(&Picked, Cell)>) -> Boxed {
    let columns = vec![
        Column::new("id", "Contract").at(Narrow::Left1),
        Column::new("partner", "Partner").at(Narrow::Left2),
        Column::new("agreement", "Agreement").at(Narrow::Hidden),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::new("what", title).at(Narrow::Left3).grows(),
    ];
    let row = |(picked, what): (&Picked, Cell)| {
        let contract = picked.contract.as_ref();
        let href = ctx.url(&format!("/contracts/{}", picked.id));
        Row::new(
            &picked.id,
            vec![
                if contract.is_some() { Cell::id(&picked.id).to(href) } else { Cell::id(&picked.id) },
                Cell::maybe(contract, |c| Cell::data(&c.partner().name).strong()),
                Cell::maybe(contract, |c| Cell::data(&c.agreement.title)),
                Cell::maybe(contract, |c| Cell::status(status(c.status))),
                what.wrap(),
            ],
        )
    };
    Boxed::new(title, columns, lines.into_iter().map(row).collect()).cards()
}

fn ask(
    ctx: &Ctx,
    code: StatusCode,
    decision: Decision,
    picked: &[Picked],
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let will: Vec<&Picked> = picked.iter().filter(|p| p.left_out.is_none()).collect();
    let title = label(decision, will.len());
    let mut form = ctx
        .form(ctx.url("/contracts/decide"), title.clone())
        .hidden("confirmed", "yes")
        .hidden("action", decision.as_str());
    for one in &will {
        form = form.hidden(PICK, &one.id);
    }
    if decision.has_reason() && !will.is_empty() {
        form =
            form.field(Field::text("note", "Reason").hint("The partners read it. At most 100 characters.").optional());
    }
    if will.is_empty() {
        form = form.not_now("There is no contract among those you picked for which this can be done.");
    }
    form = form.cancel(ctx.url("/contracts"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(page(ctx, title.clone()), form);
    shown.head = Head::new(title);
    let happens: Vec<(&Picked, Cell)> = picked
        .iter()
        .filter(|p| p.left_out.is_none())
        .filter_map(|p| Some((p, Cell::text(consequence(decision, p.contract.as_ref()?)))))
        .collect();
    let out: Vec<(&Picked, Cell)> =
        picked.iter().filter_map(|p| Some((p, Cell::text(tell(p.left_out.as_ref()?))))).collect();
    if !happens.is_empty() {
        shown.parts.push(Part::new(lines(ctx, "What happens", happens)));
    }
    if !out.is_empty() {
        shown.parts.push(Part::new(lines(ctx, "Left out", out)));
    }
    ctx.render_as(code, &shown)
}

fn done_word(decision: Decision) -> Status {
    match decision {
        Decision::Approve => Status::good("Approved"),
        Decision::Reject => Status::bad("Rejected"),
        Decision::Terminate => Status::ended("Terminated"),
    }
}

/// What came of each.
fn results(ctx: &Ctx, decision: Decision, all: &[(Picked, Option<Refusal>)]) -> Result<HttpResponse, Error> {
    let undone = |(one, refusal): &&(Picked, Option<Refusal>)| {
        refusal.is_some() || one.contract.as_ref().is_some_and(|c| c.status != decision.outcome())
    };
    let failed = all.iter().filter(undone).count();
    let done = all.len() - failed;
    let title = match decision {
        Decision::Approve => Text::new("{count|One contract|{count} contracts} approved"),
        Decision::Reject => Text::new("{count|One contract|{count} contracts} rejected"),
        Decision::Terminate => Text::new("{count|One contract|{count} contracts} terminated"),
    };
    let title = title.arg("count", done);
    let waits = |one: &Picked| one.contract.as_ref().is_some_and(|c| c.status != decision.outcome());
    let told = |(one, refusal): &(Picked, Option<Refusal>)| match refusal {
        None if waits(one) => Cell::text("Noted. Somebody else of your company has to confirm it."),
        None => Cell::status(done_word(decision)),
        Some(refusal) => Cell::text(tell(refusal)),
    };
    let rows = all.iter().map(|one| (&one.0, told(one))).collect();
    let facts = Facts::new().fact("Done", Cell::number(done as u64)).fact("Not done", Cell::number(failed as u64));
    ctx.render(&ObjectPage {
        page: page(ctx, title.clone()),
        head: Head::new(title).action(Button::link("Back to the contracts", ctx.url("/contracts")).primary()),
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![Section::new("Results").part(lines(ctx, "Result", rows))],
        about: Text::new("In short"),
        facts,
        dialogs: vec![],
    })
}

/// Shows what a decision does to the contracts that were picked; once that is confirmed, decides on each by itself.
pub async fn decide(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let back = |text: Text| ctx.go(Answer::go(ctx.url("/contracts")).flash(text));
    let Some(decision) = Decision::parse(posted.get("action")) else {
        return back(Text::new("Pick contracts in the list, and choose what to do with them."));
    };
    let ids = posted.all(PICK).to_vec();
    let read = ctx.read(move |tx, actor| actions::picked(tx, actor, &ids, decision)).await;
    let picked = match read {
        Ok(picked) => picked,
        Err(Error { cause: Cause::Refused(refusal) }) if refusal.problems.iter().any(|p| p.field == PICK) => {
            return back(refusal.first());
        }
        Err(other) => return Err(other),
    };
    if !posted.checked("confirmed") {
        return ask(&ctx, StatusCode::OK, decision, &picked, None);
    }
    let note = posted.get("note").to_owned();
    if let Err(refusal) = actions::check_reason(&note) {
        let named = Ctx::wrong("note", refusal.first());
        return ask(&ctx, StatusCode::UNPROCESSABLE_ENTITY, decision, &picked, Some((named, &posted)));
    }
    let mut all = vec![];
    let consent = Consent::approved(ctx.confirmed().map(|c| c.proof));
    for one in picked {
        let consent = consent.clone();
        // Each has a key of its own, so that a form that is sent twice gets the first answers.
        let (mine, id, note) = (posted.part(&one.id), one.id.clone(), note.clone());
        let done = ctx
            .answer(&mine, move |tx, actor| {
                actions::decide(tx, actor, &id, (decision, &note), &consent)?;
                Ok(Answer::empty())
            })
            .await;
        match done {
            Ok(_) => all.push((one, None)),
            Err(Error { cause: Cause::Refused(refusal) }) => all.push((one, Some(refusal))),
            Err(other) => return Err(other),
        }
    }
    // As they stand now.
    let ids: Vec<String> = all.iter().map(|(one, _)| one.id.clone()).collect();
    let now = ctx.read(move |tx, actor| actions::picked(tx, actor, &ids, decision)).await?;
    let all: Vec<(Picked, Option<Refusal>)> = now.into_iter().zip(all).map(|(now, (_, why))| (now, why)).collect();
    results(&ctx, decision, &all)
}

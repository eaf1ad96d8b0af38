//! The list of contracts.

use actix_web::HttpResponse;

use super::super::actions;
use super::super::model::{By, Contract, ContractStatus, turn};
use super::{KINDS, STATUSES, kind_word, may_issue, purpose_word, status};
use crate::kit::{Role, Text, Time};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::Panel;
use crate::web::layout::Crumb;
use crate::web::list::{Col, List, ListPage, Shown};
use crate::web::parts::{Facts, Head, Turn};
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Ctx, Error};

/// A contract with the addresses in its row.
pub struct Line {
    contract: Contract,
    href: String,
    agreement: String,
}

impl Line {
    /// What the partner is told or the colleagues noted.
    fn note(&self) -> &str {
        self.contract.private.as_ref().map_or("", |p| p.note.as_str())
    }

    fn version(&self) -> Cell {
        let cell = Cell::maybe(self.contract.version, Cell::number);
        match (self.contract.is_latest(), self.contract.agreement.active_version) {
            (false, Some(newer)) => cell.sub(Text::new("version {newer} is out").arg("newer", newer)),
            _ => cell,
        }
    }
}

/// The contracts of the company.
pub async fn contracts(ctx: Ctx) -> Result<HttpResponse, Error> {
    let create = || Button::link("Create contract", ctx.url("/contracts/new")).primary().icon("plus");
    let mut head = Head::new("Contracts");
    let mut empty = State::nothing_yet(
        "file-text",
        "No contracts yet",
        "Contracts appear here when you accept an invitation or enrol in a distribution agreement.",
    );
    if may_issue(&ctx) {
        let invite = Button::link("Invite many", ctx.url(&format!("{}/new", super::batches::HOME)));
        head = head.action(create()).action(invite.icon("file-spreadsheet"));
        head = head.more(Button::link("Invitations by spreadsheet", ctx.url(super::batches::HOME)));
        empty = State::nothing_yet(
            "file-text",
            "No contracts yet",
            "A contract invites a vendor or reseller. It needs an agreement with an active version.",
        )
        .action(create())
        .action(Button::link("See agreements", ctx.url("/agreements")));
    }
    let list = contract_list(&ctx, ctx.url("/contracts")).empty(empty);
    let page = ctx.page("Contracts").crumb(Crumb::here("Contracts"));
    match ctx.list(list).await? {
        Shown::Table(mut table) => {
            super::deciding::offer_decisions(&ctx, &mut table);
            ctx.render(&ListPage { page, head, tabs: None, table })
        }
        Shown::Answer(answer) => Ok(answer),
    }
}

/// A list of contracts at `path`: the one of all, or one within something.
pub fn contract_list(ctx: &Ctx, path: String) -> List<Line> {
    let (base, agreements) = (ctx.url("/contracts"), ctx.url("/agreements"));
    List::new("Contracts", path, &actions::CONTRACTS, move |tx, actor, ids| {
        let line = |contract: Contract| Line {
            href: format!("{base}/{}", contract.id),
            agreement: format!("{agreements}/{}", contract.agreement.id),
            contract,
        };
        Ok(actions::contracts(tx, actor, ids)?.into_iter().map(line).collect())
    })
    .column(
        Col::new("id", "Contract", |l: &Line| Cell::id(&l.contract.id).to(&l.href), |l| l.contract.id.to_string())
            .at(Narrow::Left1)
            .sorted("id"),
    )
    .column(
        Col::new(
            "partner",
            "Partner",
            |l: &Line| Cell::data(&l.contract.partner().name).strong(),
            |l| l.contract.partner().name.clone(),
        )
        .at(Narrow::Left2)
        .grows(),
    )
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(kind_word(l.contract.kind)), |l| l.contract.kind.to_string())
            .at(Narrow::Right2)
            .sorted("type"),
    )
    .column(
        Col::new(
            "agreement",
            "Agreement",
            |l: &Line| Cell::link(&l.contract.agreement.title, &l.agreement),
            |l| l.contract.agreement.title.clone(),
        )
        .at(Narrow::Left3)
        .sorted("agreement.name"),
    )
    .column(
        Col::new(
            "marketplace",
            "Marketplace",
            |l: &Line| Cell::maybe(l.contract.marketplace.as_ref(), |m| Cell::data(&m.name)),
            |l| l.contract.marketplace.as_ref().map(|m| m.name.clone()).unwrap_or_default(),
        )
        .needs(Room::Wide),
    )
    .column(Col::number("version", "Version", Line::version, |l| {
        l.contract.version.map(|v| v.to_string()).unwrap_or_default()
    }))
    .column(
        Col::new(
            "kind",
            "Kind",
            |l: &Line| Cell::text(purpose_word(l.contract.purpose)),
            |l| l.contract.purpose.to_string(),
        )
        .needs(Room::Widest),
    )
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(status(l.contract.status)),
            |l| l.contract.status.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("status"),
    )
    .column(
        Col::new("note", "Note", |l: &Line| Cell::data(l.note()).muted(), |l| l.note().to_owned()).needs(Room::Widest),
    )
    .column(
        Col::moment("created", "Created", |l: &Line| l.contract.events.at("created"))
            .at(Narrow::Right3)
            .sorted("created"),
    )
    .filter("status", "Status", STATUSES)
    .filter("type", "Type", KINDS)
    .filter("kind", "Kind", &[("production", "Production"), ("test", "Test")])
    .filter("newer", "Newer version", &[("true", "Waits to be accepted"), ("false", "None")])
    .filter_text("owner.name", "Partner")
    .filter_text("issuer.name", "Issued by")
    .filter_text("agreement.name", "Agreement")
    .filter_text("marketplace.name", "Marketplace")
    .filter_days("created", "Created")
    .search("Id, partner, agreement, marketplace")
}

/// The words for who a company is to a contract.
pub(super) fn party_word(by: By) -> &'static str {
    match by {
        By::Issuer => "You issued it",
        By::Owner => "You are the partner",
        By::System => "System",
    }
}

/// Who has to act next on a contract, and since when; nothing if nobody has to.
pub(super) fn whose_turn(ctx: &Ctx, contract: &Contract) -> Option<Turn> {
    let side = turn(contract.kind, contract.status)?;
    let since = contract.enrolled_at.or(contract.events.at("created")).unwrap_or(Time(0));
    let mine = if contract.reader == By::Issuer { Role::Distributor.side() } else { contract.kind.partner_side() };
    Some(if side == mine && ctx.actor().seat().is_some() {
        Turn::yours(since)
    } else {
        let words = if contract.status == ContractStatus::Enrolling {
            Text::new("{name} has to fill the form")
        } else {
            Text::new("{name} has to decide")
        };
        Turn::of(words.arg("name", &contract.partner().name), since)
    })
}

/// What stands beside a form about a contract.
pub(super) fn beside(contract: &Contract) -> Panel {
    let facts = Facts::new()
        .fact("Contract", Cell::data(&contract.name).sub(Cell::id(&contract.id)))
        .fact("Type", Cell::text(kind_word(contract.kind)))
        .fact("Version", Cell::maybe(contract.version, Cell::number))
        .fact("Message", Cell::data(&contract.message).wrap());
    Panel::about("The contract", facts)
}

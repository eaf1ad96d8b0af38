//! What stands beside the forms of requests and subscriptions: what they are about, and what the customer will read.

use super::super::actions::{self, AssetShown, RequestShown, RequestView};
use super::super::model::{self, Line, May, Param, RequestKind, Tiers};
use super::super::store::Refs;
use super::order::line_cell;
use super::parameters::edits;
use super::request_deed::Deed;
use super::request_forms::chosen_text;
use super::request_verbs::filled_on_approval;
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::frames::Panel;
use crate::web::parts::Facts;
use crate::web::{Ctx, Posted};

/// The id of the panel with what the customer will read.
pub(super) const PREVIEW: &str = "preview";

/// What a request asks for: who it is for, of what product, which items.
pub(super) fn request(view: &RequestView) -> Panel {
    let (snapshot, changed) = (&view.snapshot.0, view.snapshot.0.items.iter().any(Line::is_changed));
    let told = snapshot.items.iter().filter(|line| if changed { line.is_changed() } else { !line.is_nothing() });
    about("The request", &snapshot.tiers, &view.refs, told.map(|line| told_line(line, changed)).collect())
}

/// What a subscription has: for whom, of what product, which items.
pub(super) fn subscription(shown: &AssetShown) -> Panel {
    let view = &shown.view;
    let items = view.doc.0.items.iter().filter(|line| !line.is_nothing()).map(line_cell);
    about("The subscription", &shown.tiers, &view.refs, items.collect())
}

fn about(title: &'static str, tiers: &Tiers, refs: &Refs, items: Vec<Cell>) -> Panel {
    let product = Cell::data(&refs.product().name)
        .sub(Cell::data(&refs.marketplace().name))
        .sub(Cell::text(refs.environment.title()));
    let customer = &tiers.customer;
    let mut facts = Facts::new().fact("Product", product).fact("Customer", Cell::data(&customer.name));
    if let Some(reseller) = &tiers.tier1 {
        facts = facts.fact("Reseller", Cell::data(&reseller.name));
    }
    Panel::about(title, facts.facts("Items", items))
}

fn told_line(line: &Line, changed: bool) -> Cell {
    let cell = line_cell(line);
    let is_new = line.old == crate::kit::Quantity::ZERO;
    if changed && !is_new { cell.sub(Cell::text(Text::new("now {quantity}").arg("quantity", line.old))) } else { cell }
}

/// What the customer will read if the form is sent as it stands now; none if the deed writes to nobody.
pub(super) fn preview(ctx: &Ctx, shown: &RequestShown, deed: Deed, typed: Option<&Posted>) -> Option<Panel> {
    let view = &shown.view;
    let title = match deed {
        Deed::Approve if !writes_on_approval(view) => return None,
        Deed::Approve => "What the customer will read",
        Deed::Inquire => "What the customer will be asked",
        _ => return None,
    };
    let body = chosen_text(shown, deed, typed)?;
    let params = typed.map_or_else(|| view.snapshot.0.params.clone(), |typed| with_typed(view, typed));
    Some(Panel::words(PREVIEW, title, &actions::text_with(&body, &params, &ctx.site().link("/orders/form"))))
}

/// Whether the customer gets a text when the request is approved.
pub(super) fn writes_on_approval(view: &RequestView) -> bool {
    !matches!(view.kind, RequestKind::Suspend | RequestKind::Resume | RequestKind::Cancel)
}

/// The parameters with what is right of what was typed for the approval.
fn with_typed(view: &RequestView, typed: &Posted) -> Vec<Param> {
    let mut params = view.snapshot.0.params.clone();
    for edit in edits(&view.snapshot.0.params, |p| filled_on_approval(view, p), typed) {
        // What is wrong is told when the form is sent.
        let _ = model::apply_edits(&mut params, std::slice::from_ref(&edit), |_| May::Write);
    }
    params
}

//! The parameters of a product: the tab.

use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Parameter, Phase};
use super::{frame, head, here, may_edit, tabs};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::list::{Col, List};
use crate::web::parts::Tab;
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Ctx, Error};

struct Line {
    parameter: Parameter,
    href: Option<String>,
}

impl Line {
    fn marks(&self) -> Vec<&'static str> {
        let c = &self.parameter.constraints;
        let all = [
            (c.required, "Required"),
            (c.hidden, "Hidden"),
            (c.unique, "Unique"),
            (c.reconciliation == Some(true), "Reconciliation id"),
            (c.dependency.is_some(), "Depends on another"),
        ];
        all.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect()
    }

    fn marks_cell(&self) -> Cell {
        let mut marks = self.marks().into_iter();
        match marks.next() {
            None => Cell::nothing(),
            Some(first) => marks.fold(Cell::text(first), |cell, word| cell.sub(Cell::text(word))),
        }
    }
}

/// The parameters of a product.
pub async fn parameters(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let product = ctx.read(move |tx, actor| actions::product(tx, actor, &asked)).await?;
    let base = format!("{}/parameters", here(&ctx, &product));
    let edit = may_edit(&ctx, &product);
    let mut top = head(&product);
    let mut empty = State::nothing_yet(
        "list",
        "No parameters yet",
        "A parameter is what a product asks of those who order it, or what the vendor adds when the order is done.",
    );
    if edit {
        for (phase, label) in [
            (Phase::Ordering, "Create ordering parameter"),
            (Phase::Fulfillment, "Create fulfillment parameter"),
            (Phase::Configuration, "Create configuration parameter"),
        ] {
            let button = Button::link(label, format!("{base}/new?phase={phase}"));
            top = top.action(if phase == Phase::Ordering {
                button.clone().primary().icon("plus")
            } else {
                button.clone()
            });
            empty = empty.action(button);
        }
    }
    let (line_base, view) = (base.clone(), product.view());
    let mut phases = vec![Tab::new("All", base.clone()).current(ctx.query().is_empty())];
    for phase in Phase::ALL.iter().filter(|p| product.own || **p != Phase::Configuration) {
        let query = format!("eq(phase,{phase})");
        phases.push(Tab::new(phase.title(), format!("{base}?{query}")).current(ctx.query() == query));
    }
    let list = List::new("Parameters", base.clone(), &actions::PARAMETERS, move |tx, _, ids| {
        let found = actions::parameters_of(tx, &view, ids)?;
        let line =
            |parameter: Parameter| Line { href: edit.then(|| format!("{line_base}/{}", parameter.id)), parameter };
        Ok(found.into_iter().map(line).collect())
    })
    .within("product.id", &id)
    .views(phases)
    .column(
        Col::new(
            "title",
            "Parameter",
            |l: &Line| {
                let cell = Cell::data(&l.parameter.title).strong();
                match &l.href {
                    Some(href) => cell.to(href),
                    None => cell,
                }
            },
            |l| l.parameter.title.clone(),
        )
        .at(Narrow::Left1)
        .grows()
        .sorted("title"),
    )
    .column(
        Col::new("name", "Id", |l: &Line| Cell::copy(&l.parameter.name), |l| l.parameter.name.clone())
            .at(Narrow::Left2)
            .sorted("name"),
    )
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(l.parameter.kind.title()), |l| l.parameter.kind.to_string())
            .at(Narrow::Right1),
    )
    .column(Col::new(
        "phase",
        "Phase",
        |l: &Line| Cell::text(l.parameter.phase.title()),
        |l| l.parameter.phase.to_string(),
    ))
    .column(Col::new(
        "scope",
        "Scope",
        |l: &Line| Cell::text(l.parameter.scope.title()),
        |l| l.parameter.scope.to_string(),
    ))
    .column(Col::new("marks", "Rules", Line::marks_cell, |l| l.marks().join(", ")).at(Narrow::Right2))
    .filter(
        "phase",
        "Phase",
        &[("ordering", "Ordering"), ("fulfillment", "Fulfillment"), ("configuration", "Configuration")],
    )
    .filter(
        "scope",
        "Scope",
        &[("asset", "Subscription"), ("tier1", "Tier 1"), ("tier2", "Tier 2"), ("product", "Product")],
    )
    .filter("constraints.required", "Required", &[("true", "Required"), ("false", "Optional")])
    .search("Id, title")
    .empty(empty);
    let page = frame(&ctx, &product, Some("Parameters"));
    ctx.list_page(list, page, top, Some(tabs(&ctx, &product, "/parameters"))).await
}

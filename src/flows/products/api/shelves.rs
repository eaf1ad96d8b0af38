//! Categories and units.

use actix_web::{HttpResponse, web};

use super::wire;
use crate::flows::products::actions::{self, CATEGORIES, UNITS};
use crate::flows::products::model::ItemKind;
use crate::kit::{Problems, Refusal, Text};
use crate::rest::{Caller, Error};

/// All categories.
pub async fn categories(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&CATEGORIES, |tx, actor, ids, _| {
            let all = actions::categories(tx, actor)?;
            let found = ids.iter().filter_map(|id| all.iter().find(|c| c.id == **id));
            Ok(found.map(|c| wire::Category::of(c, &all)).collect())
        })
        .await
}

/// One category.
pub async fn category(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller
        .one(move |tx, actor| {
            let all = actions::categories(tx, actor)?;
            let found =
                all.iter().find(|c| c.id == **path).ok_or_else(|| Refusal::not_found("category", path.as_str()))?;
            Ok(wire::Category::of(found, &all))
        })
        .await
}

/// The units that the caller may use.
pub async fn units(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&UNITS, |tx, actor, ids, _| {
            let name = actor.company()?.name.clone();
            let mut found = actions::units(tx, actor)?;
            found.retain(|u| ids.contains(&u.id));
            found.sort_by_key(|u| ids.iter().position(|id| *id == u.id));
            Ok(found.into_iter().map(|u| wire::UnitOfMeasure::of(u, &name)).collect())
        })
        .await
}

/// Makes a unit.
pub async fn create_unit(caller: Caller) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut problems = Problems::default();
    let description = fields.required("description", 255, &mut problems);
    let word = fields.required("type", 16, &mut problems);
    let kind = ItemKind::parse(&word);
    if kind.is_none() && !word.is_empty() {
        problems.add("type", Text::new("{word} is neither reservation nor ppu.").arg("word", &word));
    }
    let code = fields.text("unit", &mut problems);
    problems.done()?;
    let kind = kind.unwrap_or(ItemKind::Reservation);
    let usual = if kind == ItemKind::Ppu { "unit-h" } else { "unit" };
    let code = code.filter(|c| !c.trim().is_empty()).unwrap_or_else(|| usual.to_owned());
    caller
        .act(201, move |tx, actor| {
            let unit = actions::create_unit(tx, actor, &description, &code, kind)?;
            Ok(wire::UnitOfMeasure::of(unit, &actor.company()?.name))
        })
        .await
}

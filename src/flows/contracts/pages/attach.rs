//! Which forms a distribution agreement has.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Agreement, ContractKind, FormKind, FormRef, FormsChange};
use super::agreement::beside;
use super::form_word;
use crate::kit::{Refusal, Text};
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field};
use crate::web::frames::{FormPage, Section};
use crate::web::layout::Crumb;
use crate::web::parts::Facts;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The forms of a distribution agreement on its page; `own` if the reader may choose others.
pub(super) fn section(ctx: &Ctx, agreement: &Agreement, here: &str, own: bool) -> Option<Section> {
    if agreement.kind != ContractKind::Distribution || (!own && agreement.forms.all().next().is_none()) {
        return None;
    }
    let mut section = Section::new("Attached forms").note("what vendors fill");
    if own {
        section = section.link("Edit", format!("{here}/forms"));
    }
    if agreement.forms.all().next().is_none() {
        return Some(section.words("None. Vendors enrol without answering anything."));
    }
    let facts = agreement.forms.all().fold(Facts::new(), |facts, form| {
        let cell = Cell::link(&form.name, ctx.url(&format!("/forms/{}", form.id)));
        let version = Text::new("version {version}").arg("version", form.version);
        facts.fact(form_word(form.kind), cell.sub(Cell::text(version)))
    });
    Some(section.part(facts.in_rows()))
}

fn field(kind: FormKind, forms: &[FormRef], agreement: &Agreement) -> Field {
    let now = agreement.forms.get(kind).map(|f| &f.id);
    let mut choices = vec![Choice::new("", "None").selected(now.is_none())];
    choices.extend(forms.iter().filter(|f| f.kind == kind).map(|f| {
        Choice::new(f.id.as_str(), Text::data(format!("{} ({})", f.name, f.id))).selected(now == Some(&f.id))
    }));
    let hint = match kind {
        FormKind::Enroll => "A vendor fills it when it enrols. It counts for enrolments that are not sent yet, too.",
        FormKind::Product => "A vendor fills it for each product that it lists.",
        FormKind::Item => "A vendor fills it for each item of such a product.",
    };
    Field::select(format!("forms.{kind}.id"), form_word(kind), choices).hint(hint).optional()
}

async fn page(ctx: &Ctx, status: StatusCode, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (agreement, forms) = ctx
        .read(move |tx, actor| {
            let agreement = actions::agreement(tx, actor, &asked)?;
            if !agreement.own {
                let text = Text::new("The agreement {id} was issued by {owner}, who alone can change it.");
                let text = text.arg("id", &agreement.id).arg("owner", &agreement.owner.name);
                return Err(Refusal::forbidden(text).into());
            }
            if agreement.kind != ContractKind::Distribution {
                let text = Text::new("Forms are attached to distribution agreements; {id} is a {kind:word} agreement.");
                return Err(Refusal::state(text.arg("id", &agreement.id).arg("kind", agreement.kind)).into());
            }
            Ok((agreement, actions::own_forms(tx, actor)?))
        })
        .await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let mut form = FormKind::ALL
        .iter()
        .fold(ctx.form(format!("{here}/forms"), "Save").revision(agreement.revision), |form, kind| {
            form.field(field(*kind, &forms, &agreement))
        })
        .cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Attached forms")
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&agreement.title), here))
        .crumb(Crumb::here("Attached forms"));
    ctx.render_as(status, &FormPage::new(page, form).beside(beside(ctx, &agreement)))
}

/// Asks which forms an agreement is to have.
pub async fn attach_forms(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Gives an agreement these forms.
pub async fn do_attach_forms(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let wanted = |kind: FormKind| {
        let name = format!("forms.{kind}.id");
        posted.checked(&name).then(|| Some(posted.get(&name).to_owned()))
    };
    let change = FormsChange {
        enroll: wanted(FormKind::Enroll),
        product: wanted(FormKind::Product),
        item: wanted(FormKind::Item),
    };
    let (revision, back, asked) = (posted.revision(), ctx.url(&format!("/agreements/{id}")), id.clone());
    let again = async |code, error| page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::attach_forms(tx, actor, &asked, revision, &change)?;
        Ok(Answer::go(&back).flash(Text::new("The attached forms were saved.")))
    })
    .await
}

//! Creating and changing a form: its schema is checked and drawn before it is saved.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{FormChange, FormKind, FormWords};
use super::form_word;
use super::forms::{beside, frame};
use super::questions::Look;
use crate::kit::schema::Schema;
use crate::kit::{Refusal, Text};
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form, PREVIEW, Width};
use crate::web::frames::{FormPage, Panel};
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What a form may begin with: a question of each common type.
const STARTER: &str = r#"{
  "type": "object",
  "title": "About your company",
  "properties": {
    "company": {
      "type": "object",
      "title": "Company",
      "properties": {
        "name": { "type": "string", "title": "Registered name", "maxLength": 120 },
        "vat": { "type": "string", "title": "VAT number", "pattern": "^[A-Z]{2}[0-9A-Z]{2,12}$" }
      },
      "required": ["name", "vat"]
    },
    "support": { "type": "string", "format": "email", "title": "E-mail of your support" },
    "model": { "type": "string", "enum": ["Subscriptions", "Perpetual licences"], "title": "What you sell" },
    "countries": {
      "type": "array",
      "title": "Where you sell already",
      "items": { "type": "string", "enum": ["Germany", "Austria", "Switzerland"] },
      "uniqueItems": true
    },
    "employees": { "type": "integer", "minimum": 1, "title": "Employees" },
    "about": { "type": "string", "maxLength": 2000, "title": "What you want us to know" },
    "insured": { "type": "boolean", "const": true, "title": "We are insured against damages" }
  },
  "required": ["company", "support", "insured"]
}"#;

fn schema_field() -> Field {
    let hint = "An object whose properties are the questions: texts, numbers, yes or no, choices, and groups of them. At most 64 KB.";
    Field::area("schema", "JSON schema").hint(hint).rows(24).code()
}

fn name_field() -> Field {
    Field::text("name", "Name").hint("Vendors read it, too. At most 255 characters.").width(Width::Full)
}

fn new_form_of(ctx: &Ctx) -> Form {
    let hint = |kind| match kind {
        FormKind::Enroll => "A vendor fills it when it enrols in a distribution agreement.",
        FormKind::Product => "A vendor fills it for each product that it lists under the agreement.",
        FormKind::Item => "A vendor fills it for each item of such a product.",
    };
    let kinds = FormKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), form_word(*kind)).hint(hint(*kind)).selected(*kind == FormKind::Enroll))
        .collect();
    ctx.form(ctx.url("/forms/new"), "Create form")
        .field(name_field())
        .field(Field::radios("type", "Type", kinds))
        .field(schema_field().value(STARTER))
        .preview(PREVIEW, "Check")
        .cancel(ctx.url("/forms"))
}

/// How the schema that was typed looks, or what is wrong with it.
fn preview(schema: &str) -> Panel {
    match Schema::read(schema) {
        Ok(schema) => Panel::new(PREVIEW, "How it looks", Look::of(&schema)),
        Err(refusal) => Panel::new(PREVIEW, "This cannot be used yet", Notice::new(told(&refusal)).tone(Tone::Bad)),
    }
}

/// Everything that is wrong with a schema, each with its place.
fn told(refusal: &Refusal) -> Text {
    let each = refusal.problems.iter().map(|p| match p.field.as_str() {
        // The schema as a whole.
        "schema" => p.text.clone(),
        place => Text::new("{place}: {problem:text}").arg("place", place).part("problem", &p.text),
    });
    each.reduce(|all, next| all.then(&next)).unwrap_or_default()
}

/// Puts what is wrong within the schema at the one field that it is typed in, with the place.
fn at_schema(error: Error) -> Error {
    match error.cause {
        Cause::Refused(mut refusal) => {
            let within = |field: &str| field.starts_with("schema.");
            let (inside, mut others): (Vec<_>, Vec<_>) = refusal.problems.into_iter().partition(|p| within(&p.field));
            if !inside.is_empty() {
                let text = told(&Refusal::fields(inside));
                others.extend(Refusal::field("schema", text).problems);
            }
            refusal.problems = others;
            refusal.into()
        }
        cause => cause.into(),
    }
}

fn new_page(
    ctx: &Ctx,
    status: StatusCode,
    typed: Option<&Posted>,
    wrong: Option<Error>,
) -> Result<HttpResponse, Error> {
    let mut form = new_form_of(ctx);
    match (typed, wrong) {
        (Some(posted), Some(error)) => explain(&mut form, posted, at_schema(error))?,
        (Some(posted), None) => form.fill_pairs(&posted.pairs().collect::<Vec<_>>()),
        _ => {}
    }
    let page = ctx
        .page("Create form")
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link("Forms", ctx.url("/forms")))
        .crumb(Crumb::here("New"));
    let beside = match typed {
        Some(posted) => preview(posted.get("schema")),
        None => {
            let text =
                "This is an example to begin with. Change it, and check it: what vendors will see is shown here.";
            Panel::new(PREVIEW, "How it looks", Notice::new(text))
        }
    };
    ctx.render_as(status, &FormPage::new(page, form).beside(beside))
}

/// The page that creates a form.
pub async fn new_form(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_page(&ctx, StatusCode::OK, None, None)
}

/// Checks a new form, or creates it.
pub async fn do_new_form(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    if posted.checked(PREVIEW) {
        return new_page(&ctx, StatusCode::OK, Some(&posted), None);
    }
    let words = FormWords {
        kind: posted.get("type").to_owned(),
        name: posted.get("name").to_owned(),
        schema: posted.get("schema").to_owned(),
    };
    let base = ctx.url("/forms");
    let again = async |code, error| new_page(&ctx, code, Some(&posted), Some(error));
    ctx.act_or(&posted, again, move |tx, actor| {
        let id = actions::create_form(tx, actor, &words)?;
        let text = Text::new("The form {name} was created.").arg("name", words.name.trim());
        Ok(Answer::go(format!("{base}/{id}")).flash(text))
    })
    .await
}

async fn edit_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    typed: Option<&Posted>,
    wrong: Option<Error>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let found = ctx.read(move |tx, actor| actions::form(tx, actor, &asked)).await?;
    if !found.own {
        let text = Text::new("The form {id} is that of {owner}, who alone can change it.");
        return Err(Refusal::forbidden(text.arg("id", &found.id).arg("owner", &found.owner.name)).into());
    }
    let here = ctx.url(&format!("/forms/{}", found.id));
    let kept = Schema::read(&found.schema).map_or_else(|_| found.schema.clone(), |schema| schema.pretty());
    let mut form = ctx
        .form(format!("{here}/edit"), "Save")
        .revision(found.revision)
        .field(name_field().value(&found.name))
        .field(schema_field().value(&kept))
        .preview(PREVIEW, "Check")
        .cancel(&here);
    match (typed, wrong) {
        (Some(posted), Some(error)) => explain(&mut form, posted, at_schema(error))?,
        (Some(posted), None) => form.fill_pairs(&posted.pairs().collect::<Vec<_>>()),
        _ => {}
    }
    let mut page =
        frame(ctx, &found).crumb(Crumb::link(Text::data(&found.name), &here)).crumb(Crumb::here("Edit form"));
    page.title = Text::new("Edit form");
    let mut shown = FormPage::new(page, form);
    if found.answers > 0 {
        let text = Text::new(
            "Another schema makes version {version}. {count|One answer stays|{count} answers stay} with the version that was filled.",
        );
        shown.notices.push(Notice::new(text.arg("version", found.version + 1).arg("count", found.answers)));
    }
    let schema = typed.map_or(kept.as_str(), |posted| posted.get("schema"));
    ctx.render_as(status, &shown.beside(preview(schema)).beside(beside(&found)))
}

/// The page that changes a form.
pub async fn edit_form(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None, None).await
}

/// Checks the change of a form, or makes it.
pub async fn do_edit_form(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    if posted.checked(PREVIEW) {
        return edit_page(&ctx, StatusCode::OK, &id, Some(&posted), None).await;
    }
    let change = FormChange {
        name: Some(posted.get("name").to_owned()),
        schema: Some(posted.get("schema").to_owned()),
        kind: None,
    };
    let (revision, back, asked) = (posted.revision(), ctx.url(&format!("/forms/{id}")), id.clone());
    let again = async |code, error| edit_page(&ctx, code, &id, Some(&posted), Some(error)).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_form(tx, actor, &asked, revision, &change)?;
        Ok(Answer::go(&back).flash(Text::new("The form was saved.")))
    })
    .await
}

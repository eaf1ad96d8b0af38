//! The templates of a product: the tab, and the form of one with what it will look like.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{self, Scope, TemplateDraft, TemplateKind, plain};
use super::general::wide;
use super::{frame, head, here, may_edit, tabs};
use crate::kit::{Problems, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{FormPage, Panel};
use crate::web::list::{Col, List};
use crate::web::parts::Head;
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

struct Line {
    template: model::Template,
    href: String,
}

impl Line {
    fn kind(&self) -> Text {
        self.template.kind.map_or_else(|| Text::new("For resellers"), |k| Text::new(k.title()))
    }
}

/// The templates of a product.
pub async fn templates(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let product = ctx.read(move |tx, actor| actions::product(tx, actor, &asked)).await?;
    let base = format!("{}/templates", here(&ctx, &product));
    let mut top = head(&product);
    if may_edit(&ctx, &product) {
        top = top.action(Button::link("Create template", format!("{base}/new")).primary().icon("plus"));
    }
    let (line_base, view) = (base.clone(), product.view());
    let list = List::new("Templates", base.clone(), &actions::TEMPLATES, move |tx, _, ids| {
        let found = actions::templates_of(tx, &view, ids)?;
        let line = |template: model::Template| Line { href: format!("{line_base}/{}", template.id), template };
        Ok(found.into_iter().map(line).collect())
    })
    .within("product.id", &id)
    .column(
        Col::link("title", "Template", |l: &Line| (&l.template.title, &l.href))
            .at(Narrow::Left1)
            .grows()
            .sorted("title"),
    )
    .column(Col::id("id", "Id", |l: &Line| &l.template.id).at(Narrow::Left2))
    .column(
        Col::new("type", "Shown when", |l: &Line| Cell::text(l.kind()), |l| l.kind().to_string()).at(Narrow::Right1),
    )
    .column(Col::new(
        "scope",
        "Scope",
        |l: &Line| Cell::text(l.template.scope.title()),
        |l| l.template.scope.to_string(),
    ))
    .filter("type", "Type", &[("pending", "Pending"), ("inquire", "Inquiring"), ("fulfillment", "Fulfillment")])
    .filter("scope", "Scope", &[("asset", "Subscription"), ("tier1", "Tier 1"), ("tier2", "Tier 2")])
    .search("Name, title")
    .empty(State::nothing_yet(
        "file-text",
        "No templates",
        "A template is what customers read while a request waits and when it is done.",
    ));
    let page = frame(&ctx, &product, Some("Templates"));
    ctx.list_page(list, page, top, Some(tabs(&ctx, &product, "/templates"))).await
}

fn fields(form: Form, draft: &TemplateDraft, fixed: bool) -> Form {
    let lock = |field: Field| if fixed { field.locked("This stays as it was made.") } else { field };
    let kinds = [
        (TemplateKind::Fulfillment, "Fulfillment: the request is done"),
        (TemplateKind::Inquire, "Inquiring: something is asked back"),
        (TemplateKind::Pending, "Pending: the request waits"),
    ]
    .into_iter()
    .map(|(kind, label)| Choice::new(kind.as_str(), label).selected(draft.kind == Some(kind)))
    .collect();
    let scopes = [Scope::Asset, Scope::Tier1, Scope::Tier2]
        .iter()
        .map(|s| Choice::new(s.as_str(), s.title()).selected(*s == draft.scope))
        .collect();
    form.field(lock(Field::select("type", "Shown when", kinds)))
        .field(lock(Field::select("scope", "Scope", scopes)))
        .field(wide(Field::text("title", "Title")).hint("People choose it by this.").value(&draft.title))
        .field(
            Field::area("body", "Text")
                .hint("Markdown. {{{ parameter_id }} stands for the value of a parameter, {{{ activation_form_url }} for the customer's form.")
                .rows(14)
                .value(&draft.body),
        )
}

fn apply(posted: &Posted, draft: &mut TemplateDraft, _: &mut Problems) {
    let renamed = draft.name == draft.title;
    draft.title = posted.get("title").to_owned();
    if renamed {
        draft.name = draft.title.clone();
    }
    draft.body = posted.get("body").to_owned();
    if let Some(kind) = TemplateKind::parse(posted.get("type")) {
        draft.kind = Some(kind);
    }
    if let Some(scope) = Scope::parse(posted.get("scope")) {
        draft.scope = scope;
    }
}

fn blank() -> TemplateDraft {
    let (name, title, body) = (String::new(), String::new(), String::new());
    TemplateDraft { name, title, body, scope: Scope::Asset, kind: Some(TemplateKind::Fulfillment) }
}

async fn page_of(
    ctx: &Ctx,
    code: StatusCode,
    (id, template): (&str, Option<&str>),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (asked, wanted) = (id.to_owned(), template.map(str::to_owned));
    let (product, found) = ctx
        .read(move |tx, actor| {
            let product = actions::product(tx, actor, &asked)?;
            let found = match &wanted {
                Some(id) => Some(actions::template(tx, actor, &asked, id)?),
                None => {
                    actions::may_change(tx, actor, &asked)?;
                    None
                }
            };
            Ok((product, found))
        })
        .await?;
    let base = format!("{}/templates", here(ctx, &product));
    let draft = found.as_ref().map_or_else(blank, TemplateDraft::of);
    let (action, submit, title) = match &found {
        Some(t) => (format!("{base}/{}", t.id), "Save", "Template"),
        None => (format!("{base}/new"), "Create template", "Create template"),
    };
    let mut form = fields(ctx.form(&action, submit), &draft, found.is_some()).cancel(base);
    match &found {
        Some(_) if !may_edit(ctx, &product) => form = form.not_now("Only the vendor changes templates."),
        Some(t) if t.kind != Some(TemplateKind::Pending) => {
            form = form.button(Button::submit_as("Delete", "verb", "delete").danger());
        }
        _ => {}
    }
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(frame(ctx, &product, Some(title)), form);
    shown.head = Head::new(found.as_ref().map_or_else(|| Text::new(title), |t| Text::data(&t.title)));
    if let Some(t) = &found {
        shown.head = shown.head.meta(Cell::copy(&t.id)).meta(Cell::text(t.scope.title()));
        let text = plain(&t.body, |name| Some(format!("[{name}]")));
        shown.aside.push(Panel::words("preview", "What people will read", &text));
    }
    ctx.render_as(code, &shown)
}

/// The form that makes a template.
pub async fn new_template(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    page_of(&ctx, StatusCode::OK, (&path.1, None), None).await
}

/// Makes a template.
pub async fn do_new_template(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (product, back, typed) = (id.clone(), ctx.url(&format!("/products/{id}/templates")), posted.clone());
    let again = async |code, error| page_of(&ctx, code, (&id, None), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let mut draft = blank();
        apply(&typed, &mut draft, &mut Problems::default());
        let template = actions::create_template(tx, actor, &product, &draft)?;
        let text = Text::new("{title} was added.").arg("title", draft.title.trim());
        Ok(Answer::go(format!("{back}/{template}")).flash(text))
    })
    .await
}

/// A template: what it looks like, and its form.
pub async fn template(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    page_of(&ctx, StatusCode::OK, (&path.1, Some(&path.2)), None).await
}

/// Saves or deletes a template.
pub async fn do_template(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, template) = path.into_inner();
    let (product, wanted, typed) = (id.clone(), template.clone(), posted.clone());
    let back = ctx.url(&format!("/products/{id}/templates"));
    let again = async |code, error| page_of(&ctx, code, (&id, Some(&template)), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        if typed.get("verb") == "delete" {
            actions::delete_template(tx, actor, &product, &wanted)?;
            return Ok(Answer::go(&back).flash(Text::new("The template was deleted.")));
        }
        actions::edit_template(tx, actor, &product, &wanted, |draft, problems| apply(&typed, draft, problems))?;
        Ok(Answer::go(format!("{back}/{wanted}")).flash(Text::new("The template was saved.")))
    })
    .await
}

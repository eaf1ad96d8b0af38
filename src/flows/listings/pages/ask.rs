//! The wizard that asks for a listing, its update or removal.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::actions::{self, Asking};
use super::super::model::{Listing, MAX_NOTE, RequestKind, Verb};
use super::super::store::grounds::Ground;
use crate::flows::products::actions as products;
use crate::flows::products::model::{Product, ProductStatus};
use crate::kit::{Code, Refusal, Text};
use crate::rql::{Filter, Query, Sort};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field};
use crate::web::frames::WizardPage;
use crate::web::layout::Crumb;
use crate::web::parts::Notice;
use crate::web::steps::{Answer as Checked, Answers};
use crate::web::wizard::{Wizard, tell_step};
use crate::web::{Answer, Ctx, Error, Posted};

const STEPS: &[&str] = &["Product", "Marketplace", "Note", "Check your answers"];
/// What each step asks.
const QUESTIONS: &[&str] = &[
    "Which product is to be listed?",
    "On which marketplace?",
    "What has the distributor to know?",
    "Check your answers",
];
const CHANGE_STEPS: &[&str] = &["Listing", "Note", "Check your answers"];

fn step_of(field: &str) -> usize {
    match field {
        "product" => 1,
        "contract" => 2,
        "note" => 3,
        _ => STEPS.len(),
    }
}

/// What can be chosen, and what was.
struct Known {
    products: Vec<Product>,
    grounds: Vec<Ground>,
}

impl Known {
    fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|p| p.id == *id)
    }

    fn ground(&self, id: &str) -> Option<&Ground> {
        self.grounds.iter().find(|g| g.contract == *id)
    }

    /// What is missing or cannot be.
    fn refusal(&self, typed: &Posted) -> Option<Refusal> {
        let mut problems = crate::kit::Problems::default();
        problems.check(self.product(typed.get("product")).is_some(), "product", || {
            Text::new("Choose one of your published products.")
        });
        problems.check(self.ground(typed.get("contract")).is_some(), "contract", || {
            Text::new("Choose a marketplace on which you have an active distribution contract.")
        });
        problems.optional("note", typed.get("note"), MAX_NOTE);
        problems.done().err()
    }
}

fn note_field(posted: &Posted) -> Field {
    Field::area("note", "Note to the marketplace's owner")
        .hint("What they should know before they list it. At most 2,000 characters.")
        .rows(4)
        .optional()
        .value(posted.get("note"))
}

/// A step of the wizard, as the address says.
pub async fn ask(ctx: Ctx) -> Result<HttpResponse, Error> {
    let typed = Posted::of_query(ctx.query());
    if wanted_change(&typed).is_some() {
        return change(&ctx, typed, None, StatusCode::OK).await;
    }
    let wizard = Wizard::new(ctx.url("/listings/request"), STEPS, typed);
    let step = wizard.step();
    show(&ctx, &wizard, step, None, StatusCode::OK).await
}

async fn show(
    ctx: &Ctx,
    wizard: &Wizard,
    wanted: usize,
    said: Option<Refusal>,
    code: StatusCode,
) -> Result<HttpResponse, Error> {
    let known = ctx
        .read(|tx, actor| {
            actions::may_ask(actor)?;
            let query = Query::default().with(Filter::eq("status", "published")).ordered([Sort::up("name")]);
            let products = products::find(tx, actor, &query, 500)?;
            let good = |p: &Product| p.own && p.public_version.is_some() && p.status == ProductStatus::Published;
            let products = products.into_iter().filter(good).collect();
            Ok(Known { products, grounds: actions::grounds(tx, actor)? })
        })
        .await?;
    let typed = wizard.typed();
    let refusal = known.refusal(typed).or(said);
    let wrong = refusal.as_ref().and_then(|r| wizard.wrong_step(r, wanted, step_of));
    let step = wrong.unwrap_or(wanted);
    let page = ctx
        .page("Request listing")
        .crumb(Crumb::link("Listings", ctx.url("/listings")))
        .crumb(Crumb::here("Request listing"));
    let steps = wizard.steps(step);
    if let (true, Some(product), Some(ground)) =
        (step == wizard.last_step(), known.product(typed.get("product")), known.ground(typed.get("contract")))
    {
        let mut form = wizard.last(ctx, "Send for review");
        if let Some(refusal) = &refusal {
            form.errors(&refusal.problems.iter().map(|p| ("", p.text.clone())).collect::<Vec<_>>());
        }
        let shown = WizardPage::new(page, steps, "Check your answers", form).part(answers(wizard, product, ground));
        return ctx.render_as(code, &shown);
    }
    let mut form = wizard.form(step, fields(&known, typed, step));
    if let (Some(refusal), true) = (&refusal, wrong.is_some()) {
        tell_step(&mut form, refusal, step, step_of);
    }
    let code = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { code };
    let title = QUESTIONS.get(step - 1).copied().unwrap_or_default();
    let mut shown = WizardPage::new(page, steps, title, form);
    if step == 1 && known.products.is_empty() {
        let text = "You have no published product yet. Save a public version of one first.";
        shown = shown.part(Notice::new(text).action(Button::link("See products", ctx.url("/products"))));
    }
    if step == 2 && known.grounds.is_empty() {
        let text = "You have no active distribution contract. Enrol in a distribution agreement first.";
        shown = shown.part(Notice::new(text).action(Button::link("See agreements", ctx.url("/agreements"))));
    }
    ctx.render_as(code, &shown)
}

fn fields(known: &Known, typed: &Posted, step: usize) -> Vec<Field> {
    match step {
        1 => {
            let mut choices = vec![Choice::new("", "Choose a product")];
            choices.extend(known.products.iter().map(|p| {
                let version = p.public_version.unwrap_or(0);
                let label = Text::new("{name} ({id}), version {version}")
                    .arg("name", &p.general.name)
                    .arg("id", &p.id)
                    .arg("version", version);
                Choice::new(p.id.as_str(), label).selected(typed.get("product") == p.id.as_str())
            }));
            vec![Field::select("product", "Product", choices).hint("The newest public version is listed.")]
        }
        2 => {
            let mut choices = vec![Choice::new("", "Choose a marketplace")];
            choices.extend(known.grounds.iter().map(|g| {
                let label = Text::new("{marketplace} of {owner}, contract {contract}")
                    .arg("marketplace", &g.marketplace_name)
                    .arg("owner", &g.provider.name)
                    .arg("contract", &g.contract);
                Choice::new(g.contract.as_str(), label).selected(typed.get("contract") == g.contract.as_str())
            }));
            vec![
                Field::select("contract", "Marketplace", choices)
                    .hint("Those on which you have an active distribution contract."),
            ]
        }
        _ => vec![note_field(typed)],
    }
}

fn answers(wizard: &Wizard, product: &Product, ground: &Ground) -> Answers {
    let version = Text::new("Version {version}").arg("version", product.public_version.unwrap_or(0));
    Answers::new(
        "Listing request",
        vec![
            Checked::new("Product", Cell::data(&product.general.name).sub(version)).change(wizard.href(1)),
            Checked::new("Marketplace", Cell::data(&ground.marketplace_name).sub(Cell::data(&ground.provider.name)))
                .change(wizard.href(2)),
            Checked::new("Contract", Cell::data(&ground.name).sub(Cell::id(&ground.contract))).change(wizard.href(2)),
            Checked::new("Note", Cell::data(wizard.typed().get("note").trim()).wrap()).change(wizard.href(3)),
        ],
    )
}

// ---- update and removal of a listing ----

fn wanted_change(typed: &Posted) -> Option<RequestKind> {
    RequestKind::parse(typed.get("type")).filter(|k| *k != RequestKind::New)
}

async fn change(ctx: &Ctx, typed: Posted, said: Option<Refusal>, code: StatusCode) -> Result<HttpResponse, Error> {
    let Some(kind) = wanted_change(&typed) else { return Err(Refusal::not_found("request", typed.get("type")).into()) };
    let id = typed.get("listing").to_owned();
    let listing: Listing = ctx.read(move |tx, actor| actions::listing(tx, actor, &id)).await?;
    let title = if kind == RequestKind::Remove { "Request removal" } else { "Request update" };
    let wizard = Wizard::new(ctx.url("/listings/request"), CHANGE_STEPS, typed);
    let step = wizard.step().max(2);
    let page = ctx
        .page(title)
        .crumb(Crumb::link("Listings", ctx.url("/listings")))
        .crumb(Crumb::link(Text::data(listing.id.as_str()), ctx.url(&format!("/listings/{}", listing.id))))
        .crumb(Crumb::here(title));
    if step < wizard.last_step() {
        let form = wizard.form(step, vec![note_field(wizard.typed())]);
        return ctx
            .render_as(code, &WizardPage::new(page, wizard.steps(step), "What has the distributor to know?", form));
    }
    let mut form = wizard.last(ctx, "Send for review");
    if let Some(refusal) = &said {
        form.errors(&refusal.problems.iter().map(|p| ("", p.text.clone())).collect::<Vec<_>>());
    }
    let version = |n: Option<i32>| Cell::maybe(n, |n| Cell::text(Text::new("Version {version}").arg("version", n)));
    let what =
        if kind == RequestKind::Remove { "Take it off the marketplace" } else { "Show the newest public version" };
    let rows = vec![
        Checked::new("Listing", Cell::data(&listing.product.name).sub(Cell::data(&listing.marketplace.name))),
        Checked::new("Request", Cell::text(what)),
        Checked::new("Listed now", version(listing.product.version)),
        Checked::new("Afterwards", if kind == RequestKind::Remove { Cell::nothing() } else { version(listing.newest) }),
        Checked::new("Note", Cell::data(wizard.typed().get("note").trim()).wrap()).change(wizard.href(2)),
    ];
    let shown = WizardPage::new(page, wizard.steps(step), "Check your answers", form).part(Answers::new(title, rows));
    ctx.render_as(code, &shown)
}

/// Makes the request and sends it for review, in one step as people expect it.
pub async fn do_ask(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let text = |name: &str| posted.get(name).to_owned();
    let change_of = wanted_change(&posted);
    let asking = match change_of {
        Some(RequestKind::Remove) => Asking::Remove { listing: text("listing") },
        Some(_) => Asking::Update { listing: text("listing") },
        None => Asking::New { product: text("product"), contract: text("contract") },
    };
    let (note, base) = (text("note"), ctx.url("/listings/requests"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::ask(tx, actor, &asking, &note)?;
            actions::act(tx, actor, id.as_str(), None, Verb::Submit, "")?;
            let text = Text::new("The request was sent for review. You see here how it goes on.");
            Ok(Answer::go(format!("{base}/{id}")).flash(text))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(Error { cause: Cause::Refused(refusal) })
            if matches!(refusal.code, Code::Invalid | Code::WrongState | Code::Conflict) =>
        {
            let code = StatusCode::UNPROCESSABLE_ENTITY;
            if change_of.is_some() {
                return change(&ctx, posted, Some(refusal), code).await;
            }
            let wizard = Wizard::new(ctx.url("/listings/request"), STEPS, posted);
            let last = wizard.last_step();
            show(&ctx, &wizard, last, Some(refusal), code).await
        }
        Err(other) => Err(other),
    }
}

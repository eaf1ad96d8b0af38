//! The wizard that makes a usage file.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::super::actions::{self, NewFile, Offer};
use super::super::model::{Draft, Period};
use super::period_words;
use crate::kit::{Code, Problems, ProductId, Refusal, Text, Time};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Width};
use crate::web::frames::WizardPage;
use crate::web::layout::Crumb;
use crate::web::parts::Head;
use crate::web::state::{State, StatePage};
use crate::web::steps::{Answer as Checked, Answers};
use crate::web::wizard::{Wizard, tell_step};
use crate::web::{Answer, Ctx, Error, Posted};

const STEPS: &[&str] = &["Product", "Contract and period", "Check your answers"];
/// So many choices are shown as a list of radio buttons; more in a drop-down list.
const FEW: usize = 8;

/// The step on which a field is.
fn step_of(field: &str) -> usize {
    if field.starts_with("product") { 1 } else { 2 }
}

/// What the page offers.
struct Offered {
    products: Vec<(ProductId, String)>,
    offers: Vec<Offer>,
    now: Time,
}

impl Offered {
    fn product(&self, id: &str) -> String {
        self.products.iter().find(|(known, _)| known.as_str() == id).map_or_else(String::new, |(_, name)| name.clone())
    }

    fn offer(&self, contract: &str) -> Option<&Offer> {
        self.offers.iter().find(|o| o.contract.as_str() == contract)
    }
}

/// What was answered, with what is wrong about the period.
fn wanted(posted: &Posted) -> (NewFile, Problems) {
    let text = |name: &str| posted.get(name).to_owned();
    let mut problems = Problems::default();
    let (from, to) = (posted.get("period.from"), posted.get("period.to"));
    for (name, value) in [("period.from", from), ("period.to", to)] {
        problems.check(!value.trim().is_empty(), name, || Text::new("This field is required."));
    }
    let period = if problems.none() { Period::read(&mut problems, "period", from, to) } else { None };
    let draft = Draft {
        name: text("name"),
        external_id: Some(text("external_id")),
        description: text("description"),
        note: text("note"),
        period,
        currency: None,
    };
    (NewFile { product: text("product.id"), contract: text("contract.id"), draft }, problems)
}

/// One of many, in the way that fits how many there are.
fn choose(name: &str, label: &'static str, mut choices: Vec<Choice>) -> Field {
    if choices.len() <= FEW {
        if let [only] = choices.as_mut_slice() {
            only.selected = true;
        }
        return Field::radios(name, label, choices);
    }
    choices.insert(0, Choice::new("", "Choose one"));
    Field::select(name, label, choices)
}

fn product_fields(offered: &Offered) -> Vec<Field> {
    let choices = offered
        .products
        .iter()
        .map(|(id, name)| Choice::new(id.as_str(), Text::data(name)).hint(Text::data(id.as_str())))
        .collect();
    vec![choose("product.id", "Product", choices).hint("Those that report usage and are listed on a marketplace.")]
}

fn contract_fields(offered: &Offered) -> Vec<Field> {
    let choices = offered
        .offers
        .iter()
        .map(|o| {
            let label = Text::new("{marketplace}, {provider}")
                .arg("marketplace", &o.marketplace_name)
                .arg("provider", &o.provider_name);
            let hint = Text::new("{contract} · amounts in {currency}").arg("contract", &o.contract);
            Choice::new(o.contract.as_str(), label).hint(hint.arg("currency", &o.currency))
        })
        .collect();
    let (first, last) = month_before(offered.now);
    vec![
        choose("contract.id", "Distribution contract", choices)
            .hint("Who bills what is reported, and in which currency."),
        Field::date("period.from", "First day").hint("Days of the period count in UTC.").value(first),
        Field::date("period.to", "Last day").value(last),
        Field::text("name", "Name").hint("At most 100 characters. Empty: made from the period.").optional(),
        Field::text("external_id", "Your own number").hint("At most 200 characters.").optional(),
        Field::text("description", "Description")
            .hint("The distributor reads it. At most 200 characters.")
            .width(Width::Full)
            .optional(),
        Field::text("note", "Internal note")
            .hint("Only your company reads it. At most 200 characters.")
            .width(Width::Full)
            .optional(),
    ]
}

/// The first and last day of the month before a moment.
fn month_before(now: Time) -> (String, String) {
    let last = now.date().first_of_month().yesterday().unwrap_or(now.date());
    (last.first_of_month().to_string(), last.to_string())
}

/// A step of the wizard, as the address says.
pub async fn new_file(ctx: Ctx) -> Result<HttpResponse, Error> {
    let wizard = Wizard::new(ctx.url("/usage/new"), STEPS, Posted::of_query(ctx.query()));
    let step = wizard.step();
    show(&ctx, &wizard, step, None).await
}

async fn show(ctx: &Ctx, wizard: &Wizard, wanted_step: usize, told: Option<Refusal>) -> Result<HttpResponse, Error> {
    let (new, problems) = wanted(wizard.typed());
    let of_period = problems.done().err();
    let asked = new.clone();
    let now = ctx.services().clock.now();
    let (offered, checked) = ctx
        .read(move |tx, actor| {
            let products = actions::products_to_report(tx, actor)?;
            let offers = actions::offers(tx, actor, &asked.product)?;
            // What is wrong is told on its step; that is no failure of this page.
            let checked = actions::check_new(tx, actor, asked).map_err(Error::from);
            Ok((Offered { products, offers, now }, checked))
        })
        .await?;
    let mut page =
        ctx.page("New usage file").crumb(Crumb::link("Usage", ctx.url("/usage"))).crumb(Crumb::here("New usage file"));
    if offered.products.is_empty() {
        let state = State::nothing_yet(
            "chart-bar",
            "There is nothing to report usage of",
            "Usage is reported of a product with pay-as-you-go items that is listed on a marketplace. Switch the capability on in the product's settings, and ask for a listing.",
        )
        .action(Button::link("See products", ctx.url("/products")));
        return ctx.render(&StatePage::new(page, state));
    }
    let mut refusal = match checked {
        Ok(()) => told,
        Err(Error { cause: Cause::Refused(r) }) if r.code == Code::Invalid => Some(told.unwrap_or(r)),
        Err(other) => return Err(other),
    };
    if let Some(mut of_period) = of_period {
        // The name is asked for by itself only where there is no period; here the period is what is missing.
        let others = refusal.take().map(|r| r.problems).unwrap_or_default();
        of_period.problems.extend(others.into_iter().filter(|p| p.field != "name"));
        refusal = Some(of_period);
    }
    let wrong = refusal.as_ref().and_then(|r| wizard.wrong_step(r, wanted_step, step_of));
    let step = wrong.unwrap_or(wanted_step);
    let steps = wizard.steps(step);
    if step == wizard.last_step() {
        let mut form = wizard.last(ctx, "Create usage file");
        let mut status = StatusCode::OK;
        if let Some(refusal) = &refusal {
            form.errors(&refusal.problems.iter().map(|p| (p.field.as_str(), p.text.clone())).collect::<Vec<_>>());
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        let shown = WizardPage::new(page, steps, "Check your answers", form);
        let shown = answers(wizard, &new, &offered).into_iter().fold(shown, WizardPage::part);
        return ctx.render_as(status, &shown);
    }
    let fields = if step == 1 { product_fields(&offered) } else { contract_fields(&offered) };
    let mut form = wizard.form(step, fields);
    if let (Some(refusal), true) = (&refusal, wrong.is_some()) {
        tell_step(&mut form, refusal, step, step_of);
    }
    let status = if form.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page.wrong = form.is_wrong();
    let mut shown = WizardPage::new(page, steps, Text::default(), form);
    shown.head = if step == 1 {
        Head::new("Of which product?")
    } else {
        Head::new("For whom, and of which time?").lede(Text::data(offered.product(&new.product)))
    };
    ctx.render_as(status, &shown)
}

fn answers(wizard: &Wizard, new: &NewFile, offered: &Offered) -> Vec<Answers> {
    let row = |step: usize, label: &'static str, cell: Cell| Checked::new(label, cell).change(wizard.href(step));
    let offer = offered.offer(&new.contract);
    let market = |o: &Offer| Cell::data(&o.marketplace_name).sub(Cell::data(&o.provider_name));
    let draft = &new.draft;
    let name = if draft.name.trim().is_empty() {
        draft.period.map(Period::name).unwrap_or_default()
    } else {
        draft.name.trim().to_owned()
    };
    let data = |words: &str| Cell::data(words.trim()).wrap();
    vec![
        Answers::new(
            "Product",
            vec![row(1, "Product", Cell::data(offered.product(&new.product)).sub(Cell::id(&new.product)))],
        ),
        Answers::new(
            "Contract and period",
            vec![
                row(2, "Marketplace", Cell::maybe(offer, market)),
                row(2, "Contract", Cell::maybe(offer, |o| Cell::data(&o.name).sub(Cell::id(&o.contract)))),
                row(2, "Currency", Cell::maybe(offer, |o| Cell::data(&o.currency))),
                row(2, "Period", Cell::maybe(draft.period, |p| Cell::text(period_words(p)))),
                row(2, "Name", data(&name)),
                row(2, "Your own number", data(draft.external_id.as_deref().unwrap_or_default())),
                row(2, "Description", data(&draft.description)),
                row(2, "Internal note", data(&draft.note)),
            ],
        ),
    ]
}

/// Makes the file.
pub async fn do_new_file(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let base = ctx.url("/usage");
    let (new, problems) = wanted(&posted);
    let done = match problems.done() {
        Ok(()) => {
            ctx.act(&posted, move |tx, actor| {
                let id = actions::create(tx, actor, new.clone())?;
                let text = Text::new("The usage file was created. Fill the template and upload it here.");
                Ok(Answer::go(format!("{base}/{id}")).flash(text))
            })
            .await
        }
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Err(Error { cause: Cause::Refused(refusal) }) if refusal.code == Code::Invalid => {
            let wizard = Wizard::new(ctx.url("/usage/new"), STEPS, posted);
            let last = wizard.last_step();
            show(&ctx, &wizard, last, Some(refusal)).await
        }
        other => other,
    }
}

//! Writing an order step by step: what was answered is kept on the server until the order is placed.

use super::order::{GivenTier, GivenTiers, Order, create};
use crate::db::{Error, Result, Tx};
use crate::flows::contracts;
use crate::flows::customers::actions as customers;
use crate::flows::customers::model::{Kind, TierSnapshot};
use crate::flows::orders::model::{
    self, Abilities, Buyer, Draft, MAX_DRAFT, RequestKind, Seller, Step, answers, at_quantities,
};
use crate::flows::orders::store::{self, Offered, Outlet, Written};
use crate::flows::products::actions::{self as products, Definition};
use crate::kit::{AccountId, Actor, Level, Module, NamedRef, ProductId, Refusal, RequestId, Role, Text};

/// Most unfinished orders of a company.
pub const MAX_OPEN: usize = 50;
/// After so many days untouched, an order that was not placed is forgotten.
pub const KEPT_DAYS: i64 = 90;
/// Most connections of a product that are shown to choose from.
const MAX_OUTLETS: i64 = 100;

/// An order that is being written, with everything its pages show.
#[derive(Debug)]
pub struct Sheet {
    /// The answers.
    pub written: Written,
    /// What the product says.
    pub definition: Definition,
    /// Where it can be ordered.
    pub outlets: Vec<Outlet>,
    /// The customer, if it is one of the directory.
    pub customer: Option<TierSnapshot>,
    /// The reseller, if it is one of the directory.
    pub reseller: Option<TierSnapshot>,
    /// The company with a service contract that sells.
    pub partner: Option<NamedRef>,
}

impl Sheet {
    /// The answers.
    pub fn draft(&self) -> &Draft {
        &self.written.doc.0
    }

    /// Where the order goes, once that is chosen and still possible.
    pub fn outlet(&self) -> Option<&Outlet> {
        let draft = self.draft();
        self.outlets.iter().find(|o| o.connection_id == draft.connection && o.marketplace_id == draft.marketplace)
    }

    /// What the product allows for a purchase.
    pub fn abilities(&self) -> Abilities {
        model::abilities(RequestKind::Purchase, &self.definition.capabilities)
    }

    /// The page on which something about the customer or the reseller is still to be answered.
    pub fn customer_page(&self) -> &'static str {
        let draft = self.draft();
        match (&draft.customer, &draft.reseller) {
            (Some(Buyer::New(company)), _) if company.details(Kind::Customer).checked("").is_err() => "new-customer",
            (Some(_), None) => "reseller",
            (Some(_), Some(Seller::New(company))) if company.details(Kind::Reseller).checked("").is_err() => {
                "new-reseller"
            }
            _ => Step::Customer.word(),
        }
    }

    /// The first step that is not done, or the last one.
    pub fn first_open(&self) -> Step {
        let draft = self.draft();
        if self.outlets.is_empty() {
            return Step::Product;
        }
        if self.outlet().is_none() {
            return Step::Connection;
        }
        let known = match &draft.customer {
            None => false,
            Some(Buyer::Known(_)) => self.customer.is_some(),
            Some(Buyer::New(company)) => company.details(Kind::Customer).checked("").is_ok(),
        };
        let sold = match &draft.reseller {
            None => false,
            Some(Seller::Known(_)) => self.reseller.is_some(),
            Some(Seller::New(company)) => company.details(Kind::Reseller).checked("").is_ok(),
            Some(Seller::Partner(_)) => self.partner.is_some(),
            Some(Seller::Parent | Seller::Nobody) => true,
        };
        if !(known && sold) {
            return Step::Customer;
        }
        if draft.lines(&self.definition.items).is_err() {
            return Step::Items;
        }
        if !draft.answered || !draft.params(&self.definition.parameters).1.is_empty() {
            return Step::Parameters;
        }
        Step::Check
    }
}

fn may(actor: &Actor) -> Result<()> {
    let seat = actor.need(Module::Subscriptions, Level::Act)?;
    if seat.role == Role::Vendor {
        let text = Text::new("{account} is a vendor; distributors and resellers order. Ask one of your distributors.");
        return Err(Refusal::forbidden(text.arg("account", &seat.name)).into());
    }
    Ok(())
}

/// What the actor's company can order, by name; `words` narrows it.
pub fn offered(tx: &mut Tx<'_>, actor: &Actor, words: &str, limit: i64) -> Result<Vec<Offered>> {
    may(actor)?;
    store::offered(tx, actor, words, limit)
}

/// The orders of the actor's company that were begun and not placed.
pub fn open_drafts(tx: &mut Tx<'_>, actor: &Actor, limit: i64) -> Result<Vec<Written>> {
    may(actor)?;
    store::open_drafts(tx, actor, limit)
}

/// A product to order: its id and name, if the actor's company can order it.
fn orderable(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<(Definition, Vec<Outlet>)> {
    let wrong = || {
        let text = Text::new("Choose one of the products that you can order.");
        Error::from(Refusal::field("product", text))
    };
    let outlets = store::outlets(tx, actor, product, MAX_OUTLETS)?;
    if outlets.is_empty() {
        return Err(wrong());
    }
    let id = ProductId::parse(product).ok_or_else(wrong)?;
    Ok((products::definition(tx, &id)?.ok_or_else(wrong)?, outlets))
}

/// With one way to order a product there is nothing to choose.
fn preselect(draft: &mut Draft, outlets: &[Outlet]) {
    if let [only] = outlets {
        draft.take_place(&only.connection_id, &only.marketplace_id);
    }
}

/// Begins an order of a product and gives its id.
///
/// # Errors
/// If the product cannot be ordered, or too many orders are unfinished.
pub fn begin(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<String> {
    may(actor)?;
    let (definition, outlets) = orderable(tx, actor, product)?;
    let before = tx.at().plus_seconds(-KEPT_DAYS * 24 * 3600);
    store::forget_drafts(tx, actor, before)?;
    let limit = i64::try_from(MAX_OPEN).unwrap_or(i64::MAX);
    if store::open_drafts(tx, actor, limit)?.len() >= MAX_OPEN {
        let text = Text::new("{count} orders are begun and not placed. Place or discard one of them first.");
        return Err(Refusal::field("product", text.arg("count", MAX_OPEN)).into());
    }
    let mut draft = Draft::new(definition.id.to_string(), definition.name.clone(), actor.by());
    preselect(&mut draft, &outlets);
    store::insert_draft(tx, actor, &draft)
}

/// An order that is being written.
pub fn sheet(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Sheet> {
    may(actor)?;
    let written = store::load_draft(tx, actor, id, false)?;
    let draft = &written.doc.0;
    let product = ProductId::parse(&draft.product).ok_or_else(|| Refusal::not_found("product", &draft.product))?;
    let definition = products::definition(tx, &product)?.ok_or_else(|| Refusal::not_found("product", &product))?;
    let outlets = store::outlets(tx, actor, &draft.product, MAX_OUTLETS)?;
    let mut sheet = Sheet { written, definition, outlets, customer: None, reseller: None, partner: None };
    let Some(owner) = sheet.outlet().map(|o| o.provider_id.clone()) else { return Ok(sheet) };
    let known = |tx: &mut Tx<'_>, id: &str| match customers::of_directory(tx, actor, &owner, id, "customer") {
        Ok(found) => Ok(Some(found)),
        // It was removed since it was chosen: the step is open again.
        Err(Error::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    };
    if let Some(Buyer::Known(id)) = sheet.draft().customer.clone() {
        sheet.customer = known(tx, &id)?;
    }
    let seller = match (sheet.draft().reseller.clone(), &sheet.customer) {
        (Some(Seller::Known(id)), _) => Some(id),
        (Some(Seller::Parent), Some(customer)) => customer.parent.as_ref().map(|p| p.id.clone()),
        _ => None,
    };
    if let Some(id) = seller {
        sheet.reseller = customers::snapshots(tx, &[&id])?.remove(&id);
    }
    if let Some(Seller::Partner(id)) = sheet.draft().reseller.clone() {
        sheet.partner = store::service_partners(tx, actor, 500)?.into_iter().find(|p| p.id == id);
    }
    Ok(sheet)
}

/// The companies with a service contract that sell for the actor's company.
pub fn partners(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<NamedRef>> {
    may(actor)?;
    store::service_partners(tx, actor, 500)
}

/// Keeps answers.
///
/// # Errors
/// If the order was placed meanwhile, or is larger than it may be.
pub fn write(tx: &mut Tx<'_>, actor: &Actor, id: &str, change: impl FnOnce(&mut Draft)) -> Result<()> {
    may(actor)?;
    let mut written = store::load_draft(tx, actor, id, true)?;
    if written.request_id.is_some() {
        return Err(Refusal::state(Text::new("This order was placed already. Begin a new one.")).into());
    }
    change(&mut written.doc.0);
    if serde_json::to_string(&written.doc.0).map_or(usize::MAX, |text| text.len()) > MAX_DRAFT {
        let text = Text::new("The answers of this order are longer than {max} kB together. Shorten them.");
        return Err(Refusal::field("", text.arg("max", MAX_DRAFT / 1024)).into());
    }
    store::save_draft(tx, id, &written.doc.0, None)
}

/// Takes another product for an order.
pub fn write_product(tx: &mut Tx<'_>, actor: &Actor, id: &str, product: &str) -> Result<()> {
    let (definition, outlets) = orderable(tx, actor, product)?;
    write(tx, actor, id, |draft| {
        draft.take_product(definition.id.to_string(), definition.name.clone());
        if draft.connection.is_empty() {
            preselect(draft, &outlets);
        }
    })
}

/// Throws an order away that was not placed.
pub fn discard_draft(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<()> {
    may(actor)?;
    let written = store::load_draft(tx, actor, id, true)?;
    if written.request_id.is_some() {
        return Err(Refusal::state(Text::new("This order was placed already and cannot be discarded.")).into());
    }
    store::forget_draft(tx, id)
}

/// Places an order: makes its request. Placing it again gives the same request.
///
/// # Errors
/// What is wrong, by the field of the step's form.
pub fn place(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<RequestId> {
    may(actor)?;
    let written = store::load_draft(tx, actor, id, true)?;
    if let Some(made) = written.request_id.as_deref().and_then(RequestId::parse) {
        return Ok(made);
    }
    let sheet = sheet(tx, actor, id)?;
    let draft = sheet.draft();
    let open = sheet.first_open();
    if open != Step::Check {
        let text = Text::new("The step “{step:word}” is not finished. Go back to it.").arg("step", title(open));
        return Err(Refusal::field(open.word(), text).into());
    }
    let provider = sheet.outlet().map(|o| o.provider_id.clone());
    let order = Order {
        product: Some(draft.product.clone()),
        connection: super::ConnectionChoice { id: Some(draft.connection.clone()), ..Default::default() },
        marketplace: Some(draft.marketplace.clone()),
        external_id: filled(&draft.external_id),
        external_uid: filled(&draft.external_uid),
        items: draft.given_lines(&sheet.definition.items),
        params: draft.edits(&sheet.definition.parameters),
        tiers: tiers(tx, actor, provider.as_ref(), draft)?,
        planned_date: draft.planned_at().map_err(|p| Refusal::field(&p.field, p.text))?,
        ..Order::new(RequestKind::Purchase)
    };
    let made = create(tx, actor, &order).map_err(|error| at_fields(error, &sheet))?;
    // What was typed is not needed any more, passwords among it.
    let kept = Draft {
        product: draft.product.clone(),
        product_name: draft.product_name.clone(),
        by: draft.by.clone(),
        ..Draft::default()
    };
    store::save_draft(tx, id, &kept, Some(made.as_str()))?;
    Ok(made)
}

/// What people read for a step.
pub fn title(step: Step) -> &'static str {
    match step {
        Step::Product => "Product",
        Step::Connection => "Connection",
        Step::Customer => "Customer",
        Step::Items => "Items",
        Step::Parameters => "Parameters",
        Step::Check => "Check and order",
    }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn tiers(tx: &mut Tx<'_>, actor: &Actor, provider: Option<&AccountId>, draft: &Draft) -> Result<GivenTiers> {
    let customer = draft.customer.as_ref().map(|customer| match customer {
        Buyer::Known(id) => GivenTier::Id(id.clone()),
        Buyer::New(company) => GivenTier::Data(Box::new(company.details(Kind::Customer))),
    });
    let tier1 = match &draft.reseller {
        Some(Seller::Known(id)) => Some(GivenTier::Id(id.clone())),
        Some(Seller::New(company)) => Some(GivenTier::Data(Box::new(company.details(Kind::Reseller)))),
        Some(Seller::Partner(account)) => partner(tx, actor, provider, account)?.map(GivenTier::Id),
        Some(Seller::Parent | Seller::Nobody) | None => None,
    };
    Ok(GivenTiers { customer, tier1, tier2: None })
}

/// The directory's reseller that a company with a service contract is.
fn partner(tx: &mut Tx<'_>, actor: &Actor, provider: Option<&AccountId>, account: &str) -> Result<Option<String>> {
    let (Some(provider), Some(account)) = (provider, AccountId::parse(account)) else { return Ok(None) };
    if !contracts::actions::active_service(tx, &account, provider)? {
        let text = Text::new("{account} has no active service contract with you any more. Choose another reseller.");
        return Err(Refusal::field("reseller", text.arg("account", &account)).into());
    }
    Ok(Some(customers::portal_reseller(tx, actor, provider, &account)?.id.to_string()))
}

/// What an order was refused for, by the fields of the wizard's forms.
fn at_fields(error: Error, sheet: &Sheet) -> Error {
    let Error::Refused(refusal) = error else { return error };
    let mut refusal = at_quantities(refusal, &sheet.definition.items);
    let params = model::fresh(&sheet.definition.parameters);
    for problem in &mut refusal.problems {
        problem.field = match problem.field.as_str() {
            "asset.external_id" => "external_id".to_owned(),
            "asset.external_uid" => "external_uid".to_owned(),
            "asset.connection.id" | "marketplace.id" => "place".to_owned(),
            "asset.product.id" => "product".to_owned(),
            field if field.starts_with("asset.tiers.customer") => "customer".to_owned(),
            field if field.starts_with("asset.tiers.") => "reseller".to_owned(),
            field => answers::form_field(field, &params),
        };
    }
    refusal.into()
}

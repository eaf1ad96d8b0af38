//! Making, changing and deleting usage files.

use serde_json::json;

use super::{KIND, open, stamp};
use crate::db::party::{self, Party};
use crate::db::{Result, Tx};
use crate::flows::products::actions as products;
use crate::flows::products::model::{Capabilities, UsageSchema};
use crate::flows::usage::model::{Draft, Figures, FileStatus, Period, Verb};
use crate::flows::usage::store::{self, Offer};
use crate::jobs::{self, NewJob};
use crate::journal::{self, Audience, Entry};
use crate::kit::{Actor, Amount, Events, Level, Module, Problems, ProductId, Refusal, Role, Side, Text, UsageFileId};

/// The contract that preview files name.
const PREVIEW: &str = "CRD-00000-00000-00000";

/// What a vendor wants of a new file.
#[derive(Debug, Clone, Default)]
pub struct NewFile {
    /// Usage of which product.
    pub product: String,
    /// Under which contract.
    pub contract: String,
    /// Its own values.
    pub draft: Draft,
}

/// What a new file is made of, once everything about it was found to be good.
struct Good {
    product: ProductId,
    offer: Offer,
    schema: UsageSchema,
    draft: Draft,
}

/// Looks at everything that would be refused of a new file, without making it. For the wizard.
pub fn check_new(tx: &mut Tx<'_>, actor: &Actor, new: NewFile) -> Result<()> {
    good(tx, actor, new).map(drop)
}

fn good(tx: &mut Tx<'_>, actor: &Actor, new: NewFile) -> Result<Good> {
    let seat = actor.need(Module::Usage, Level::Act)?.clone();
    actor.need_role(Role::Vendor)?;
    let mut problems = Problems::default();
    if new.product.trim().is_empty() {
        problems.add("product.id", Text::new("This field is required."));
    }
    if new.contract.trim().is_empty() {
        problems.add("contract.id", Text::new("This field is required."));
    }
    if new.contract.trim() == PREVIEW {
        problems.add("contract.id", Text::new("Preview files cannot be made yet. Use a distribution contract."));
    }
    problems.check(!new.draft.name.trim().is_empty() || new.draft.period.is_some(), "name", || {
        Text::new("This field is required.")
    });
    problems.done()?;
    let mut problems = Problems::default();
    let unknown = || {
        Refusal::field(
            "product.id",
            Text::new("{account} has no product {id}. Check the id.")
                .arg("account", &seat.name)
                .arg("id", &new.product),
        )
    };
    let id = ProductId::parse(new.product.trim()).ok_or_else(unknown)?;
    let product = products::definition(tx, &id)?.filter(|p| p.owner == seat.account).ok_or_else(unknown)?;
    let schema = product.capabilities.ppu.as_ref().map(|p| p.schema);
    problems.check(reports(&product.capabilities), "product.id", || {
        Text::new("{product} reports no usage. Switch on pay-as-you-go, or the consumption of reservation items, in its settings.").arg("product", &product.name)
    });
    let offer = store::offer(tx, &id, &seat.account, new.contract.trim())?;
    let Some(offer) = offer else {
        let text = Text::new("{account} has no distribution contract {id}. Check the id.")
            .arg("account", &seat.name)
            .arg("id", &new.contract);
        return Err(Refusal::field("contract.id", text).into());
    };
    check_offer(&offer, &product.name, &mut problems);
    let schema = schema.unwrap_or(UsageSchema::Quantity);
    let draft = new.draft.checked(&mut problems, &offer.currency, schema != UsageSchema::Quantity);
    problems.done()?;
    Ok(Good { product: id, offer, schema, draft })
}

/// Whether usage of a product can be reported at all.
fn reports(capabilities: &Capabilities) -> bool {
    capabilities.ppu.is_some() || capabilities.reservation.consumption
}

/// Makes a usage file.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: NewFile) -> Result<UsageFileId> {
    let Good { product, offer, schema, draft } = good(tx, actor, new)?;
    let mut events = Events::default();
    events.stamp("created", tx.at(), actor.by());
    let row = store::NewFile {
        name: &draft.name,
        external_id: draft.external_id.as_deref(),
        description: &draft.description,
        note: &draft.note,
        schema,
        currency: draft.currency.as_deref(),
        period: draft.period,
        product: &product,
        offer: &offer,
        events,
    };
    let file = store::insert(tx, &row)?;
    let status = FileStatus::Draft;
    party::put(tx, KIND, file.as_str(), status.as_str(), status.turn(), &[Party::new(&offer.vendor, Side::Vendor)])?;
    let text = Text::new("Usage file {name} was created").arg("name", &draft.name);
    journal::record(tx, actor, Entry::new(KIND, &file, "usage_file.created", text))?;
    crate::crash::point("usage.create.before-commit");
    Ok(file)
}

/// Notes what stands against reporting usage under a contract now.
pub(super) fn check_offer(offer: &Offer, product: &str, problems: &mut Problems) {
    problems.check(offer.active, "contract.id", || {
        Text::new("Contract {name} is not active. Usage can be reported under an active distribution contract.")
            .arg("name", &offer.name)
    });
    problems.check(offer.program, "contract.id", || {
        Text::new("The program contract with {provider} is not active. Usage can be reported again once it is.")
            .arg("provider", &offer.provider_name)
    });
    problems.check(offer.listed, "contract.id", || {
        Text::new("{product} is not listed on {marketplace}. Ask for a listing first.")
            .arg("product", product)
            .arg("marketplace", &offer.marketplace_name)
    });
}

/// The contracts under which a vendor may report usage of a product. For the page that makes a file.
pub fn offers(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<Vec<Offer>> {
    let seat = actor.need(Module::Usage, Level::Act)?;
    let Some(id) = ProductId::parse(product) else { return Ok(vec![]) };
    let offers = store::offers(tx, &id, &seat.account, 200)?;
    Ok(offers.into_iter().filter(|o| o.active && o.program && o.listed).collect())
}

/// The products of which a vendor may report usage now: id and name. For the page that makes a file.
pub fn products_to_report(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(ProductId, String)>> {
    actor.need(Module::Usage, Level::Act)?;
    let listed = store::listed_products(tx, actor, 500)?;
    Ok(listed.into_iter().filter(|p| reports(&p.capabilities.0)).map(|p| (p.id, p.name)).collect())
}

/// What is to be changed of a file; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The name.
    pub name: Option<String>,
    /// The vendor's own number.
    pub external_id: Option<String>,
    /// What the distributor reads with it.
    pub description: Option<String>,
    /// What only the vendor reads.
    pub note: Option<String>,
    /// The time it speaks of; an empty one takes it away.
    pub period: Option<Option<Period>>,
    /// In what money.
    pub currency: Option<String>,
}

/// Changes a file's own values. Rows that were checked against another period are checked again.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, id: &str, change: Change, revision: Option<i64>) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Edit, revision)?;
    let own = store::offer(tx, &file.product, &file.vendor, file.contract.as_str())?.map(|o| o.currency);
    let own = own.or_else(|| file.currency.clone()).unwrap_or_default();
    let mut problems = Problems::default();
    let draft = Draft {
        name: change.name.unwrap_or_else(|| file.name.clone()),
        external_id: change.external_id.or_else(|| file.external_id.clone()),
        description: change.description.unwrap_or_else(|| file.description.clone()),
        note: change.note.unwrap_or_else(|| file.note.clone()),
        period: change.period.unwrap_or(file.period),
        currency: change.currency.or_else(|| file.currency.clone()),
    }
    .checked(&mut problems, &own, file.schema != UsageSchema::Quantity);
    problems.done()?;
    let day = |period: Option<Period>| period.map(|p| p.name()).unwrap_or_default();
    let changes = [
        journal::Change::of("Name", &file.name, &draft.name),
        journal::Change::of(
            "External id",
            file.external_id.as_deref().unwrap_or_default(),
            draft.external_id.as_deref().unwrap_or_default(),
        ),
        journal::Change::of("Description", &file.description, &draft.description),
        journal::Change::of("Period", day(file.period), day(draft.period)),
        journal::Change::of(
            "Currency",
            file.currency.as_deref().unwrap_or_default(),
            draft.currency.as_deref().unwrap_or_default(),
        ),
    ];
    let changes: Vec<journal::Change> = changes.into_iter().flatten().collect();
    let check_again = file.period != draft.period && file.visible > 0;
    let note = journal::Change::of("Internal note", &file.note, &draft.note);
    if changes.is_empty() && note.is_none() {
        return Ok(());
    }
    file.name = draft.name;
    file.external_id = draft.external_id;
    file.description = draft.description;
    file.note = draft.note;
    file.period = draft.period;
    file.currency = draft.currency;
    if check_again {
        super::upload::check_again(tx, actor, &mut file)?;
    } else {
        store::move_to(tx, &mut file, status)?;
    }
    if !changes.is_empty() {
        let text = Text::new("Usage file {name} was changed").arg("name", &file.name);
        journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.changed", text).changes(changes))?;
    }
    if note.is_some() {
        let text = Text::new("The internal note was changed");
        journal::record(
            tx,
            actor,
            Entry::new(KIND, &file.id, "usage_file.noted", text)
                .changes(note)
                .audience(Audience::Sides(&[Side::Vendor])),
        )?;
    }
    Ok(())
}

/// The job that removes the rows of a deleted file.
pub const CLEAR: &str = "usage.clear";

/// Takes a file away; its record ids may be reported again. From here on nobody sees any of its rows, however many there
/// are; a job removes them.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: &str, revision: Option<i64>) -> Result<()> {
    let (mut file, status) = open(tx, actor, id, Verb::Delete, revision)?;
    stamp(tx, actor, &mut file, "deleted");
    super::upload::drop_workbooks(tx, &file, None)?;
    (file.visible, file.figures, file.subscriptions, file.amount_total) = (0, Figures::default(), 0, Amount::ZERO);
    (file.error_detail, file.submit_wish) = (None, None);
    store::move_to(tx, &mut file, status)?;
    if file.generation > 0 {
        let args = json!({ "file": file.id, "generation": file.generation });
        let dedupe = Some(format!("{CLEAR}:{}", file.id));
        jobs::enqueue(
            tx,
            NewJob { dedupe, account: Some(&file.vendor), object: Some(file.id.as_str()), ..NewJob::new(CLEAR, args) },
        )?;
    }
    let text = Text::new("Usage file {name} was deleted").arg("name", &file.name);
    journal::record(tx, actor, Entry::new(KIND, &file.id, "usage_file.deleted", text))?;
    crate::crash::point("usage.delete.before-commit");
    Ok(())
}

//! Items: what is ordered and invoiced, one by one.

use serde::{Deserialize, Serialize};

use super::Capabilities;
use crate::kit::{Amount, Events, ItemId, Problems, Quantity, Refusal, Text};

crate::word_enum! {
    /// How an item is charged: by what is reserved, or by what is used.
    pub enum ItemKind { Reservation = "reservation", Ppu = "ppu" }
}

impl ItemKind {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Reservation => "Reservation",
            Self::Ppu => "Pay-as-you-go",
        }
    }
}

crate::word_enum! {
    /// Where an item stands.
    pub enum ItemStatus { Draft = "draft", Published = "published", EndOfSale = "endofsale" }
}

crate::word_enum! {
    /// How finely a quantity may be given.
    pub enum Precision {
        Integer = "integer", Decimal1 = "decimal(1)", Decimal2 = "decimal(2)", Decimal4 = "decimal(4)", Decimal8 = "decimal(8)"
    }
}

impl Precision {
    /// How many digits behind the point.
    pub fn places(self) -> u32 {
        match self {
            Self::Integer => 0,
            Self::Decimal1 => 1,
            Self::Decimal2 => 2,
            Self::Decimal4 => 4,
            Self::Decimal8 => 8,
        }
    }

    /// Whether an amount is no finer than this.
    pub fn fits(self, amount: Amount) -> bool {
        amount.places() <= self.places()
    }
}

crate::word_enum! {
    /// For how long one charge lasts.
    pub enum Period {
        Monthly = "monthly", Yearly = "yearly", Years2 = "years_2", Years3 = "years_3", Years4 = "years_4", Years5 = "years_5",
        Years6 = "years_6", OneTime = "onetime", Trial7 = "days_7_trial", Trial14 = "days_14_trial", Trial30 = "days_30_trial",
        TrialMonth = "monthly_trial"
    }
}

impl Period {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Monthly => "1 month",
            Self::Yearly => "1 year",
            Self::Years2 => "2 years",
            Self::Years3 => "3 years",
            Self::Years4 => "4 years",
            Self::Years5 => "5 years",
            Self::Years6 => "6 years",
            Self::OneTime => "One-time",
            Self::Trial7 => "Trial of 7 days",
            Self::Trial14 => "Trial of 14 days",
            Self::Trial30 => "Trial of 30 days",
            Self::TrialMonth => "Trial of 1 month",
        }
    }

    /// Commitments that may be chosen, as the API counts them. 1 is none. Months are counted for a monthly item, years
    /// for the others.
    pub fn commitments(self) -> &'static [i32] {
        match self {
            Self::Monthly => &[1, 12, 24, 36, 48, 60, 72],
            Self::Yearly => &[1, 2, 3, 4, 5, 6],
            Self::Years2 => &[1, 4, 6],
            Self::Years3 => &[1, 6],
            _ => &[1],
        }
    }

    /// What people read for a commitment.
    pub fn commitment_title(self, count: i32) -> Text {
        match (self, count) {
            (_, ..=1) => Text::new("No commitment"),
            (Self::Monthly, n) if n % 12 == 0 => Text::new("{years|{years} year|{years} years}").arg("years", n / 12),
            (Self::Monthly, n) => Text::new("{months|{months} month|{months} months}").arg("months", n),
            (_, n) => Text::new("{years|{years} year|{years} years}").arg("years", n),
        }
    }
}

/// What a quantity counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// A word for a shared unit, `CU-123-456-789` for one of a company.
    pub id: String,
    /// What people read: `Licenses`.
    pub title: String,
    /// `unit`, `unit-h`.
    pub code: String,
}

/// One item of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The vendor's own number; unique in the product.
    pub mpn: String,
    /// Its name; unique in the product.
    pub name: String,
    /// What it is.
    pub description: String,
    /// How it is charged.
    pub kind: ItemKind,
    /// For how long one charge lasts.
    pub period: Period,
    /// As the API counts it; 1 is none.
    pub commitment: i32,
    /// How finely a quantity may be given.
    pub precision: Precision,
    /// What a quantity counts.
    pub unit: Unit,
    /// Where it stands.
    pub status: ItemStatus,
    /// It came in with usage and is not sold.
    pub dynamic: bool,
    /// It is shown when people order.
    pub visible: bool,
    /// The vendor's id in another system.
    pub external_id: Option<String>,
    /// Place among the product's items, in steps of 10,000.
    pub position: i32,
    /// What is kept but not asked for in queries.
    pub extra: ItemExtra,
    /// When what happened.
    pub events: Events,
}

/// Parts of an item that no query asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemExtra {
    /// The item above it.
    pub parent: Option<ItemId>,
    /// The item that replaces it after its end of sale.
    pub replacement: Option<ItemId>,
    /// What the vendor says about its end of sale.
    pub end_of_sale_notes: Option<String>,
}

impl Item {
    /// The id that hubs use as a key: with `_` for `-`.
    pub fn local_id(&self) -> String {
        self.id.as_str().replace('-', "_")
    }

    /// Whether a quantity may be ordered of it.
    pub fn takes(&self, quantity: Quantity) -> bool {
        match quantity {
            Quantity::Of(amount) => self.precision.fits(amount),
            Quantity::Unlimited => self.kind == ItemKind::Reservation,
        }
    }
}

/// Values of a new or changed item, not yet looked at.
#[derive(Debug, Clone)]
pub struct ItemDraft {
    /// The vendor's own number.
    pub mpn: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// How it is charged.
    pub kind: ItemKind,
    /// For how long one charge lasts.
    pub period: Period,
    /// As the API counts it.
    pub commitment: i32,
    /// How finely a quantity may be given.
    pub precision: Precision,
    /// Id of the unit.
    pub unit: String,
    /// Shown when people order.
    pub visible: bool,
    /// The vendor's id in another system.
    pub external_id: Option<String>,
    /// The item above it.
    pub parent: Option<ItemId>,
}

impl ItemDraft {
    /// The values of an item as they are.
    pub fn of(item: &Item) -> Self {
        Self {
            mpn: item.mpn.clone(),
            name: item.name.clone(),
            description: item.description.clone(),
            kind: item.kind,
            period: item.period,
            commitment: item.commitment,
            precision: item.precision,
            unit: item.unit.id.clone(),
            visible: item.visible,
            external_id: item.external_id.clone(),
            parent: item.extra.parent.clone(),
        }
    }

    /// Trims the texts, brings the commitment into its one form, and notes what is wrong. `now` is the item that is
    /// changed; none for a new one.
    #[must_use]
    pub fn checked(mut self, problems: &mut Problems, now: Option<&Item>, capabilities: &Capabilities) -> Self {
        self.mpn = problems.text("mpn", &self.mpn, 768);
        self.name = problems.text("name", &self.name, 255);
        self.description = problems.text("description", &self.description, 4_000);
        self.external_id = problems.optional("external_id", self.external_id.as_deref().unwrap_or_default(), 128);
        // A commitment as long as the period is none.
        if self.commitment <= 0
            || (self.period, self.commitment) == (Period::Years2, 2)
            || (self.period, self.commitment) == (Period::Years3, 3)
        {
            self.commitment = 1;
        }
        problems.check(self.period.commitments().contains(&self.commitment), "commitment", || {
            let words: Vec<String> = self.period.commitments().iter().map(i32::to_string).collect();
            Text::new("The commitment {count} does not fit the period {period:word}. Use one of: {allowed}.")
                .arg("count", self.commitment)
                .arg("period", self.period)
                .arg("allowed", words.join(", "))
        });
        match self.kind {
            ItemKind::Ppu => {
                problems.check(
                    capabilities.ppu.is_some() || now.is_some_and(|i| i.kind == ItemKind::Ppu),
                    "type",
                    || Text::new("Pay-as-you-go is off for this product. Switch it on in its settings first."),
                );
                problems.check(self.period == Period::Monthly, "period", || {
                    Text::new("A pay-as-you-go item is charged monthly; {period:word} does not fit. Use monthly.")
                        .arg("period", self.period)
                });
                problems.check(self.commitment == 1, "commitment", || {
                    Text::new("A pay-as-you-go item has no commitment. Leave it out.")
                });
            }
            ItemKind::Reservation => problems.check(self.precision == Precision::Integer, "precision", || {
                Text::new("A reservation item is counted in whole numbers; {precision} does not fit. Use integer.")
                    .arg("precision", self.precision)
            }),
        }
        if let Some(item) = now {
            problems.check(self.parent.as_ref() != Some(&item.id), "parent", || {
                Text::new("An item cannot be its own parent. Choose another.")
            });
            self.frozen(problems, item);
        }
        self
    }

    /// After its first version an item keeps what it is charged by.
    fn frozen(&self, problems: &mut Problems, now: &Item) {
        if now.status == ItemStatus::Draft {
            return;
        }
        let fixed = [
            ("type", self.kind == now.kind),
            ("period", self.period == now.period),
            ("commitment", self.commitment == now.commitment),
            ("precision", self.precision == now.precision),
            ("unit", self.unit == now.unit.id),
        ];
        for (field, same) in fixed {
            problems.check(same, field, || {
                Text::new("This cannot change any more: the item was published. Make a new item and end the sale of this one.")
            });
        }
    }
}

/// The items of a version as they are sold now: what the version keeps, in the status of now, and after them the items
/// that came in with usage.
pub fn sold(kept: Vec<Item>, now: Vec<Item>) -> Vec<Item> {
    let mut items = kept;
    for item in &mut items {
        if let Some(live) = now.iter().find(|i| i.id == item.id) {
            item.status = live.status;
        }
    }
    let new: Vec<Item> = now.into_iter().filter(|i| i.dynamic && items.iter().all(|k| k.id != i.id)).collect();
    items.extend(new);
    items
}

crate::word_enum! {
    /// What is done to an item besides editing it.
    pub enum ItemVerb { EndSale = "endsale", ResumeSale = "resumesale", Delete = "delete" }
}

/// Where an item stands after a verb; a deleted one stands where it stood. A version publishes drafts.
pub fn item_after(status: ItemStatus, verb: ItemVerb) -> Result<ItemStatus, Refusal> {
    use ItemStatus::{Draft, EndOfSale, Published};
    match (status, verb) {
        (Draft, ItemVerb::Delete) => Ok(Draft),
        (Published, ItemVerb::EndSale) => Ok(EndOfSale),
        (EndOfSale, ItemVerb::ResumeSale) => Ok(Published),
        // Clients know this sentence and its code.
        (_, ItemVerb::Delete) => Err(Refusal::state(Text::new("Only draft Item can be deleted.")).wire("PRD_038")),
        (Draft, ItemVerb::EndSale) => Err(Refusal::state(Text::new(
            "This item is a draft and was never on sale. Delete it if you do not need it.",
        ))),
        (EndOfSale, ItemVerb::EndSale) => Err(Refusal::state(Text::new("The sale of this item has ended already."))),
        (Draft | Published, ItemVerb::ResumeSale) => {
            Err(Refusal::state(Text::new("The sale of this item has not ended, so there is nothing to resume.")))
        }
    }
}

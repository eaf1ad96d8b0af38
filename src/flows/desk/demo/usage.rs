//! Twelve months of usage: workbooks that the vendors send, and what their distributors do with them.

use jiff::ToSpan;

use super::companies::Companies;
use super::orders::{State, Story};
use super::products::{Place, Product, ground};
use super::{DAY, Demo, Made, failed};
use crate::flows::products::model::{ItemKind, UsageSchema};
use crate::flows::usage::actions::{self as usage, Incoming, NewFile};
use crate::flows::usage::model::{Draft, Field, Period, shown};
use crate::kit::{Limits, Time};
use crate::outside::sheets::{BookWriter, Column, OutCell, SheetError, Value};

/// What is done with a usage file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Create,
    Upload,
    Submit,
    Accept,
    Reject,
    Close,
}

/// How far a usage file has come by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing was sent yet.
    Empty,
    /// Some rows are wrong.
    Faulty,
    /// It is good but not yet sent on.
    Ready,
    /// It waits for the distributor.
    Pending,
    Rejected,
    Accepted,
    Closed,
}

/// A usage file: the usage of a product in a place in one month.
pub(super) struct File {
    product: usize,
    place: Place,
    pub period: Period,
    fate: Fate,
    pub id: Option<String>,
}

impl File {
    /// What happens to it, and how many hours after its month.
    pub fn stages(&self) -> impl Iterator<Item = (i64, Stage)> + use<> {
        let stages: &[Stage] = match self.fate {
            Fate::Empty => &[Stage::Create],
            Fate::Faulty | Fate::Ready => &[Stage::Create, Stage::Upload],
            Fate::Pending => &[Stage::Create, Stage::Upload, Stage::Submit],
            Fate::Rejected => &[Stage::Create, Stage::Upload, Stage::Submit, Stage::Reject],
            Fate::Accepted => &[Stage::Create, Stage::Upload, Stage::Submit, Stage::Accept],
            Fate::Closed => &[Stage::Create, Stage::Upload, Stage::Submit, Stage::Accept, Stage::Close],
        };
        let base = 2 * DAY + 8 + i64::try_from(self.product).unwrap_or(0) * 5;
        let after = |stage: Stage| match stage {
            Stage::Create | Stage::Upload => 0,
            Stage::Submit => 3,
            Stage::Accept | Stage::Reject => DAY,
            Stage::Close => 4 * DAY,
        };
        stages.iter().map(move |stage| (base + after(*stage), *stage))
    }
}

/// Which product reports where for how many months, and how far the newest files have come, the newest first. What is
/// older is closed.
const REPORTED: &[(usize, Place, i32, &[Fate])] = &[
    (0, Place::Dach, 12, &[Fate::Pending, Fate::Accepted]),
    (0, Place::Benelux, 2, &[Fate::Faulty, Fate::Rejected]),
    (2, Place::Dach, 12, &[Fate::Ready, Fate::Accepted]),
    (4, Place::Nordics, 4, &[Fate::Pending, Fate::Accepted]),
    (5, Place::Nordics, 3, &[Fate::Empty, Fate::Accepted]),
];

/// The files of the months before a moment.
pub(super) fn files(now: Time) -> Vec<File> {
    let this = now.date().first_of_month();
    let mut all = vec![];
    for (product, place, months, fates) in REPORTED {
        for back in 1..=*months {
            let start = this.checked_sub(back.months()).ok().and_then(Time::of_date);
            let end = this.checked_sub((back - 1).months()).ok().and_then(Time::of_date);
            let (Some(from), Some(end)) = (start, end) else { continue };
            let newest = usize::try_from(back - 1).unwrap_or(0);
            let fate = fates.get(newest).copied().unwrap_or(Fate::Closed);
            all.push(File { product: *product, place: *place, period: Period { from, end }, fate, id: None });
        }
    }
    all
}

impl Demo<'_> {
    /// Does what a stage of a file asks for.
    pub(super) fn report(
        &self,
        companies: &Companies,
        products: &[Product],
        lives: (&[Story], &[State]),
        file: &mut File,
        stage: Stage,
    ) -> Made<()> {
        let Some(product) = products.get(file.product) else { return Ok(()) };
        let (market, distributor) = ground(companies, file.place);
        let vendor = product.owner(companies).actor(0);
        let buyer = distributor.actor(1);
        let month = file.period.from.date().strftime("%B %Y").to_string();
        if stage == Stage::Create {
            let Some(sold) = product.sold.iter().find(|s| s.place == file.place) else { return Ok(()) };
            if file.fate != Fate::Empty && rows(product, file, lives).is_empty() {
                return Ok(());
            }
            let new = NewFile {
                product: product.id.clone(),
                contract: sold.contract.clone(),
                draft: Draft {
                    name: format!("{}, {month}", product.recipe.name),
                    description: format!("Usage in {}", market.name),
                    period: Some(file.period),
                    ..Draft::default()
                },
            };
            file.id = Some(self.at_once("usage file", |tx| usage::create(tx, &vendor, new.clone()))?.to_string());
            return Ok(());
        }
        let Some(id) = file.id.clone() else { return Ok(()) };
        match stage {
            Stage::Create => {}
            Stage::Upload => {
                let rows = rows(product, file, lives);
                let name =
                    format!("usage-{}-{}.xlsx", file.period.from.date().strftime("%Y-%m"), market.name.to_lowercase());
                let incoming = self.workbook(product, &rows, name)?;
                self.at_once("upload", |tx| usage::upload(tx, &vendor, &id, &incoming))?;
                self.done()?;
            }
            Stage::Submit => self.at_once("submission", |tx| usage::submit(tx, &vendor, &id, None))?,
            Stage::Accept => {
                self.done()?;
                self.at_once("acceptance", |tx| usage::accept(tx, &buyer, &id, "Checked against our orders", None))?;
            }
            Stage::Reject => {
                let why = "The totals differ from our orders by more than a tenth. Please check the archive.";
                self.at_once("rejection", |tx| usage::reject(tx, &buyer, &id, why, None))?;
            }
            Stage::Close => {
                let billing = file.period.from.date().strftime("INV-%Y-%m").to_string();
                self.at_once("closing", |tx| {
                    usage::close_all(tx, &buyer, &id, &billing, "Billed with the month", None)
                })?;
            }
        }
        Ok(())
    }

    /// Writes a workbook and keeps it, as an upload is kept.
    fn workbook(&self, product: &Product, rows: &[Vec<String>], name: String) -> Made<Incoming> {
        let fault = |e: &dyn std::fmt::Display| failed("workbook", e);
        let files = &self.services.files;
        let file = files.temp_file().map_err(|e| fault(&e.text()))?;
        let written: Result<(), SheetError> = (|| {
            let mut book = BookWriter::new(files.temp_folder())?;
            let columns: Vec<Column<'_>> = columns(product).iter().map(|f| Column::new(f.as_str(), 22)).collect();
            let mut sheet = book.sheet("records", &columns)?;
            for row in rows {
                let cells: Vec<OutCell<'_>> = row.iter().map(|text| Value::Text(text).into()).collect();
                sheet.row(&cells)?;
            }
            book.save(file.path())
        })();
        written.map_err(|e| fault(&e))?;
        let staged = files.stage_file(file, Limits::default().workbook()).map_err(|e| fault(&e.text()))?;
        files.keep(&staged.key).map_err(|e| fault(&e.text()))?;
        Ok(Incoming {
            key: staged.key.to_string(),
            name,
            size: i64::try_from(staged.size).unwrap_or(i64::MAX),
            sha256: staged.sha256,
        })
    }
}

fn columns(product: &Product) -> Vec<Field> {
    let mut fields = vec![
        Field::RecordId,
        Field::ItemCriteria,
        Field::ItemValue,
        Field::Quantity,
        Field::Start,
        Field::End,
        Field::AssetCriteria,
        Field::AssetValue,
    ];
    match product.recipe.schema {
        Some(UsageSchema::PriceRated | UsageSchema::CostRated) => fields.push(Field::Amount),
        Some(UsageSchema::TiersRated) => fields.extend([Field::Amount, Field::Tier]),
        _ => {}
    }
    fields
}

/// The rows of a month: for each subscription what it used of each item, and what that costs.
fn rows(product: &Product, file: &File, (stories, states): (&[Story], &[State])) -> Vec<Vec<String>> {
    let mut rows = vec![];
    let month = file.period.from.date().month();
    for (n, (story, state)) in stories.iter().zip(states).enumerate() {
        let (Some(asset), Some(since)) = (&state.asset, state.since) else { continue };
        let gone = state.ended.is_some_and(|ended| ended <= file.period.end);
        if story.product != file.product || story.place != file.place || since >= file.period.last() || gone {
            continue;
        }
        for item in product.recipe.of(ItemKind::Ppu) {
            let share = 80 + (i64::try_from(n).unwrap_or(0) * 13 + i64::from(month) * 7) % 45;
            // In ten-thousandths, and hundredths of money.
            let quantity = state.quantity * item.usage * share * 100;
            let cents = quantity * item.price / 10_000;
            let tiers: &[(&str, i64)] = match product.recipe.schema {
                Some(UsageSchema::TiersRated) => &[("0", 100), ("1", 88)],
                _ => &[("", 100)],
            };
            for (tier, percent) in tiers {
                let mut row = vec![
                    format!("{asset}-{}-{}{tier}", file.period.from.date().strftime("%Y%m"), item.mpn),
                    "item.mpn".to_owned(),
                    item.mpn.to_owned(),
                    format!("{}.{:04}", quantity / 10_000, quantity % 10_000),
                    shown(file.period.from.max(since)),
                    shown(file.period.last()),
                    "asset.id".to_owned(),
                    asset.clone(),
                ];
                if product.recipe.schema != Some(UsageSchema::Quantity) {
                    let cents = cents * percent / 100;
                    row.push(format!("{}.{:02}", cents / 100, cents % 100));
                }
                if !tier.is_empty() {
                    row.push((*tier).to_owned());
                }
                rows.push(row);
            }
        }
    }
    if file.fate == Fate::Faulty {
        spoil(&mut rows);
    }
    rows
}

/// Mistakes as people make them: a misspelt item, a subscription that does not exist.
fn spoil(rows: &mut [Vec<String>]) {
    for (n, row) in rows.iter_mut().enumerate() {
        match (n % 3, row.as_mut_slice()) {
            (0, [_, _, mpn, ..]) => {
                mpn.pop();
            }
            (1, [_, _, _, _, _, _, _, asset, ..]) => *asset = "AS-0000-2217-8841".to_owned(),
            _ => {}
        }
    }
}

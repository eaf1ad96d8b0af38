//! Reading and checking the rows of one file. What needs a look at the database (the subscription, other files' record
//! ids) is checked afterwards, for many rows at once.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::file::{MAX_NEW_ITEMS, Period};
use super::items::{Found, ItemIndex, NewItem};
use super::row::{Checked, Code, Fault, Item, Raw, Source};
use super::sheet::{Criteria, Field, Layout};
use super::times;
use crate::flows::products::model::{ItemKind, Precision, UsageSchema};
use crate::kit::{Amount, BadAmount, Text, Time};

/// Longest text of a cell that is kept, in characters.
const MAX_TEXT: usize = 255;
/// How many unknown items are compared with all known ones for a suggestion.
const MAX_SUGGESTIONS: usize = 200;
/// An amount is below this, either way.
const MAX_NUMBER: i64 = 100_000_000_000_000;

/// What the rows of one file are checked against.
pub struct Basis {
    /// The file's id; makes record ids for rows without one.
    pub file: String,
    /// Where the columns are.
    pub layout: Layout,
    /// What the rows carry.
    pub schema: UsageSchema,
    /// The time the file speaks of.
    pub period: Option<Period>,
    /// Rows may lie after the period.
    pub future: bool,
    /// Rows may lie before the period.
    pub late: bool,
    /// Rows may name reserved items.
    pub consumption: bool,
    /// Rows may name pay-as-you-go items.
    pub ppu: bool,
    /// Rows may bring items along.
    pub dynamic: bool,
    /// The product's items.
    pub items: ItemIndex,
    /// Names of the product's subscription parameters.
    pub parameters: Vec<String>,
    /// The categories of the file; none if it has no such sheet.
    pub categories: Option<HashSet<String>>,
}

/// The rules of one file and what was seen of it so far.
pub struct RowRules {
    basis: Basis,
    /// Record ids by digest, with the number of their row: a file of 500,000 rows has about 20 MB of them.
    seen: HashMap<[u8; 16], u32>,
    new_items: HashMap<String, (NewItem, u32)>,
    nearest: HashMap<String, Option<String>>,
}

impl RowRules {
    /// Rules for the first row on.
    pub fn new(basis: Basis) -> Self {
        Self { basis, seen: HashMap::new(), new_items: HashMap::new(), nearest: HashMap::new() }
    }

    /// What the rows are checked against.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// Items that the rows so far bring along.
    pub fn new_items(&self) -> impl Iterator<Item = &NewItem> {
        self.new_items.values().map(|(item, _)| item)
    }

    /// Reads and checks the next row; `place` counts the rows with values from 1.
    pub fn check(&mut self, source: &impl Source, place: u32) -> Checked {
        let mut row = Checked { place, sheet_row: source.number(), ..Checked::default() };
        self.identity(source, &mut row);
        let places = self.item(source, &mut row);
        self.numbers(source, &mut row, places);
        self.window(source, &mut row);
        self.subscription(source, &mut row);
        self.rest(source, &mut row);
        row
    }

    fn cell<'s>(&self, source: &'s impl Source, field: Field) -> Raw<'s> {
        self.basis.layout.place(field).map_or(Raw::Empty, |place| source.cell(place))
    }

    /// The text of a cell; none if empty. A cell that cannot be used is a fault and none.
    fn text<'s>(&self, source: &'s impl Source, field: Field, row: &mut Checked) -> Option<Cow<'s, str>> {
        read_text(self.cell(source, field), field.as_str(), row)
    }

    fn required<'s>(&self, source: &'s impl Source, field: Field, row: &mut Checked) -> Option<Cow<'s, str>> {
        let before = row.faults.len();
        let text = self.text(source, field, row);
        if text.is_none() && row.faults.len() == before {
            row.fault(missing(field));
        }
        text
    }

    fn identity(&mut self, source: &impl Source, row: &mut Checked) {
        // Two old clients leave the id empty; their successors write this one.
        let id = self.text(source, Field::RecordId, row);
        row.record_id = id.map_or_else(|| format!("{}_record_{}", self.basis.file, row.place - 1), Cow::into_owned);
        let digest: [u8; 32] = Sha256::digest(row.record_id.as_bytes()).into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        if let Some(first) = self.seen.get(&key) {
            let text = Text::new("Row {first} has the same id. Give each row an id of its own.").arg("first", first);
            let fault = Fault::new(Code::TwiceHere, Field::RecordId.as_str(), &row.record_id, text);
            row.fault(fault);
        } else {
            self.seen.insert(key, row.sheet_row);
        }
        row.note = self.text(source, Field::RecordNote, row).map(Cow::into_owned).unwrap_or_default();
    }

    /// Finds the item and gives how many decimals its quantities may have.
    fn item(&mut self, source: &impl Source, row: &mut Checked) -> Option<u32> {
        let criteria = self.required(source, Field::ItemCriteria, row);
        let value = self.required(source, Field::ItemValue, row);
        let by = criteria.and_then(|word| {
            let by = Found::parse(&word);
            if by.is_none() {
                let words = Found::WORDS.map(|(word, _)| word).join(", ");
                let text = Text::new("This is not a way to name an item. Use one of: {words}.").arg("words", words);
                row.fault(Fault::new(Code::BadItemCriteria, Field::ItemCriteria.as_str(), word, text));
            }
            by
        });
        let (by, value) = (by?, value?);
        let Some(item) = self.basis.items.find(by, &value) else {
            return self.unknown_item(source, row, by, &value);
        };
        let (reserved, allowed) = match item.kind {
            ItemKind::Reservation => (true, self.basis.consumption),
            ItemKind::Ppu => (false, self.basis.ppu),
        };
        row.item = Some(Item::Known { id: item.id.to_string(), mpn: item.mpn.clone(), reserved });
        let places = item.precision.places();
        if !allowed {
            let text = if reserved {
                Text::new(
                    "This is a reservation item, and the product does not report its consumption. Use a pay-as-you-go item.",
                )
            } else {
                Text::new("This is a pay-as-you-go item, and the product has pay-as-you-go switched off.")
            };
            row.fault(Fault::new(Code::WrongItem, Field::ItemValue.as_str(), value, text));
        }
        Some(places)
    }

    fn unknown_item(&mut self, source: &impl Source, row: &mut Checked, by: Found, value: &str) -> Option<u32> {
        if self.basis.dynamic && by == Found::Mpn {
            return self.new_item(source, row, value);
        }
        let nearest = match self.nearest.get(value) {
            Some(known) => known.clone(),
            None if self.nearest.len() < MAX_SUGGESTIONS => {
                let found = self.basis.items.nearest(by, value);
                self.nearest.insert(value.to_owned(), found.clone());
                found
            }
            None => None,
        };
        let text = match nearest {
            Some(nearest) => Text::new("The product has no such item. Nearest: {nearest}.").arg("nearest", nearest),
            None => Text::new("The product has no such item. Check the code."),
        };
        row.fault(Fault::new(Code::NoItem, Field::ItemValue.as_str(), value, text));
        None
    }

    /// An item that the row brings along: complete, and the same in each row.
    fn new_item(&mut self, source: &impl Source, row: &mut Checked, mpn: &str) -> Option<u32> {
        let before = row.faults.len();
        let mut part = |field: Field| {
            let text = self.text(source, field, row);
            if text.is_none() && row.faults.len() == before {
                let text = Text::new("The product has no item {mpn}. Fill in item_name, item_unit and item_precision to add it, or correct the code.").arg("mpn", mpn);
                row.fault(Fault::new(Code::BadNewItem, field.as_str(), "", text));
            }
            text
        };
        let (name, unit, precision) = (part(Field::ItemName), part(Field::ItemUnit), part(Field::ItemPrecision));
        let (name, unit, word) = (name?, unit?, precision?);
        let Some(precision) = Precision::parse(&word) else {
            let text =
                Text::new("This is not a precision. Use one of: {words}.").arg("words", Precision::WORDS.join(", "));
            row.fault(Fault::new(Code::BadNewItem, Field::ItemPrecision.as_str(), word, text));
            return None;
        };
        let item = NewItem { mpn: mpn.to_owned(), name: name.into_owned(), unit: unit.into_owned(), precision };
        match self.new_items.get(mpn) {
            Some((known, _)) if *known == item => {}
            Some((_, first)) => {
                let text = Text::new(
                    "Row {first} brings the same new item along with another name, unit or precision. Make them alike.",
                )
                .arg("first", first);
                row.fault(Fault::new(Code::BadNewItem, Field::ItemValue.as_str(), mpn, text));
                return None;
            }
            None if self.new_items.len() >= MAX_NEW_ITEMS => {
                let text = Text::new(
                    "The file brings more than {max:number} new items along. Add items to the product first.",
                )
                .arg("max", MAX_NEW_ITEMS);
                row.fault(Fault::new(Code::BadNewItem, Field::ItemValue.as_str(), mpn, text));
                return None;
            }
            None => {
                self.new_items.insert(mpn.to_owned(), (item, row.sheet_row));
            }
        }
        row.item = Some(Item::New { mpn: mpn.to_owned() });
        Some(precision.places())
    }

    fn numbers(&self, source: &impl Source, row: &mut Checked, places: Option<u32>) {
        row.quantity = self.number(source, Field::Quantity, row, Code::Missing, places);
        if self.basis.schema != UsageSchema::Quantity {
            row.amount = self.number(source, Field::Amount, row, Code::NoAmount, None);
        }
        if self.basis.schema == UsageSchema::TiersRated
            && let Some(text) = self.required(source, Field::Tier, row)
        {
            match Amount::parse(&text).ok().map(|a| a.to_string()).as_deref() {
                Some("0") => row.tier = Some(0),
                Some("1") => row.tier = Some(1),
                Some("2") => row.tier = Some(2),
                _ => {
                    let wanted = Text::new(
                        "The tier is 0 for the customer, 1 for the reseller next to the customer, 2 for the one above.",
                    );
                    row.fault(Fault::new(Code::BadNumber, Field::Tier.as_str(), text, wanted));
                }
            }
        }
    }

    fn number(
        &self,
        source: &impl Source,
        field: Field,
        row: &mut Checked,
        absent: Code,
        places: Option<u32>,
    ) -> Option<Amount> {
        let before = row.faults.len();
        let cell = self.cell(source, field);
        let calculated = if let Raw::Number(digits) = &cell { calculated(digits) } else { None };
        let Some(text) = read_text(cell, field.as_str(), row) else {
            if row.faults.len() == before {
                row.fault(Fault { code: absent, ..missing(field) });
            }
            return None;
        };
        let wrong = match calculated.map_or_else(|| Amount::parse(&text), Ok) {
            Ok(amount) if amount.decimal().abs() > MAX_NUMBER.into() => {
                Text::new("This is more than {max:number} either way. Check the number.").arg("max", MAX_NUMBER)
            }
            Ok(amount) => match places.filter(|places| amount.places() > *places) {
                None => return Some(amount),
                Some(0) => Text::new("This item is counted in whole numbers. Remove the decimals."),
                Some(most) => {
                    Text::new("This item takes at most {most|{most} decimal|{most} decimals}. Round the quantity.")
                        .arg("most", most)
                }
            },
            Err(BadAmount::NotANumber) => {
                Text::new("This is not a number. Use a point for decimals and no thousands separator, like 1234.50.")
            }
            Err(BadAmount::TooFine) => Text::new("This has more than 8 decimals. Round it."),
            Err(BadAmount::TooLarge) => Text::new("This has more than 20 digits before the point. Check it."),
        };
        row.fault(Fault::new(Code::BadNumber, field.as_str(), text, wrong));
        None
    }

    fn window(&self, source: &impl Source, row: &mut Checked) {
        row.start = self.moment(source, Field::Start, row);
        row.end = self.moment(source, Field::End, row);
        let (Some(start), Some(end)) = (row.start, row.end) else { return };
        if end < start {
            let text = Text::new("The end lies before the start, {start}. Swap them, or correct one.")
                .arg("start", times::shown(start));
            row.fault(Fault::new(Code::BadTime, Field::End.as_str(), times::shown(end), text));
            return;
        }
        let Some(period) = self.basis.period else { return };
        if end >= period.end && !self.basis.future {
            let text = Text::new("The file is about the time until {last}, and the product does not report future usage. Correct the time.")
                .arg("last", times::shown(period.last()));
            row.fault(Fault::new(Code::AfterPeriod, Field::End.as_str(), times::shown(end), text));
        }
        if start < period.from && !self.basis.late {
            let text = Text::new(
                "The file is about the time from {from}, and the product does not report late usage. Correct the time.",
            )
            .arg("from", times::shown(period.from));
            row.fault(Fault::new(Code::BeforePeriod, Field::Start.as_str(), times::shown(start), text));
        }
    }

    fn moment(&self, source: &impl Source, field: Field, row: &mut Checked) -> Option<Time> {
        let text = match self.cell(source, field) {
            Raw::Moment(at) => return Some(times::of_civil(at)),
            Raw::Empty => {
                row.fault(missing(field));
                return None;
            }
            other => read_text(other, field.as_str(), row)?,
        };
        let at = times::read_moment(&text);
        if at.is_none() {
            let wanted = Text::new("This is not a time in the form wanted. Write it in UTC like 2026-05-31 23:59:59.");
            row.fault(Fault::new(Code::BadTime, field.as_str(), text, wanted));
        }
        at
    }

    fn subscription(&self, source: &impl Source, row: &mut Checked) {
        let criteria = self.required(source, Field::AssetCriteria, row);
        row.asset_value = self.required(source, Field::AssetValue, row).map(Cow::into_owned);
        row.recon = self.text(source, Field::ReconId, row).map(Cow::into_owned);
        let Some(word) = criteria else { return };
        row.criteria = self.criteria(&word);
        if row.criteria.is_none() {
            let text = if word.len() > 10 && word.to_ascii_lowercase().starts_with("parameter.") {
                Text::new("The product has no such parameter. Check its id.")
            } else {
                Text::new(
                    "This is not a way to name a subscription. Use asset.id, or parameter. followed by the id of a parameter.",
                )
            };
            row.fault(Fault::new(Code::BadAssetCriteria, Field::AssetCriteria.as_str(), word, text));
        }
    }

    fn criteria(&self, word: &str) -> Option<Criteria> {
        match word.to_ascii_lowercase().as_str() {
            "asset.id" => Some(Criteria::Id),
            "asset.external_id" => Some(Criteria::ExternalId),
            "asset.external_uid" => Some(Criteria::ExternalUid),
            folded => {
                let wanted = folded.strip_prefix("parameter.")?;
                let exact = word.get("parameter.".len()..)?;
                let mut names = self.basis.parameters.iter();
                let found = names
                    .clone()
                    .find(|name| *name == exact)
                    .or_else(|| names.find(|name| name.eq_ignore_ascii_case(wanted)));
                found.map(|name| Criteria::Parameter(name.clone()))
            }
        }
    }

    fn rest(&self, source: &impl Source, row: &mut Checked) {
        row.category = self.text(source, Field::Category, row).map(Cow::into_owned);
        if let (Some(category), Some(known)) = (&row.category, &self.basis.categories)
            && !known.contains(category)
        {
            let text = Text::new("The sheet “categories” has no such category. Add it there, or correct the id.");
            let fault = Fault::new(Code::NoCategory, Field::Category.as_str(), category, text);
            row.fault(fault);
        }
        for (name, place, required) in self.basis.layout.custom() {
            let before = row.faults.len();
            match read_text(source.cell(*place), name, row) {
                Some(value) => row.params.push((name.clone(), value.into_owned())),
                None if *required && row.faults.len() == before => {
                    let text = Text::new("The product needs a value here in every row. Fill it in.");
                    row.fault(Fault::new(Code::NoCustom, name, "", text));
                }
                None => {}
            }
        }
    }
}

/// The number that was meant by a number cell with more than eight decimals. Programs that calculate with binary doubles
/// write 64.117162 as 64.11716199999999: beyond fifteen significant digits there is nothing but the remainder of the
/// double. Numbers with up to eight decimals are taken as they stand, and so is text.
fn calculated(digits: &str) -> Option<Amount> {
    if Amount::parse(digits) != Err(BadAmount::TooFine) {
        return None;
    }
    let exact: Decimal = digits.parse().ok()?;
    Amount::from_decimal(exact.round_sf(15)?).ok()
}

fn missing(field: Field) -> Fault {
    Fault::new(Code::Missing, field.as_str(), "", Text::new("This value is required. Fill it in."))
}

fn read_text<'s>(cell: Raw<'s>, column: &str, row: &mut Checked) -> Option<Cow<'s, str>> {
    let text = match cell {
        Raw::Empty => return None,
        Raw::Text(text) => text,
        Raw::Number(digits) => Cow::Borrowed(digits),
        Raw::Moment(at) => Cow::Owned(times::shown(times::of_civil(at))),
        Raw::Bad(why) => {
            row.fault(Fault::new(Code::BadValue, column, "", why));
            return None;
        }
    };
    if text.len() > MAX_TEXT && text.chars().count() > MAX_TEXT {
        let why = Text::new("This is longer than {max} characters. Shorten it.").arg("max", MAX_TEXT);
        row.fault(Fault::new(Code::BadValue, column, &text, why));
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remainders_of_doubles_are_not_decimals() {
        for (stored, meant) in [
            ("64.11716199999999", Some("64.117162")),
            ("99.99000000000001", Some("99.99")),
            ("0.1234567890123456", None),
            ("0.000000001", None),
            ("64.117162", None),
            ("10000000.00000001", None),
            ("12345678901234567890.12345678", None),
            ("-0.30000000000000004", Some("-0.3")),
        ] {
            assert_eq!(calculated(stored).map(|a| a.to_string()).as_deref(), meant, "{stored}");
        }
    }
}

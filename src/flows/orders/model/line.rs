//! Items and quantities of a request.

use crate::flows::products::model::{Item, ItemKind, ItemStatus, Period, Precision};
use crate::kit::{Amount, ItemId, Problems, Quantity, Refusal, Text};

/// Most items of one request.
pub const MAX_LINES: usize = 500;

/// One item of a request or a subscription.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    /// The item.
    pub id: ItemId,
    /// The vendor's own number.
    pub mpn: String,
    /// Its name.
    pub name: String,
    /// Reserved, or paid as it is used.
    pub kind: ItemKind,
    /// For how long one charge lasts.
    pub period: Period,
    /// What a quantity counts.
    pub unit: String,
    /// How finely it may be given.
    pub precision: Precision,
    /// How many.
    pub quantity: Quantity,
    /// How many before this request.
    pub old: Quantity,
}

impl Line {
    fn new(item: &Item, quantity: Quantity) -> Self {
        Self {
            id: item.id.clone(),
            mpn: item.mpn.clone(),
            name: item.name.clone(),
            kind: item.kind,
            period: item.period,
            unit: item.unit.title.clone(),
            precision: item.precision,
            quantity,
            old: Quantity::ZERO,
        }
    }

    /// Whether nothing of it is ordered.
    pub fn is_nothing(&self) -> bool {
        self.quantity == Quantity::ZERO && self.kind == ItemKind::Reservation
    }

    /// Whether the request changes it.
    pub fn is_changed(&self) -> bool {
        self.quantity != self.old
    }

    /// How much more is asked for than there was; none where either has no limit.
    pub fn difference(&self) -> Option<Amount> {
        match (self.quantity, self.old) {
            (Quantity::Of(new), Quantity::Of(old)) => Amount::from_decimal(new.decimal() - old.decimal()).ok(),
            _ => None,
        }
    }

    /// The period as requests write it: `Monthly`, `Years_2`, `OneTime`.
    pub fn wire_period(&self) -> String {
        if self.period == Period::OneTime {
            return "OneTime".to_owned();
        }
        let word = self.period.as_str();
        word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
    }

    /// The kind as requests write it.
    pub fn wire_kind(&self) -> &'static str {
        match self.kind {
            ItemKind::Reservation => "Reservation",
            ItemKind::Ppu => "PPU",
        }
    }
}

/// An item and quantity as a buyer sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenLine {
    /// Path in the body, `asset.items.0`.
    pub path: String,
    /// Id or number of the item.
    pub key: String,
    /// How many; may be absent for what is paid as it is used.
    pub quantity: Option<String>,
}

/// The lines of a purchase, in the order of the product's items.
///
/// # Errors
/// Every line that names no item of the product or asks for a quantity that the item does not take.
pub fn ordered_lines(given: &[GivenLine], items: &[Item]) -> Result<Vec<Line>, Refusal> {
    let mut problems = Problems::default();
    let mut lines: Vec<Line> = vec![];
    for (line, item, quantity) in read(given, items, &mut problems) {
        problems
            .check(item.status == ItemStatus::Published || quantity == Quantity::ZERO, &line.path, || not_sold(item));
        lines.push(Line::new(item, quantity));
    }
    problems.done()?;
    if lines.iter().all(|l| l.quantity == Quantity::ZERO && l.kind == ItemKind::Reservation) {
        let text = Text::new("This list may not be empty: order at least one item with a quantity above 0.");
        return Err(Refusal::field("asset.items", text));
    }
    Ok(sorted(lines, items))
}

/// The lines of a change: all that the subscription has, with the new quantities. Items that are not named stay.
///
/// # Errors
/// As [`ordered_lines`].
pub fn changed_lines(now: &[Line], given: &[GivenLine], items: &[Item]) -> Result<Vec<Line>, Refusal> {
    let mut problems = Problems::default();
    let mut lines: Vec<Line> = now.iter().map(|l| Line { old: l.quantity, ..l.clone() }).collect();
    for (line, item, quantity) in read(given, items, &mut problems) {
        match lines.iter_mut().find(|l| l.id == item.id) {
            Some(known) => {
                problems.check(
                    item.status == ItemStatus::Published || !is_more(quantity, known.old),
                    &line.path,
                    || not_sold(item),
                );
                known.quantity = quantity;
            }
            None => {
                problems.check(item.status == ItemStatus::Published || quantity == Quantity::ZERO, &line.path, || {
                    not_sold(item)
                });
                lines.push(Line::new(item, quantity));
            }
        }
    }
    problems.done().map(|()| sorted(lines, items))
}

fn not_sold(item: &Item) -> Text {
    Text::new("{name} ({mpn}) is not sold any more. Leave it out, or order its replacement.")
        .arg("name", &item.name)
        .arg("mpn", &item.mpn)
}

fn is_more(new: Quantity, old: Quantity) -> bool {
    match (new, old) {
        (Quantity::Of(new), Quantity::Of(old)) => new > old,
        (Quantity::Unlimited, Quantity::Of(_)) => true,
        _ => false,
    }
}

fn sorted(mut lines: Vec<Line>, items: &[Item]) -> Vec<Line> {
    let place = |l: &Line| items.iter().position(|i| i.id == l.id).unwrap_or(usize::MAX);
    lines.sort_by_key(place);
    lines
}

fn read<'g, 'i>(
    given: &'g [GivenLine],
    items: &'i [Item],
    problems: &mut Problems,
) -> Vec<(&'g GivenLine, &'i Item, Quantity)> {
    let mut read: Vec<(&GivenLine, &Item, Quantity)> = vec![];
    for line in given {
        let key = line.key.trim();
        let found =
            items.iter().find(|i| i.id == *key).or_else(|| items.iter().find(|i| i.mpn == key || i.local_id() == key));
        let Some(item) = found else {
            problems.add(
                &format!("{}.id", line.path),
                Text::new("The product has no item {key}. Send the id or MPN of one of its items.").arg("key", key),
            );
            continue;
        };
        if read.iter().any(|(_, i, _)| i.id == item.id) {
            problems.add(
                &line.path,
                Text::new("The item {mpn} is there twice. Send it once, with the whole quantity.")
                    .arg("mpn", &item.mpn),
            );
            continue;
        }
        match quantity(line, item) {
            Ok(quantity) => read.push((line, item, quantity)),
            Err(text) => problems.add(&format!("{}.quantity", line.path), text.arg("mpn", &item.mpn)),
        }
    }
    read
}

fn quantity(line: &GivenLine, item: &Item) -> Result<Quantity, Text> {
    let text = match line.quantity.as_deref().map(str::trim) {
        None | Some("") if item.kind == ItemKind::Ppu => return Ok(Quantity::Unlimited),
        None | Some("") => return Err(Text::new("Say how many of {mpn} are ordered.")),
        Some(text) => text,
    };
    let wrong = || {
        Text::new("{value} is not a quantity. Send a number of 0 or more for {mpn}.")
            .arg("value", text.chars().take(40).collect::<String>())
    };
    match Quantity::parse(text) {
        Err(crate::kit::BadAmount::TooLarge) => {
            Err(Text::new("The quantity of {mpn} has more than 20 digits before the point. Send less."))
        }
        Ok(Quantity::Of(amount)) if !item.precision.fits(amount) => Err(match item.precision.places() {
            0 => Text::new("{mpn} is counted in whole numbers; {value} is not one.").arg("value", amount),
            places => Text::new("{mpn} is counted with at most {places} digits behind the point; {value} has more.")
                .arg("places", places)
                .arg("value", amount),
        }),
        Ok(quantity) => Ok(quantity),
        Err(_) => Err(wrong()),
    }
}

/// By how much a request raises the reserved quantities in all: what a queue shows. None if it changes none of them.
pub fn net(lines: &[Line]) -> Option<Amount> {
    let changed: Vec<Amount> = lines
        .iter()
        .filter(|l| l.kind == ItemKind::Reservation && l.is_changed())
        .filter_map(Line::difference)
        .collect();
    changed.iter().copied().reduce(|a, b| a.plus(b).unwrap_or(a))
}

//! The template of a product: an empty workbook with the columns that its usage needs, and what to put into them.

use std::path::Path;

use crate::flows::products::actions::Definition;
use crate::flows::products::model::{ItemStatus, Precision, Scope, UsageSchema};
use crate::flows::usage::model::{Field, Found, columns_of};
use crate::outside::sheets::{BookWriter, Choices, Column, OutCell, SheetError, Value};

/// The sheet that cells choose from.
const LISTS: &str = "valid_values";

/// Writes the template of a product to a path.
pub fn write(product: &Definition, temp: &Path, to: &Path) -> Result<(), SheetError> {
    let ppu = product.capabilities.ppu.as_ref();
    let schema = ppu.map_or(UsageSchema::Quantity, |p| p.schema);
    let dynamic = ppu.is_some_and(|p| p.dynamic);
    let fields = columns_of(schema, dynamic);
    let custom: Vec<String> =
        ppu.map_or_else(Vec::new, |p| p.required_custom_fields.iter().map(|name| prefixed(name)).collect());
    let mpns: Vec<&str> =
        product.items.iter().filter(|i| i.status != ItemStatus::Draft).map(|i| i.mpn.as_str()).collect();
    let mut criteria = vec!["asset.id".to_owned(), "asset.external_id".to_owned(), "asset.external_uid".to_owned()];
    criteria
        .extend(product.parameters.iter().filter(|p| p.scope == Scope::Asset).map(|p| format!("parameter.{}", p.name)));
    let example = Example { mpn: mpns.first().copied().unwrap_or("MPN-123-321") };

    let mut book = BookWriter::new(temp)?;
    instructions(&mut book, product, schema)?;
    definitions(&mut book, &fields, &custom, schema, &example)?;
    let lists = valid_values(&mut book, &mpns, &criteria)?;
    let columns: Vec<Column<'_>> =
        fields.iter().map(|f| column(*f)).chain(custom.iter().map(|name| Column::text(name, 20))).collect();
    {
        let mut sheet = book.sheet("example", &columns)?;
        let values: Vec<&str> = fields.iter().map(|f| example.of(*f)).chain(custom.iter().map(|_| "value")).collect();
        sheet.row(&values.iter().map(|v| OutCell::from(Value::Text(v))).collect::<Vec<_>>())?;
    }
    {
        let mut sheet = book.sheet("records", &columns)?;
        for (place, field) in (0u16..).zip(&fields) {
            let list = match field {
                Field::ItemCriteria => Some(0),
                Field::AssetCriteria => Some(1),
                Field::ItemPrecision => Some(3),
                _ => None,
            };
            let Some(list) = list else { continue };
            let choices = Choices::Column { sheet: LISTS, column: list, last_row: lists[usize::from(list)] };
            sheet.choices(place, choices, "Choose one of the values of the sheet valid_values.")?;
        }
    }
    book.sheet(
        "categories",
        &[Column::text("category_id", 20), Column::text("category_name", 40), Column::text("category_description", 60)],
    )?;
    book.save(to)
}

fn prefixed(name: &str) -> String {
    if name.to_lowercase().starts_with("v.") { name.to_owned() } else { format!("v.{name}") }
}

fn column(field: Field) -> Column<'static> {
    match field {
        Field::Quantity | Field::Amount | Field::Tier => Column::new(field.as_str(), 14),
        Field::Start | Field::End => Column::text(field.as_str(), 20),
        _ => Column::text(field.as_str(), 24),
    }
}

fn instructions(book: &mut BookWriter, product: &Definition, schema: UsageSchema) -> Result<(), SheetError> {
    let carries = match schema {
        UsageSchema::Quantity => "Rows carry quantities. The distributor computes every price.",
        UsageSchema::PriceRated => {
            "Rows carry quantities and, as amount, the price for the end customer. The amount is the total of the row, before tax."
        }
        UsageSchema::CostRated => {
            "Rows carry quantities and, as amount, what they cost the distributor. The amount is the total of the row, before tax."
        }
        UsageSchema::TiersRated => {
            "Each quantity has one row per tier, with the tier's amount: 0 is the customer, 1 the reseller next to the customer, 2 the one above."
        }
    };
    let lines = [
        format!("Usage of {} ({})", product.name, product.id),
        String::new(),
        "Put one row for each reported quantity into the sheet records, and upload this workbook to a usage file of the product.".to_owned(),
        "The sheets records and categories are read; the others are for you. Column order does not matter. Blank rows are passed over.".to_owned(),
        carries.to_owned(),
        "Times are UTC, like 2026-05-31 23:59:59. Numbers have a point and no thousands separators.".to_owned(),
        "Each row has a record_id of its own, which may be reported only once.".to_owned(),
        "One bad row stops the whole file. The processed file marks every bad cell and says what is wrong with it.".to_owned(),
        "Columns of your own begin with v. and travel along with the record.".to_owned(),
    ];
    let mut sheet = book.sheet("instructions", &[])?;
    for line in &lines {
        sheet.row(&[Value::Text(line).into()])?;
    }
    Ok(())
}

/// What a column means and what goes into it.
fn meaning(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::RecordId => ("Your id of the row", "Text of up to 255 characters, used once"),
        Field::RecordNote => ("A note that the distributor reads", "Text of up to 255 characters"),
        Field::ItemCriteria => ("How the item is named", "item.mpn, item.global_id or item.local_id"),
        Field::ItemValue => ("The item", "Its code or id; the codes are in the sheet valid_values"),
        Field::Quantity => ("How much was used", "A decimal number"),
        Field::Start => ("From when, UTC", "2026-05-01 00:00:00"),
        Field::End => ("Until when, UTC", "2026-05-31 23:59:59"),
        Field::AssetCriteria => {
            ("How the subscription is named", "asset.id, or parameter. with the id of a parameter; see valid_values")
        }
        Field::AssetValue => ("The subscription", "Its id, or the value of the parameter"),
        Field::Category => ("The category on the bill", "An id of the sheet categories"),
        Field::Amount => ("The total of the row, before tax", "A decimal number"),
        Field::Tier => ("For which tier the amount is", "0, 1 or 2"),
        Field::ItemName => ("The name of an item that the product does not have yet", "Text"),
        Field::ItemUnit => ("What its quantities count", "Text"),
        Field::ItemMpn => ("Its code", "Text"),
        Field::ItemPrecision => {
            ("How finely its quantities are given", "integer, decimal(1), decimal(2), decimal(4) or decimal(8)")
        }
        Field::ReconId => ("The subscription's reconciliation value", "Text"),
    }
}

fn definitions(
    book: &mut BookWriter,
    fields: &[Field],
    custom: &[String],
    schema: UsageSchema,
    example: &Example<'_>,
) -> Result<(), SheetError> {
    let columns = [
        Column::new("field", 24),
        Column::new("definition", 48),
        Column::new("accepted_values", 60),
        Column::new("example", 28),
        Column::new("required", 10),
    ];
    let mut sheet = book.sheet("data_definitions", &columns)?;
    let yes = |required: bool| if required { "yes" } else { "no" };
    for field in fields {
        let (definition, accepted) = meaning(*field);
        let cells = [field.as_str(), definition, accepted, example.of(*field), yes(field.is_required(schema))];
        sheet.row(&cells.map(|text| OutCell::from(Value::Text(text))))?;
    }
    for name in custom {
        let cells = [name.as_str(), "A value of the product's own", "Text of up to 255 characters", "value", "yes"];
        sheet.row(&cells.map(|text| OutCell::from(Value::Text(text))))?;
    }
    Ok(())
}

/// Writes the lists that cells choose from, and gives the last row of each.
fn valid_values(book: &mut BookWriter, mpns: &[&str], criteria: &[String]) -> Result<[u32; 4], SheetError> {
    let columns = [
        Column::text("item_search_criteria", 24),
        Column::text("asset_search_criteria", 32),
        Column::text("item_search_value", 32),
        Column::text("item_precision", 16),
    ];
    let mut sheet = book.sheet(LISTS, &columns)?;
    let items: Vec<&str> = Found::WORDS.iter().map(|(word, _)| *word).collect();
    let criteria: Vec<&str> = criteria.iter().map(String::as_str).collect();
    let lists: [&[&str]; 4] = [&items, &criteria, mpns, Precision::WORDS];
    for row in 0..lists.iter().map(|l| l.len()).max().unwrap_or(0) {
        let cells = lists.map(|list| list.get(row).map_or(OutCell::default(), |text| Value::Text(text).into()));
        sheet.row(&cells)?;
    }
    Ok(lists.map(|list| u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_add(1)))
}

/// One row as it could be.
struct Example<'a> {
    mpn: &'a str,
}

impl<'a> Example<'a> {
    fn of(&self, field: Field) -> &'a str {
        match field {
            Field::RecordId => "record-01234-5678",
            Field::RecordNote => "Seats in May",
            Field::ItemCriteria => "item.mpn",
            Field::ItemValue => self.mpn,
            Field::Quantity => "124.23",
            Field::Start => "2026-05-01 00:00:00",
            Field::End => "2026-05-31 23:59:59",
            Field::AssetCriteria => "asset.id",
            Field::AssetValue => "AS-3919-2310-2857",
            Field::Category => "Cat1",
            Field::Amount => "83.25",
            Field::Tier => "0",
            Field::ItemName => "Backup traffic",
            Field::ItemUnit => "GB",
            Field::ItemMpn => "MPN-NEW-1",
            Field::ItemPrecision => "decimal(4)",
            Field::ReconId => "tenant2",
        }
    }
}

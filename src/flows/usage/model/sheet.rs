//! The columns of the sheet `records`: which there are, which a schema needs, and where they are in a header.

use std::collections::HashMap;

use crate::flows::products::model::UsageSchema;
use crate::kit::{Text, fold};

/// Names of the sheet that holds the rows, the newer one first.
pub const RECORD_SHEETS: &[&str] = &["records", "usage_records"];

crate::word_enum! {
    /// A column with a meaning.
    pub enum Field {
        RecordId = "record_id", RecordNote = "record_note", ItemCriteria = "item_search_criteria", ItemValue = "item_search_value",
        Quantity = "quantity", Start = "start_time_utc", End = "end_time_utc", AssetCriteria = "asset_search_criteria",
        AssetValue = "asset_search_value", Category = "category_id", Amount = "amount", Tier = "tier", ItemName = "item_name",
        ItemUnit = "item_unit", ItemMpn = "item_mpn", ItemPrecision = "item_precision", ReconId = "asset_recon_id"
    }
}

/// Columns that our own processed file adds. They are passed over when such a file is uploaded again.
pub const OWN_COLUMNS: &[&str] = &[
    "usage_record_id",
    "status",
    "errors",
    "item_local_id",
    "item_type",
    "item_period",
    "asset_id",
    "asset_external_id",
    "asset_external_uid",
    "tier_account_id",
    "customer_account_id",
    "customer_company_name",
    "external_billing_id",
    "external_billing_note",
];

/// What a header must have.
#[derive(Debug, Clone)]
pub struct Wants<'a> {
    /// What the rows carry.
    pub schema: UsageSchema,
    /// Columns of the product's own that every row must fill.
    pub custom: &'a [String],
}

impl Field {
    /// Whether every file of a schema needs this column.
    pub fn is_required(self, schema: UsageSchema) -> bool {
        match self {
            Self::RecordId
            | Self::ItemCriteria
            | Self::ItemValue
            | Self::Quantity
            | Self::Start
            | Self::End
            | Self::AssetCriteria
            | Self::AssetValue => true,
            Self::Amount => schema != UsageSchema::Quantity,
            Self::Tier => schema == UsageSchema::TiersRated,
            _ => false,
        }
    }
}

/// The columns that a template for a schema has, in order, without the product's own ones.
pub fn columns_of(schema: UsageSchema, dynamic: bool) -> Vec<Field> {
    let wanted = |field: &Field| match field {
        Field::Amount | Field::Tier => field.is_required(schema),
        Field::ItemName | Field::ItemUnit | Field::ItemMpn | Field::ItemPrecision => dynamic,
        Field::ReconId => false,
        _ => true,
    };
    Field::ALL.iter().copied().filter(wanted).collect()
}

/// By what a subscription is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Criteria {
    /// Its id.
    Id,
    /// Its id in the distributor's system.
    ExternalId,
    /// The id that the ordering system gave it.
    ExternalUid,
    /// The value of this parameter.
    Parameter(String),
}

/// Where the columns of a sheet are.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    fields: HashMap<Field, u32>,
    /// Columns of the vendor's own (`v.…`): name as written, place, whether every row must fill it.
    custom: Vec<(String, u32, bool)>,
}

impl Layout {
    /// Reads a header: places and names of its columns. Refuses it with the first thing that is wrong.
    pub fn read<'a>(columns: impl IntoIterator<Item = (u32, &'a str)>, wants: &Wants<'_>) -> Result<Self, Text> {
        let mut layout = Self::default();
        // The template of 2019 called the vendor's id so; our own files use the name for another column.
        let mut old_id = None;
        for (place, name) in columns {
            let folded = fold(name.trim());
            if let Some(field) = Field::parse(&folded) {
                layout.fields.insert(field, place);
            } else if folded == "usage_record_id" {
                old_id = Some(place);
            } else if folded.starts_with("v.") && folded.len() > 2 {
                let required = wants.custom.iter().any(|wanted| same_custom(wanted, &folded));
                layout.custom.push((name.trim().to_owned(), place, required));
            } else if !folded.starts_with("p.") && !OWN_COLUMNS.contains(&folded.as_str()) {
                return Err(unknown(name.trim(), &folded));
            }
        }
        if let (Some(place), false) = (old_id, layout.fields.contains_key(&Field::RecordId)) {
            layout.fields.insert(Field::RecordId, place);
        }
        let missing = Field::ALL.iter().filter(|f| f.is_required(wants.schema) && !layout.fields.contains_key(f));
        let mut missing: Vec<&str> = missing.map(Field::as_str).collect();
        let custom = wants
            .custom
            .iter()
            .filter(|wanted| !layout.custom.iter().any(|(name, ..)| same_custom(wanted, &fold(name))));
        missing.extend(custom.map(String::as_str));
        if missing.is_empty() {
            return Ok(layout);
        }
        Err(Text::new(
            "The sheet of records has no column {missing}. Add it; the template of the product has all columns.",
        )
        .arg("missing", missing.join(", ")))
    }

    /// Where a column is.
    pub fn place(&self, field: Field) -> Option<u32> {
        self.fields.get(&field).copied()
    }

    /// Where the column of this name is, be it one of ours or one of the vendor's own.
    pub fn place_of(&self, name: &str) -> Option<u32> {
        match Field::parse(name) {
            Some(field) => self.place(field),
            None => self.custom.iter().find(|(own, ..)| own == name).map(|(_, place, _)| *place),
        }
    }

    /// The vendor's own columns.
    pub fn custom(&self) -> &[(String, u32, bool)] {
        &self.custom
    }
}

/// A product may name its own columns with or without the prefix that they have in the sheet.
fn same_custom(wanted: &str, folded: &str) -> bool {
    let wanted = fold(wanted.trim());
    wanted == folded || folded.strip_prefix("v.") == Some(wanted.as_str())
}

fn unknown(name: &str, folded: &str) -> Text {
    let known = Field::WORDS.iter().map(|word| (*word, super::items::distance(folded, word)));
    match known.min_by_key(|(_, distance)| *distance) {
        Some((word, distance)) if distance <= 3 => {
            Text::new("The column “{name}” is unknown. Did you mean {nearest}? Columns of your own begin with “v.”.").arg("name", name).arg("nearest", word)
        }
        _ => Text::new("The column “{name}” is unknown. Remove it, or begin its name with “v.” to send it along as a value of your own.").arg("name", name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &str, schema: UsageSchema, custom: &[&str]) -> Result<Layout, String> {
        let custom: Vec<String> = custom.iter().map(|c| (*c).to_owned()).collect();
        let columns = (0..).zip(names.split(' '));
        Layout::read(columns, &Wants { schema, custom: &custom }).map_err(|t| t.to_string())
    }

    const EIGHT: &str = "record_id item_search_criteria item_search_value quantity start_time_utc end_time_utc asset_search_criteria asset_search_value";

    #[test]
    fn eight_columns_are_enough_for_quantities() {
        let layout = read(EIGHT, UsageSchema::Quantity, &[]).unwrap();
        assert_eq!(layout.place(Field::Quantity), Some(3));
        assert_eq!(layout.place(Field::Amount), None);
        let old =
            read(&format!("USAGE_RECORD_ID {}", EIGHT.trim_start_matches("record_id ")), UsageSchema::Quantity, &[])
                .unwrap();
        assert_eq!(old.place(Field::RecordId), Some(0));
    }

    #[test]
    fn each_schema_needs_its_columns() {
        for (schema, missing) in [
            (UsageSchema::PriceRated, "amount"),
            (UsageSchema::CostRated, "amount"),
            (UsageSchema::TiersRated, "amount, tier"),
        ] {
            let error = read(EIGHT, schema, &[]).unwrap_err();
            assert_eq!(
                error,
                format!(
                    "The sheet of records has no column {missing}. Add it; the template of the product has all columns."
                )
            );
        }
        assert!(read(&format!("{EIGHT} amount tier"), UsageSchema::TiersRated, &[]).is_ok());
        assert_eq!(columns_of(UsageSchema::Quantity, false).len(), 10);
        assert_eq!(columns_of(UsageSchema::TiersRated, true).len(), 16);
    }

    #[test]
    fn own_columns_are_known_by_their_prefix() {
        let layout = read(&format!("{EIGHT} v.Aobo p.x status errors"), UsageSchema::Quantity, &["aobo"]).unwrap();
        assert_eq!(layout.custom(), &[("v.Aobo".to_owned(), 8, true)]);
        assert_eq!(layout.place_of("v.Aobo"), Some(8));
        assert!(read(EIGHT, UsageSchema::Quantity, &["v.invoice"]).unwrap_err().contains("v.invoice"));
        assert!(
            read(&format!("{EIGHT} quantty"), UsageSchema::Quantity, &[])
                .unwrap_err()
                .contains("Did you mean quantity?")
        );
        assert!(
            read(&format!("{EIGHT} comment_of_mine"), UsageSchema::Quantity, &[])
                .unwrap_err()
                .contains("“comment_of_mine” is unknown")
        );
    }

    #[test]
    fn a_processed_file_can_be_uploaded_again() {
        let layout = read(&format!("{EIGHT} usage_record_id asset_id status"), UsageSchema::Quantity, &[]).unwrap();
        assert_eq!(layout.place(Field::RecordId), Some(0));
    }
}

//! One row of a sheet: what it says, and what may be wrong with it.

use std::borrow::Cow;

use jiff::civil::DateTime;

use super::file::MAX_PROBLEMS;
use super::sheet::Criteria;
use crate::kit::{Amount, Text, Time};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $word:literal $title:literal;)+) => {
        crate::word_enum! {
            /// What kind of fault a row has.
            pub enum Code { $($(#[$doc])* $name = $word),+ }
        }
        impl Code {
            /// What people read above the rows with this fault.
            pub fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }
        }
    };
}

codes! {
    Missing "USG_002" "A required value is missing";
    TwiceHere "USG_003" "The same record id twice in this file";
    TwiceElsewhere "USG_004" "The record id was reported in another file";
    BadNumber "USG_005" "Not a usable number";
    BadTime "USG_006" "Not a usable time";
    AfterPeriod "USG_007" "After the period";
    BeforePeriod "USG_008" "Before the period";
    BadItemCriteria "USG_009" "Unknown way to name an item";
    BadValue "USG_010" "A value that cannot be used";
    NoItem "USG_011" "No such item";
    WrongItem "USG_012" "An item that cannot be reported";
    BadNewItem "USG_013" "A new item that is not complete";
    BadAssetCriteria "USG_014" "Unknown way to name a subscription";
    NoSubscription "USG_015" "No such subscription";
    ManySubscriptions "USG_016" "More than one subscription";
    WrongSubscription "USG_017" "A subscription that cannot be reported";
    NoCategory "USG_018" "No such category";
    NoTier "USG_019" "No such reseller";
    NoAmount "USG_020" "The amount is missing";
    NoCustom "USG_021" "A column of the product's own is empty";
    WrongRecon "USG_022" "The reconciliation value does not fit";
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub code: Code,
    /// The column.
    pub column: String,
    /// What the cell holds, shortened.
    pub value: String,
    /// What is wrong and what would be right.
    pub text: Text,
}

impl Fault {
    /// A fault of one cell.
    pub fn new(code: Code, column: &str, value: impl ToString, text: Text) -> Self {
        let value = value.to_string();
        let value = if value.chars().count() > 120 { value.chars().take(119).chain(['…']).collect() } else { value };
        Self { code, column: column.to_owned(), value, text }
    }
}

/// A cell as the sheet holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw<'a> {
    /// Nothing, or blanks.
    Empty,
    /// Text without surrounding blanks.
    Text(Cow<'a, str>),
    /// A number as exact decimal text.
    Number(&'a str),
    /// A date cell.
    Moment(DateTime),
    /// Something that cannot be used, and why.
    Bad(Text),
}

/// A row of a sheet, by the places of its columns.
pub trait Source {
    /// The cell in a column.
    fn cell(&self, place: u32) -> Raw<'_>;
    /// The row's number as people see it.
    fn number(&self) -> u32;
}

/// The item of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// One of the product's: id and code.
    Known {
        /// Its id.
        id: String,
        /// Its code.
        mpn: String,
        /// Whether it is reserved, so that the subscription must have it.
        reserved: bool,
    },
    /// One that the file brings along.
    New {
        /// Its code.
        mpn: String,
    },
}

/// A row that was read. Values that cannot be used are missing and have a fault.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Which row among those with values, from 1.
    pub place: u32,
    /// The row's number in the sheet.
    pub sheet_row: u32,
    /// The vendor's id of the row.
    pub record_id: String,
    /// The vendor's words about it.
    pub note: String,
    /// From when.
    pub start: Option<Time>,
    /// Until when.
    pub end: Option<Time>,
    /// Of what.
    pub item: Option<Item>,
    /// By what the subscription is looked for.
    pub criteria: Option<Criteria>,
    /// And with which value.
    pub asset_value: Option<String>,
    /// The value that the subscription must have for reconciliation.
    pub recon: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// For which tier the amount is.
    pub tier: Option<i32>,
    /// How much.
    pub quantity: Option<Amount>,
    /// What it costs in all.
    pub amount: Option<Amount>,
    /// Values of the vendor's own columns.
    pub params: Vec<(String, String)>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl Checked {
    /// Notes a fault, unless the row has very many.
    pub fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_PROBLEMS {
            self.faults.push(fault);
        }
    }
}

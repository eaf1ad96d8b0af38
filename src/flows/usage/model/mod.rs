//! Rules about usage files, their sheets and their rows. Pure.

mod file;
mod items;
mod row;
mod rules;
mod sheet;
mod state;
mod subscription;
mod times;

pub use file::{
    Counts, Draft, Figures, MAX_CATEGORIES, MAX_NEW_ITEMS, MAX_PROBLEMS, Period, RowId, SubStatus, Verdicts, locate,
    record_id,
};
pub use items::{Found, ItemIndex, NewItem};
pub use row::{Checked, Code, Fault, Item, Raw, Source};
pub use rules::{Basis, RowRules};
pub use sheet::{Criteria, Field, Layout, OWN_COLUMNS, RECORD_SHEETS, Wants, columns_of};
pub use state::{FileStatus, RecordStatus, Verb, next, possible};
pub use subscription::{Candidate, Scope, choose, tier_exists};
pub use times::{read_moment, shown};

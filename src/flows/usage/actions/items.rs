//! Items that a file brings along: made when it is accepted, so that a rejected file leaves none behind.

use crate::db::{Result, Tx};
use crate::flows::usage::model::NewItem;
use crate::flows::usage::store::File;
use crate::kit::{Actor, Refusal, Text};

/// Makes the items.
pub(super) fn make(_tx: &mut Tx<'_>, _actor: &Actor, file: &File, new: &[NewItem]) -> Result<()> {
    let text = Text::new("Usage file {id} brings {count|an item|{count} items} along, which cannot be added yet.")
        .arg("id", &file.id)
        .arg("count", new.len());
    Err(Refusal::state(text).into())
}

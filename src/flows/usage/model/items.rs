//! The items that rows may name, found by code or id.

use std::collections::HashMap;

use crate::flows::products::model::{Item, ItemStatus, Precision};

/// An item that a file brings along: it is made when the file is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// The vendor's number.
    pub mpn: String,
    /// Its name.
    pub name: String,
    /// What a quantity counts.
    pub unit: String,
    /// How finely a quantity may be given.
    pub precision: Precision,
}

/// The items of a product, prepared for looking up many rows.
#[derive(Debug, Default)]
pub struct ItemIndex {
    items: Vec<Item>,
    by_mpn: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    by_local_id: HashMap<String, usize>,
}

/// The way in which a row names its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// `item.mpn`
    Mpn,
    /// `item.global_id`
    GlobalId,
    /// `item.local_id`
    LocalId,
}

impl Found {
    /// The words that a sheet may use.
    pub const WORDS: [(&'static str, Found); 3] =
        [("item.mpn", Found::Mpn), ("item.global_id", Found::GlobalId), ("item.local_id", Found::LocalId)];

    /// Reads the word, ignoring case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, found)| *found)
    }
}

impl ItemIndex {
    /// The items that are on sale or have been; drafts are not known outside of the vendor's workshop.
    pub fn new(items: Vec<Item>) -> Self {
        let items: Vec<Item> = items.into_iter().filter(|i| i.status != ItemStatus::Draft).collect();
        let by = |key: fn(&Item) -> String| items.iter().enumerate().map(|(at, item)| (key(item), at)).collect();
        Self { by_mpn: by(|i| i.mpn.clone()), by_id: by(|i| i.id.to_string()), by_local_id: by(Item::local_id), items }
    }

    /// The item that a row names.
    pub fn find(&self, by: Found, value: &str) -> Option<&Item> {
        let index = match by {
            Found::Mpn => &self.by_mpn,
            Found::GlobalId => &self.by_id,
            Found::LocalId => &self.by_local_id,
        };
        index.get(value).and_then(|at| self.items.get(*at))
    }

    /// All items.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The code or id most like a value that names no item, if one is much like it.
    pub fn nearest(&self, by: Found, value: &str) -> Option<String> {
        let index = match by {
            Found::Mpn => &self.by_mpn,
            Found::GlobalId => &self.by_id,
            Found::LocalId => &self.by_local_id,
        };
        let most = (value.chars().count() / 4).clamp(1, 4);
        let near = index.keys().map(|key| (distance(value, key), key)).filter(|(far, _)| *far <= most);
        near.min().map(|(_, key)| key.clone())
    }
}

/// How many letters must be put in, taken out or changed to make one text from the other, without regard to case; texts
/// of very different length are far apart.
pub(super) fn distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 64;
    let letters =
        |text: &str| -> Vec<char> { text.chars().take(LONGEST + 1).map(|c| c.to_ascii_lowercase()).collect() };
    let (a, b) = (letters(a), letters(b));
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > 4 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let changed = corner + usize::from(left != right);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        for (a, b, want) in
            [("", "", 0), ("abc", "ABC", 0), ("HBC-EGRES", "HBC-EGRESS", 1), ("kitten", "sitting", 3), ("a", "", 1)]
        {
            assert_eq!(distance(a, b), want, "{a} {b}");
        }
        assert_eq!(distance("a", "abcdefgh"), usize::MAX);
    }

    #[test]
    fn criteria_words_ignore_case() {
        assert_eq!(Found::parse("Item.MPN"), Some(Found::Mpn));
        assert_eq!(Found::parse("mpn"), None);
    }
}

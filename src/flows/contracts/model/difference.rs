//! What changed between two texts of an agreement.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::{DocumentType, GoodDocument};

/// For how long the shortest way from one text to the other is looked for; then a longer one will do.
const PATIENCE: Duration = Duration::from_millis(400);

/// Whether a stretch of text is in both, or in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    /// In both.
    Both,
    /// Only in the older.
    Old,
    /// Only in the newer.
    New,
}

/// What two documents have to do with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// They say the same.
    Same,
    /// Texts, in stretches of words.
    Texts(Vec<(In, String)>),
    /// They are not both texts, so they can only be read beside each other.
    Apart,
}

/// Compares two documents.
pub fn compare(old: &GoodDocument, new: &GoodDocument) -> Comparison {
    let both = |kind: DocumentType| old.document_type == kind && new.document_type == kind;
    match (old.text.as_deref(), new.text.as_deref()) {
        (Some(old), Some(new)) if both(DocumentType::Text) => match old == new {
            true => Comparison::Same,
            false => Comparison::Texts(stretches(old, new)),
        },
        _ if both(DocumentType::External) && old.link == new.link => Comparison::Same,
        _ if both(DocumentType::Uploaded) && sum(old) == sum(new) => Comparison::Same,
        _ => Comparison::Apart,
    }
}

fn sum(document: &GoodDocument) -> Option<&str> {
    document.file.as_ref().map(|f| f.sha256.as_str())
}

fn stretches(old: &str, new: &str) -> Vec<(In, String)> {
    let found = TextDiff::configure().timeout(PATIENCE).diff_unicode_words(old, new);
    let mut all: Vec<(In, String)> = vec![];
    for change in found.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => In::Both,
            ChangeTag::Delete => In::Old,
            ChangeTag::Insert => In::New,
        };
        match all.last_mut() {
            Some((last, words)) if *last == kind => words.push_str(change.value()),
            _ => all.push((kind, change.value().to_owned())),
        }
    }
    settle(all)
}

/// A blank that stayed between two words that changed is not worth telling apart: it goes with them.
fn settle(all: Vec<(In, String)>) -> Vec<(In, String)> {
    let mut settled: Vec<(In, String)> = vec![];
    let (mut old, mut new) = (String::new(), String::new());
    let count = all.len();
    let flush = |settled: &mut Vec<(In, String)>, old: &mut String, new: &mut String| {
        for (kind, words) in [(In::Old, old), (In::New, new)] {
            if !words.is_empty() {
                settled.push((kind, std::mem::take(words)));
            }
        }
    };
    for (n, (kind, words)) in all.into_iter().enumerate() {
        match kind {
            In::Old => old.push_str(&words),
            In::New => new.push_str(&words),
            In::Both => {
                let between = !old.is_empty() || !new.is_empty();
                let blank = words.trim().is_empty() && !words.contains('\n');
                if between && blank && n + 1 < count {
                    old.push_str(&words);
                    new.push_str(&words);
                } else {
                    flush(&mut settled, &mut old, &mut new);
                    settled.push((In::Both, words));
                }
            }
        }
    }
    flush(&mut settled, &mut old, &mut new);
    settled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(words: &str) -> GoodDocument {
        GoodDocument { document_type: DocumentType::Text, link: None, text: Some(words.into()), file: None }
    }

    #[test]
    fn words_that_changed_are_told() {
        let found =
            compare(&text("Pay within 30 days.\nNo returns."), &text("Pay within 14 working days.\nNo returns."));
        let Comparison::Texts(found) = found else { panic!("{found:?}") };
        let of = |kind| found.iter().filter(|(k, _)| *k == kind).map(|(_, w)| w.trim()).collect::<Vec<_>>();
        assert_eq!(of(In::Old), ["30"]);
        assert_eq!(of(In::New), ["14 working"]);
        assert_eq!(compare(&text("a"), &text("a")), Comparison::Same);
        let link = |to: &str| GoodDocument {
            document_type: DocumentType::External,
            link: Some(to.into()),
            text: None,
            file: None,
        };
        assert_eq!(compare(&link("https://a"), &link("https://a")), Comparison::Same);
        assert_eq!(compare(&link("https://a"), &link("https://b")), Comparison::Apart);
        assert_eq!(compare(&link("https://a"), &text("a")), Comparison::Apart);
    }

    proptest! {
        /// Whoever takes only the one or only the other stretches has the whole text.
        #[test]
        fn nothing_is_lost(old in "[a-c \\n.]{0,60}", new in "[a-c \\n.]{0,60}") {
            if let Comparison::Texts(found) = compare(&text(&old), &text(&new)) {
                let without = |kind| found.iter().filter(|(k, _)| *k != kind).map(|(_, w)| w.as_str()).collect::<String>();
                prop_assert_eq!(without(In::New), old);
                prop_assert_eq!(without(In::Old), new);
            } else {
                prop_assert_eq!(old, new);
            }
        }
    }
}

//! Agreements and their versions.

use crate::kit::{AgreementId, Events, MarketplaceId, NamedRef, Problems, Refusal, Text, Time};

use super::{AgreementForms, ContractKind, FormsChange, quoted};

crate::word_enum! {
    /// Where the text of a version is.
    pub enum DocumentType {
        /// At a link.
        External = "external",
        /// In a file that was uploaded.
        Uploaded = "uploaded",
        /// Written here, in Markdown.
        Text = "text",
        /// Nowhere.
        None = "none",
    }
}

/// Longest description of an agreement, in characters.
pub const MAX_DESCRIPTION: usize = 5_000;
/// Longest text of a version that is written here, in characters.
pub const MAX_TEXT: usize = 100_000;

/// A document of an agreement that was uploaded: a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// What it is found by in the store of files.
    pub key: String,
    /// What it is called, `terms.pdf`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, in hexadecimal digits: by it everybody can tell whether they read the same.
    pub sha256: String,
}

/// What somebody says about the text of a version.
#[derive(Debug, Clone, Default)]
pub struct DocumentWords {
    /// `external`, `uploaded`, `text`, `none`.
    pub document_type: String,
    /// The link of an external one.
    pub link: String,
    /// The Markdown of one that is written here.
    pub text: String,
    /// The one that was uploaded.
    pub file: Option<Paper>,
}

/// The text of a version, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodDocument {
    /// Where it is.
    pub document_type: DocumentType,
    /// The link of an external one.
    pub link: Option<String>,
    /// The Markdown of one that is written here.
    pub text: Option<String>,
    /// The one that was uploaded.
    pub file: Option<Paper>,
}

impl DocumentWords {
    /// Checks link, text or file against the type.
    pub fn check(&self, problems: &mut Problems) -> GoodDocument {
        let mut good = GoodDocument { document_type: DocumentType::None, link: None, text: None, file: None };
        let word = self.document_type.trim();
        // The published description of the API has both spellings of the second one.
        let Some(kind) = DocumentType::parse(word).or_else(|| (word == "upload").then_some(DocumentType::Uploaded))
        else {
            let text =
                Text::new("There is no document type {value}. Use external (a link), uploaded (a PDF), text or none.");
            problems.add("document_type", text.arg("value", quoted(word)));
            return good;
        };
        good.document_type = kind;
        match kind {
            DocumentType::External => good.link = link(problems, "link", &self.link),
            DocumentType::Text => good.text = Some(problems.text("text", &self.text, MAX_TEXT)),
            DocumentType::None => {}
            DocumentType::Uploaded => {
                problems.check(self.file.is_some(), "file", || Text::new("Choose the PDF that holds the agreement."));
                good.file.clone_from(&self.file);
            }
        }
        if kind != DocumentType::Uploaded && self.file.is_some() {
            problems.add(
                "file",
                Text::new("A file belongs to the document type uploaded. Leave it out, or change the type."),
            );
        }
        if kind != DocumentType::External && !self.link.trim().is_empty() {
            problems.add(
                "link",
                Text::new("A link belongs to the document type external. Leave it out, or change the type."),
            );
        }
        good
    }
}

fn link(problems: &mut Problems, field: &str, text: &str) -> Option<String> {
    let text = problems.text(field, text, 200);
    if text.is_empty() {
        return None;
    }
    let good = url::Url::parse(&text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    problems.check(good, field, || {
        Text::new("{value} is not a link. It must begin with https:// or http:// and name a host.")
            .arg("value", quoted(&text))
    });
    Some(text)
}

/// What somebody says about an agreement.
#[derive(Debug, Clone, Default)]
pub struct AgreementWords {
    /// `program`, `service`, `distribution`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// What it is about, in Markdown.
    pub description: String,
    /// The text of its first version.
    pub document: DocumentWords,
    /// Whether the first version is active at once.
    pub active: bool,
    /// The marketplace of a distribution agreement.
    pub marketplace: String,
    /// Whether enrolments of a distribution agreement are accepted by themselves.
    pub auto_accept: bool,
    /// The forms of a distribution agreement.
    pub forms: FormsChange,
}

/// Title and description, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodWords {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
}

/// Checks title and description.
pub fn check_words(problems: &mut Problems, title: &str, description: &str) -> GoodWords {
    let title = problems.text("title", title, 100);
    let description = problems.text("description", description, MAX_DESCRIPTION);
    GoodWords { title, description }
}

/// A marketplace as agreements and contracts mention it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketplaceRef {
    /// The public id.
    pub id: MarketplaceId,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: Option<String>,
}

/// A version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// 1, 2, 3, …
    pub version: i32,
    /// Whether new contracts are made under it.
    pub active: bool,
    /// Where its text is.
    pub document_type: DocumentType,
    /// The link of an external one.
    pub link: Option<String>,
    /// Who made it.
    pub author: Option<NamedRef>,
    /// When it was made.
    pub created_at: Time,
    /// How many contracts are under it.
    pub contracts: i64,
    /// Whether any contract was ever signed under it.
    pub signed: bool,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The public id.
    pub id: AgreementId,
    /// What it is about.
    pub kind: ContractKind,
    /// The distributor's that issued it.
    pub owner: NamedRef,
    /// Whether the reader issued it.
    pub own: bool,
    /// Its title.
    pub title: String,
    /// What it is about, in Markdown.
    pub description: String,
    /// The program agreement of a distribution agreement.
    pub parent: Option<NamedRef>,
    /// The marketplace of a distribution agreement.
    pub marketplace: Option<MarketplaceRef>,
    /// Whether enrolments are accepted by themselves.
    pub auto_accept: bool,
    /// The forms of a distribution agreement.
    pub forms: AgreementForms,
    /// The number of the active version.
    pub active_version: Option<i32>,
    /// The active version, or the newest if none is active.
    pub shown: Option<Version>,
    /// How many contracts were made under it, by anybody.
    pub contracts: i64,
    /// How many versions it has.
    pub versions: i64,
    /// How many distribution agreements belong to it.
    pub children: i64,
    /// When it was created and changed.
    pub events: Events,
    /// Counts the changes.
    pub revision: i64,
}

impl Agreement {
    /// Whether it can be deleted: nothing depends on it.
    pub fn may_delete(&self) -> Result<(), Refusal> {
        if self.contracts > 0 {
            let text = Text::new(
                "{count|One contract was|{count} contracts were} made under {id}, so it stays. Only an agreement without contracts can be deleted.",
            );
            return Err(Refusal::state(text.arg("count", self.contracts).arg("id", &self.id)));
        }
        if self.children > 0 {
            let text = Text::new(
                "{count|One distribution agreement belongs|{count} distribution agreements belong} to {id}. Delete them first.",
            );
            return Err(Refusal::state(text.arg("count", self.children).arg("id", &self.id)));
        }
        Ok(())
    }

    /// The number of the active version, which a contract needs.
    pub fn needs_version(&self) -> Result<i32, Refusal> {
        self.active_version.ok_or_else(|| {
            let text =
                Text::new("{id} has no active version, so no contract can be made under it. Activate a version first.");
            Refusal::state(text.arg("id", &self.id))
        })
    }
}

impl Version {
    /// Whether it can be deleted: nobody ever signed it, no offer is under it, and it is not the last one left.
    pub fn may_delete(&self, versions: i64) -> Result<(), Refusal> {
        if self.contracts > 0 {
            let text = Text::new("{count|One contract is|{count} contracts are} under version {version}, so it stays.");
            return Err(Refusal::state(text.arg("count", self.contracts).arg("version", self.version)));
        }
        if self.signed {
            let text = Text::new("Version {version} was signed by a partner, so its text stays.");
            return Err(Refusal::state(text.arg("version", self.version)));
        }
        if versions <= 1 {
            return Err(Refusal::state(Text::new("This is the only version. An agreement keeps at least one.")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(kind: &str, link: &str, text: &str) -> Result<GoodDocument, Vec<String>> {
        let words = DocumentWords { document_type: kind.into(), link: link.into(), text: text.into(), file: None };
        let mut problems = Problems::default();
        let good = words.check(&mut problems);
        problems.done().map(|()| good).map_err(|r| r.problems.into_iter().map(|p| p.field).collect())
    }

    #[test]
    fn link_or_text_fits_the_type() {
        assert_eq!(
            document("none", "", ""),
            Ok(GoodDocument { document_type: DocumentType::None, link: None, text: None, file: None })
        );
        assert_eq!(
            document("external", " https://a.example/t ", "").map(|d| d.link),
            Ok(Some("https://a.example/t".into()))
        );
        assert_eq!(document("text", "", "# Terms").map(|d| d.text), Ok(Some("# Terms".into())));
        for (kind, link, text, field) in [
            ("external", "", "", "link"),
            ("external", "javascript:alert(1)", "", "link"),
            ("external", "https://", "", "link"),
            ("none", "https://a.example", "", "link"),
            ("text", "", " ", "text"),
            ("uploaded", "", "", "file"),
            ("upload", "", "", "file"),
            ("paper", "", "", "document_type"),
        ] {
            assert_eq!(document(kind, link, text), Err(vec![field.to_owned()]), "{kind} {link} {text}");
        }
        let paper = Paper { key: "k".into(), name: "terms.pdf".into(), size: 9, sha256: "s".into() };
        for (kind, fits) in [("uploaded", true), ("upload", true), ("none", false), ("text", false)] {
            let text = if kind == "text" { "Terms" } else { "" };
            let words = DocumentWords {
                document_type: kind.into(),
                text: text.into(),
                file: Some(paper.clone()),
                ..DocumentWords::default()
            };
            let mut problems = Problems::default();
            let good = words.check(&mut problems);
            assert_eq!(good.file.is_some(), fits, "{kind}");
            assert_eq!(problems.done().is_ok(), fits, "{kind}");
        }
        let long = format!("https://a.example/{}", "x".repeat(200));
        assert_eq!(document("external", &long, ""), Err(vec!["link".to_owned()]));
    }

    #[test]
    fn a_used_or_only_version_stays() {
        let version = |contracts| Version {
            version: 1,
            active: false,
            document_type: DocumentType::None,
            link: None,
            author: None,
            created_at: Time(0),
            contracts,
            signed: false,
        };
        assert!(version(0).may_delete(2).is_ok());
        assert!(version(0).may_delete(1).is_err());
        assert!(version(1).may_delete(2).is_err());
        assert!(Version { signed: true, ..version(0) }.may_delete(2).is_err());
    }
}

//! A signature under a version of an agreement: what it holds, and whether it still stands.

use crate::flows::accounts::model::Proof;
use crate::kit::{AgreementId, ContractId, NamedRef, Refusal, Text, Time};

use super::{ContractStatus, DocumentType, GoodDocument, Paper};

crate::word_enum! {
    /// What somebody did by signing.
    pub enum Act {
        /// The partner accepted an offer.
        Accept = "accept",
        /// The partner enrolled.
        Enrol = "enrol",
        /// The distributor approved an enrolment.
        Approve = "approve",
        /// The partner accepted a newer version.
        Renew = "renew",
    }
}

impl Act {
    /// Whether the partner signs by it; otherwise the distributor does.
    pub fn is_partners(self) -> bool {
        self != Self::Approve
    }
}

/// How somebody said yes: to which words, and by what they had proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The words that they agreed to.
    pub words: Text,
    /// What they proved themselves by; nothing for programs.
    pub proof: Option<Proof>,
}

/// What whoever reads an agreement on a page agrees to.
pub const CONSENT: &str = "I have read the agreement and accept it";

impl Consent {
    /// Of somebody who ticked the box under the agreement.
    pub fn read(proof: Option<Proof>) -> Self {
        Self { words: Text::new(CONSENT), proof }
    }

    /// Of somebody who approves for the distributor, whose agreement it is.
    pub fn approved(proof: Option<Proof>) -> Self {
        Self { words: Text::new("The contract is approved"), proof }
    }

    /// Of a program, which is shown no page.
    pub fn by_call() -> Self {
        Self { words: Text::new("Given by a call of the API"), proof: None }
    }
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The code that finds it: 32 hexadecimal digits, which nobody can guess.
    pub id: String,
    /// The contract.
    pub contract: ContractId,
    /// The agreement.
    pub agreement: AgreementId,
    /// Its title when it was signed.
    pub title: String,
    /// Its version.
    pub version: i32,
    /// What was done by it.
    pub act: Act,
    /// The distributor, as it was called then.
    pub issuer: NamedRef,
    /// The partner, as it was called then.
    pub partner: NamedRef,
    /// The person or the program that signed.
    pub signer: Option<NamedRef>,
    /// The person's address then.
    pub email: Option<String>,
    /// The address of the network from where it came; empty if it is not known.
    pub address: String,
    /// What the browser or the program called itself.
    pub agent: String,
    /// By what the person had proved who they are.
    pub proof: Option<Proof>,
    /// Where the text was.
    pub document_type: DocumentType,
    /// The SHA-256 of what was signed: of the file, of the text, of the link, or of the description where there was nothing else.
    pub sha256: String,
    /// The description that was signed where there was nothing else.
    pub words: Option<String>,
    /// The words that the signer agreed to.
    pub consent: Text,
    /// When.
    pub at: Time,
}

impl Signature {
    /// The company that signed.
    pub fn company(&self) -> &NamedRef {
        if self.act.is_partners() { &self.partner } else { &self.issuer }
    }

    /// Everything that its seal covers, each part behind its length, so that none can run into the next.
    pub fn sealed_words(&self) -> String {
        let named = |n: &NamedRef| format!("{} {}", n.id, n.name);
        let parts = [
            self.contract.to_string(),
            self.agreement.to_string(),
            self.title.clone(),
            self.version.to_string(),
            self.act.to_string(),
            named(&self.issuer),
            named(&self.partner),
            self.signer.as_ref().map(named).unwrap_or_default(),
            self.email.clone().unwrap_or_default(),
            self.address.clone(),
            self.agent.clone(),
            self.proof.map(|p| p.to_string()).unwrap_or_default(),
            self.document_type.to_string(),
            self.sha256.clone(),
            self.words.clone().unwrap_or_default(),
            self.consent.to_string(),
            self.at.0.to_string(),
        ];
        parts.iter().map(|part| format!("{}:{part}\n", part.len())).collect()
    }

    /// Its code as people read it: in groups of four.
    pub fn code(&self) -> String {
        let groups: Vec<&str> = self.id.as_bytes().chunks(4).filter_map(|g| std::str::from_utf8(g).ok()).collect();
        groups.join("-")
    }
}

/// The id that a code stands for, however it was typed.
pub fn parse_code(typed: &str) -> Option<String> {
    let digits: String =
        typed.chars().filter(|c| !matches!(c, '-' | ' ' | '\t')).flat_map(char::to_lowercase).collect();
    (digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}

/// What an unknown code is answered with.
pub fn unknown_code() -> Refusal {
    let text = "No signature has this code. Compare it with the certificate: 32 digits and letters from a to f, in eight groups.";
    let mut refusal = Refusal::not_found("signature", "");
    refusal.problems[0].text = Text::new(text);
    refusal
}

/// What is signed of a version: its kind, the SHA-256, and the words where there is nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Where the text is.
    pub document_type: DocumentType,
    /// The SHA-256 over it.
    pub sha256: String,
    /// The description, if that is all there is.
    pub words: Option<String>,
}

impl Signed {
    /// What is signed of this document; `description` is the agreement's. `digest` gives the SHA-256 in hexadecimal digits.
    pub fn of(document: &GoodDocument, description: &str, digest: impl Fn(&[u8]) -> String) -> Self {
        let (sha256, words) = match (document.document_type, &document.file) {
            (DocumentType::Uploaded, Some(Paper { sha256, .. })) => (sha256.clone(), None),
            (DocumentType::Text, _) => (digest(document.text.as_deref().unwrap_or_default().as_bytes()), None),
            (DocumentType::External, _) => (digest(document.link.as_deref().unwrap_or_default().as_bytes()), None),
            _ => (digest(description.as_bytes()), Some(description.to_owned())),
        };
        Self { document_type: document.document_type, sha256, words }
    }
}

/// Whether a signature still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is genuine, and the newest of its contract.
    Valid,
    /// It is genuine, and the same company has signed a newer version.
    Superseded {
        /// Which one.
        version: i32,
        /// When.
        at: Time,
    },
    /// It is genuine, and its contract has ended.
    Ended,
    /// The record or the document is not what was signed.
    Altered(Altered),
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Altered {
    /// The record of the signature.
    Record,
    /// The document, or it is gone.
    Document,
}

/// What a signature is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// Whether its seal is the one that belongs to its words.
    pub sealed: bool,
    /// The SHA-256 of the document as it is kept now; none if it is gone.
    pub document: Option<&'a str>,
    /// The newest signature of the same company under the same contract: its version and moment.
    pub newest: (i32, Time),
    /// Where the contract stands.
    pub status: ContractStatus,
}

impl Signature {
    /// Whether it still stands.
    pub fn standing(&self, evidence: Evidence<'_>) -> Standing {
        let (version, at) = evidence.newest;
        match () {
            () if !evidence.sealed => Standing::Altered(Altered::Record),
            () if evidence.document != Some(self.sha256.as_str()) => Standing::Altered(Altered::Document),
            () if version > self.version && at > self.at => Standing::Superseded { version, at },
            () if !evidence.status.is_live() => Standing::Ended,
            () => Standing::Valid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(id: &str) -> NamedRef {
        NamedRef { id: id.into(), name: format!("Company {id}") }
    }

    fn signature() -> Signature {
        Signature {
            id: "0123456789abcdef0123456789abcdef".into(),
            contract: ContractId::parse("CRP-11111-11111-11111").expect("an id"),
            agreement: AgreementId::parse("AGP-111-111-111").expect("an id"),
            title: "Terms".into(),
            version: 2,
            act: Act::Accept,
            issuer: named("PA-111-111"),
            partner: named("VA-111-111"),
            signer: Some(named("UR-111-111-111")),
            email: Some("a@b.example".into()),
            address: "127.0.0.1".into(),
            agent: "Browser".into(),
            proof: Some(Proof::Password),
            document_type: DocumentType::Text,
            sha256: "aa".into(),
            words: None,
            consent: Text::new(CONSENT),
            at: Time(5),
        }
    }

    #[test]
    fn a_seal_covers_every_part() {
        let first = signature().sealed_words();
        let changes: [fn(&mut Signature); 17] = [
            |s| s.contract = ContractId::parse("CRP-11111-11111-11112").expect("an id"),
            |s| s.agreement = AgreementId::parse("AGP-111-111-112").expect("an id"),
            |s| s.title.push('s'),
            |s| s.version = 3,
            |s| s.act = Act::Renew,
            |s| s.issuer = named("PA-111-112"),
            |s| s.partner.name.push('s'),
            |s| s.signer = None,
            |s| s.email = None,
            |s| s.address.push('1'),
            |s| s.agent.clear(),
            |s| s.proof = Some(Proof::Passkey),
            |s| s.document_type = DocumentType::None,
            |s| s.sha256 = "ab".into(),
            |s| s.words = Some("more".into()),
            |s| s.consent = Text::new("Something else"),
            |s| s.at = Time(6),
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut other = signature();
            change(&mut other);
            assert_ne!(other.sealed_words(), first, "change {n}");
        }
    }

    #[test]
    fn a_signature_stands_until_something_says_otherwise() {
        let ours = signature();
        let good =
            Evidence { sealed: true, document: Some("aa"), newest: (2, Time(5)), status: ContractStatus::Active };
        for (evidence, want) in [
            (good, Standing::Valid),
            (Evidence { status: ContractStatus::Pending, ..good }, Standing::Valid),
            (Evidence { newest: (3, Time(9)), ..good }, Standing::Superseded { version: 3, at: Time(9) }),
            (Evidence { status: ContractStatus::Terminated, ..good }, Standing::Ended),
            (Evidence { status: ContractStatus::Rejected, ..good }, Standing::Ended),
            (Evidence { sealed: false, ..good }, Standing::Altered(Altered::Record)),
            (Evidence { document: Some("ab"), ..good }, Standing::Altered(Altered::Document)),
            (Evidence { document: None, newest: (3, Time(9)), ..good }, Standing::Altered(Altered::Document)),
        ] {
            assert_eq!(ours.standing(evidence), want, "{evidence:?}");
        }
    }

    #[test]
    fn what_is_signed_is_the_text_wherever_it_is() {
        let digest = |bytes: &[u8]| format!("<{}>", String::from_utf8_lossy(bytes));
        let document = |document_type, link: Option<&str>, text: Option<&str>| GoodDocument {
            document_type,
            link: link.map(str::to_owned),
            text: text.map(str::to_owned),
            file: (document_type == DocumentType::Uploaded).then(|| Paper {
                key: "k".into(),
                name: "a.pdf".into(),
                size: 1,
                sha256: "f".into(),
            }),
        };
        for (given, sha256, words) in [
            (document(DocumentType::Text, None, Some("# T")), "<# T>", None),
            (document(DocumentType::External, Some("https://a"), None), "<https://a>", None),
            (document(DocumentType::Uploaded, None, None), "f", None),
            (document(DocumentType::None, None, None), "<About>", Some("About")),
        ] {
            let signed = Signed::of(&given, "About", digest);
            assert_eq!((signed.sha256.as_str(), signed.words.as_deref()), (sha256, words));
        }
    }

    proptest! {
        #[test]
        fn a_code_is_found_however_it_is_typed(bytes in proptest::array::uniform16(any::<u8>()), upper: bool) {
            let id = bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
            let ours = Signature { id: id.clone(), ..signature() };
            let shown = if upper { ours.code().to_uppercase() } else { ours.code() };
            prop_assert_eq!(parse_code(&format!(" {shown} ")), Some(id));
        }

        #[test]
        fn other_words_are_no_code(words in "\\PC{0,40}") {
            if let Some(id) = parse_code(&words) {
                prop_assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
            }
        }
    }
}

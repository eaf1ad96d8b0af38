//! The certificate of a signature: a PDF file with everything that is known of it, sealed, so that anybody can find out at
//! `/verify` whether a copy is what was issued.
//!
//! The seal is the file's last line, a comment for programs that read PDF. It covers every byte before it, and can be made
//! only with the deployment's secret; certificates that were issued are therefore not kept.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use qrcode::{Color, EcLevel, QrCode};
use sha2::{Digest, Sha256};

use super::model::{Act, DocumentType, Signature, parse_code};
use crate::app::Services;
use crate::flows::accounts::model::Proof;
use crate::kit::{NamedRef, Secret, Text, digest};
use crate::outside::pdf::{Pdf, PdfError};
use crate::web::assets;

/// Path of the page that verifies; behind it stands a signature's code.
pub const VERIFY_PATH: &str = "/verify";
/// What the seal is made for.
const PURPOSE: &str = "certificate";
/// How the last line begins.
const MARK: &str = "%Causeway-Certificate ";
/// Bytes of the last line: the mark, the code, a space, the seal, the line's end.
const TAIL: usize = MARK.len() + 32 + 1 + 64 + 1;

/// Where a signature is verified.
pub fn verify_link(services: &Services, signature: &Signature) -> String {
    format!("{}{VERIFY_PATH}/{}", services.public_url.as_str().trim_end_matches('/'), signature.code())
}

/// What a certificate's file is called.
pub fn file_name(signature: &Signature) -> String {
    format!("certificate-{}-version-{}-{}.pdf", signature.contract, signature.version, signature.act)
}

/// The certificate of a signature.
///
/// # Errors
/// The library for PDF refuses.
pub fn write(services: &Services, signature: &Signature) -> Result<Vec<u8>, PdfError> {
    let link = verify_link(services, signature);
    let mut pdf = Pdf::new("Certificate of a signature", signature.at)
        .heading(1, "Certificate of a signature")
        .paragraph(opening(signature))
        .heading(2, "What was signed")
        .facts(what(signature))
        .heading(2, "Who signed")
        .facts(who(signature))
        .heading(2, "How to verify this certificate")
        .paragraph(
            "Open the address below, or photograph the square. It says whether the signature is valid, was superseded by a \
             newer one, or does not belong to what is kept. There, this file and the signed document can be compared with \
             what was issued, byte by byte.",
        )
        .facts(vec![fact("Address", link.clone()), fact("Code", signature.code())]);
    if let Ok(square) = QrCode::with_error_correction_level(link.as_bytes(), EcLevel::M) {
        let width = square.width();
        let dark: Vec<bool> = square.into_colors().into_iter().map(|c| c == Color::Dark).collect();
        pdf = pdf.square(dark.chunks(width.max(1)).map(<[bool]>::to_vec).collect(), link);
    }
    let mut file = pdf.write(&assets::typefaces())?;
    if !file.ends_with(b"\n") {
        file.push(b'\n');
    }
    let seal = Secret::derived(&services.secret, PURPOSE, &signature.id, &digest(&file));
    file.extend_from_slice(format!("{MARK}{} {}\n", signature.id, seal.reveal()).as_bytes());
    Ok(file)
}

fn fact(label: &str, value: impl ToString) -> (String, String) {
    (label.to_owned(), value.to_string())
}

fn named(n: &NamedRef) -> String {
    format!("{} ({})", n.name, n.id)
}

fn opening(s: &Signature) -> String {
    let text = match s.act {
        Act::Accept => Text::new("On {when:time} UTC, {partner} accepted the contract that {issuer} had offered."),
        Act::Enrol => Text::new("On {when:time} UTC, {partner} enrolled in the agreement that {issuer} had issued."),
        Act::Approve => Text::new("On {when:time} UTC, {issuer} approved the enrolment of {partner}."),
        Act::Renew => Text::new("On {when:time} UTC, {partner} accepted a newer version of the agreement of {issuer}."),
    };
    text.moment("when", s.at).arg("partner", &s.partner.name).arg("issuer", &s.issuer.name).to_string()
}

/// What a hash is the hash of.
pub fn hashed_word(kind: DocumentType) -> &'static str {
    match kind {
        DocumentType::Uploaded => "The PDF file, byte by byte",
        DocumentType::Text => "The text, as UTF-8",
        DocumentType::External => "The address of the text; the text itself is not kept here",
        DocumentType::None => "The description of the agreement, as UTF-8",
    }
}

fn what(s: &Signature) -> Vec<(String, String)> {
    let mut facts = vec![
        fact("Agreement", format!("{} ({})", s.title, s.agreement)),
        fact("Version", s.version),
        fact("Contract", &s.contract),
        fact("Issued by", named(&s.issuer)),
        fact("Partner", named(&s.partner)),
        fact("SHA-256", &s.sha256),
        fact("which is the sum of", hashed_word(s.document_type)),
    ];
    if let Some(words) = &s.words {
        facts.push(fact("Description", words));
    }
    facts
}

/// By what a signer had proved who they are, as people read it.
pub fn proof_word(s: &Signature) -> &'static str {
    match s.proof {
        Some(Proof::Password) => "Password",
        Some(Proof::Link) => "Link to their e-mail address",
        Some(Proof::App) => "Password and a code of their app",
        Some(Proof::Passkey) => "Passkey",
        Some(Proof::Recovery) => "Password and a recovery code",
        Some(Proof::SingleSignOn) => "Single sign-on",
        Some(Proof::SafeSignOn) => "Single sign-on with a second factor",
        None => "API token",
    }
}

fn who(s: &Signature) -> Vec<(String, String)> {
    let or_none = |text: &str| if text.is_empty() { "not known".to_owned() } else { text.to_owned() };
    let mut facts = vec![fact("Signed by", s.signer.as_ref().map_or_else(|| or_none(""), named))];
    if let Some(email) = &s.email {
        facts.push(fact("E-mail", email));
    }
    facts.extend([
        fact("For", named(s.company())),
        fact("Words of consent", format!("“{}”", s.consent)),
        fact("Moment", s.at.jiff()),
        fact("Proof of identity", proof_word(s)),
        fact("Network address", or_none(&s.address)),
        fact("Program", or_none(&s.agent)),
    ]);
    facts
}

/// What a file turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// It says that it is the certificate of this signature.
    Certificate {
        /// The signature's id.
        id: String,
        /// Whether it is exactly what was issued.
        genuine: bool,
    },
    /// Something else: its SHA-256.
    Other(String),
}

/// Looks at a file that somebody has. Blocks; reads it once, in constant memory.
///
/// # Errors
/// The file cannot be read.
pub fn look(secret: &str, mut file: File) -> std::io::Result<Looked> {
    let size = file.metadata()?.len();
    let body = size.saturating_sub(TAIL as u64);
    file.seek(SeekFrom::Start(body))?;
    let mut tail = vec![];
    file.by_ref().take(TAIL as u64).read_to_end(&mut tail)?;
    file.rewind()?;
    let claimed = claim(&tail);
    let mut sum = Sha256::new();
    add(&mut sum, file.by_ref().take(body))?;
    let Some((id, seal)) = claimed else {
        add(&mut sum, file)?;
        return Ok(Looked::Other(hex::encode(sum.finalize())));
    };
    let own = Secret::derived(secret, PURPOSE, &id, &hex::encode(sum.finalize()));
    Ok(Looked::Certificate { genuine: own.reveal() == seal, id })
}

fn add(sum: &mut Sha256, mut from: impl Read) -> std::io::Result<()> {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        sum.update(&piece[..count]);
    }
}

/// Code and seal of a certificate's last line.
fn claim(tail: &[u8]) -> Option<(String, String)> {
    let line = std::str::from_utf8(tail).ok()?.strip_prefix(MARK)?.strip_suffix('\n')?;
    let (id, seal) = line.split_once(' ')?;
    Some((parse_code(id)?, seal.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn looked(bytes: &[u8]) -> Looked {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        look("the secret", file).expect("looked at")
    }

    fn sealed(body: &[u8]) -> Vec<u8> {
        let id = "0123456789abcdef0123456789abcdef";
        let seal = Secret::derived("the secret", PURPOSE, id, &digest(body));
        [body, format!("{MARK}{id} {}\n", seal.reveal()).as_bytes()].concat()
    }

    #[test]
    fn any_change_of_a_certificate_shows() {
        let good = sealed(b"%PDF-1.7 and so on\n%%EOF\n");
        let id = "0123456789abcdef0123456789abcdef".to_owned();
        assert_eq!(looked(&good), Looked::Certificate { id: id.clone(), genuine: true });
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            let found = looked(&bad);
            assert!(!matches!(found, Looked::Certificate { genuine: true, .. }), "byte {at}");
        }
        let longer = [b"x", good.as_slice()].concat();
        assert_eq!(looked(&longer), Looked::Certificate { id, genuine: false });
    }

    #[test]
    fn anything_else_is_known_by_its_sum() {
        for bytes in [&b""[..], b"x", &[0; 400], b"%Causeway-Certificate short\n"] {
            assert_eq!(looked(bytes), Looked::Other(digest(bytes)));
        }
    }
}

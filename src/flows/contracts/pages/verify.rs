//! The public page on which anybody verifies a signature: by the code of its certificate, or with a file.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::actions::{self, Judged, MAX_PAPER};
use super::super::certificate::{self, Looked, VERIFY_PATH};
use super::super::model::{Altered, Paper, Standing, parse_code};
use super::signatures::act_word;
use crate::flows::accounts::pages::posted_with_upload;
use crate::kit::{Refusal, Text};
use crate::outside::files::{FileKey, Files, Staged};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Field, Form, Width};
use crate::web::frames::FormPage;
use crate::web::part::Part;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::status::{Status, Tone};
use crate::web::{Ctx, Error, Posted, explain};

fn file_field() -> Field {
    Field::file("file", "File", ".pdf,.txt,.md,application/pdf,text/plain", MAX_PAPER)
        .hint("A certificate, or the document that was signed. At most 20 MB; it is looked at and not kept.")
        .width(Width::Full)
        .optional()
}

fn form() -> Form {
    Form::post(VERIFY_PATH, "Verify")
        .field(
            Field::text("code", "Code of the certificate")
                .hint("32 digits and letters, in eight groups. It is on every certificate.")
                .width(Width::Full)
                .autocomplete("off")
                .optional(),
        )
        .field(file_field())
}

fn asks(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let mut form = form();
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut page = FormPage::new(ctx.page("Verify a signature"), form);
    page.head = page.head.lede(
        "Whoever has the certificate of a signature, or its code, can find out here whether it is genuine and still valid.",
    );
    ctx.render_as(status, &page)
}

/// Asks for a code or a file.
pub async fn verify(ctx: Ctx) -> Result<HttpResponse, Error> {
    asks(&ctx, StatusCode::OK, None)
}

/// The signature of a code.
pub async fn verified(ctx: Ctx, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let typed = path.into_inner();
    match judged(&ctx, &typed).await {
        Ok(judged) => shows(&ctx, &judged, None),
        Err(error) => unknown(&ctx, &Posted::of_query("").with("code", &typed), error),
    }
}

/// An unknown code is shown in its field again, with what is wrong; it is not found all the same.
fn unknown(ctx: &Ctx, posted: &Posted, error: Error) -> Result<HttpResponse, Error> {
    let Cause::Refused(refusal) = &error.cause else { return Err(error) };
    if refusal.status() != 404 {
        return Err(error);
    }
    asks(ctx, StatusCode::NOT_FOUND, Some((Ctx::wrong("code", crate::web::tell(refusal)), posted)))
}

/// What the database says, and the bytes of the document.
async fn judged(ctx: &Ctx, code: &str) -> Result<Judged, Error> {
    let code = code.to_owned();
    let mut judged = ctx.read(move |tx, _| actions::judge(tx, &code)).await?;
    if let (Some(paper), false) = (judged.paper.clone(), matches!(judged.standing, Standing::Altered(_))) {
        let files = ctx.services().files.clone();
        if !web::block(move || is_intact(&files, &paper)).await? {
            judged.standing = Standing::Altered(Altered::Document);
        }
    }
    Ok(judged)
}

/// Whether the bytes of a kept document are still those of its sum. Blocks.
fn is_intact(files: &Files, paper: &Paper) -> bool {
    let Ok(key) = paper.key.parse::<FileKey>() else { return false };
    let Ok(file) = files.read(&key) else { return false };
    // No secret: a document that was signed is no certificate of ours.
    match certificate::look("", file) {
        Ok(Looked::Other(sum)) => sum == paper.sha256,
        _ => false,
    }
}

/// What a file that was sent turned out to be.
enum Compared {
    Certificate { genuine: bool },
    Document { same: bool },
}

/// Looks at the file that was sent, or finds the code that was typed.
pub async fn do_verify(ctx: Ctx, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let secret = ctx.services().secret.clone();
    let look = move |files: &Files, field: &str, staged: &Staged, _: &str| looked(&secret, files, field, staged);
    let (posted, found) = posted_with_upload(&ctx, &req, payload, ("file", MAX_PAPER), look).await?;
    let typed = parse_code(posted.get("code"));
    let found = match found {
        Ok(found) => found,
        Err(refusal) => return asks(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((refusal.into(), &posted))),
    };
    let wrong = |field: &str, text: &'static str| {
        asks(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((Ctx::wrong(field, Text::new(text)), &posted)))
    };
    let (code, compared) = match (found, typed) {
        (Some(Looked::Certificate { id, genuine }), _) => (id, Some(Compared::Certificate { genuine })),
        (Some(Looked::Other(sum)), Some(code)) => {
            let judged = match judged(&ctx, &code).await {
                Ok(judged) => judged,
                Err(error) => return unknown(&ctx, &posted, error),
            };
            let same = judged.signature.sha256 == sum;
            return shows(&ctx, &judged, Some(Compared::Document { same }));
        }
        (_, None) if !posted.get("code").trim().is_empty() => {
            return wrong("code", "This is not a code. It has 32 digits and letters from a to f, in eight groups.");
        }
        (Some(Looked::Other(_)), None) => {
            return wrong(
                "code",
                "The file is no certificate as this portal issues them: it was saved anew or changed, or it is the document \
                 itself. To compare a document, type the code of its certificate too.",
            );
        }
        (None, Some(code)) => (code, None),
        (None, None) => return wrong("code", "Type the code of a certificate, or choose a file."),
    };
    match judged(&ctx, &code).await {
        Ok(judged) => shows(&ctx, &judged, compared),
        Err(error) => unknown(&ctx, &posted, error),
    }
}

/// Looks at an upload and throws it away. Blocks.
fn looked(secret: &str, files: &Files, field: &str, staged: &Staged) -> Result<Looked, Refusal> {
    let found = files
        .local(&staged.key)
        .and_then(|local| Ok(certificate::look(secret, std::fs::File::open(local.path())?)?))
        .map_err(|e| Refusal::field(field, e.text()));
    if let Err(e) = files.delete(&staged.key) {
        tracing::warn!(error = %e, "an upload that was only looked at could not be deleted; the next sweep takes it");
    }
    found
}

fn status(standing: Standing) -> Status {
    match standing {
        Standing::Valid => Status::good("Valid"),
        Standing::Superseded { .. } => Status::caution("Superseded"),
        Standing::Ended => Status::ended("Contract ended"),
        Standing::Altered(_) => Status::bad("Altered"),
    }
}

fn sentence(judged: &Judged) -> Text {
    match judged.standing {
        Standing::Valid => Text::new("This signature is genuine, and it is in force."),
        Standing::Superseded { version, at } => Text::new(
            "This signature is genuine. It was superseded on {when:day}, when {company} signed version {version}.",
        )
        .moment("when", at)
        .arg("company", &judged.signature.company().name)
        .arg("version", version),
        Standing::Ended => Text::new("This signature is genuine. Its contract has ended since."),
        Standing::Altered(Altered::Record) => Text::new(
            "What is kept of this signature is not what was signed: somebody has changed it. Do not rely on it.",
        ),
        Standing::Altered(Altered::Document) => {
            Text::new("The document that is kept now is not the one that was signed, or it is gone. Do not rely on it.")
        }
    }
}

fn notice(compared: &Compared) -> Notice {
    match compared {
        Compared::Certificate { genuine: true } => {
            Notice::new("Your file is the certificate exactly as it was issued.").tone(Tone::Ok)
        }
        Compared::Certificate { genuine: false } => {
            Notice::new("Your file was altered: it is not the certificate that was issued. What is kept stands below.")
                .tone(Tone::Bad)
        }
        Compared::Document { same: true } => {
            Notice::new("Your file is the document that was signed, byte by byte.").tone(Tone::Ok)
        }
        Compared::Document { same: false } => {
            Notice::new("Your file is not the document that was signed.").tone(Tone::Bad)
        }
    }
}

fn shows(ctx: &Ctx, judged: &Judged, compared: Option<Compared>) -> Result<HttpResponse, Error> {
    let s = &judged.signature;
    let form = Form::post(VERIFY_PATH, "Compare a file").hidden("code", &s.id).field(file_field());
    let mut page = FormPage::new(ctx.page("Verify a signature"), form);
    page.head = Head::new(Text::new("Signature of {company}").arg("company", &s.company().name))
        .meta(status(judged.standing))
        .meta(Cell::id(s.code()))
        .lede(sentence(judged))
        .action(Button::link("Verify another", VERIFY_PATH));
    page.notices = compared.iter().map(notice).collect();
    let company = |n: &crate::kit::NamedRef| Cell::data(&n.name).sub(Cell::id(&n.id));
    let mut facts = Facts::new()
        .fact("Agreement", Cell::data(&s.title).sub(Cell::id(&s.agreement)))
        .fact("Version", Cell::number(s.version))
        .fact("Contract", Cell::id(&s.contract))
        .fact("Issued by", company(&s.issuer))
        .fact("Partner", company(&s.partner))
        .fact("What", Cell::text(act_word(s.act)))
        .fact("Signed by", Cell::maybe(s.signer.as_ref(), |who| Cell::person(&who.name)))
        .fact("When", Cell::time_long(s.at))
        .fact("Words of consent", Cell::text(s.consent.clone()).wrap())
        .fact("Proof of identity", Cell::text(certificate::proof_word(s)))
        .fact("SHA-256", Cell::copy(&s.sha256).wrap().sub(Cell::text(certificate::hashed_word(s.document_type))));
    if let Some(words) = &s.words {
        facts = facts.fact("Description", Cell::data(words).wrap());
    }
    page.parts.push(Part::new(facts.in_rows()));
    ctx.render(&page)
}

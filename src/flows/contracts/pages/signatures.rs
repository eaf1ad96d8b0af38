//! Signatures on a contract's page, and their certificates as files.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Signing};
use super::super::certificate::{self, VERIFY_PATH};
use super::super::model::{Act, Contract, Signature};
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::error::broken;
use crate::web::frames::Section;
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Ctx, Error};

/// What was done by a signature, as people read it.
pub(super) fn act_word(act: Act) -> &'static str {
    match act {
        Act::Accept => "Accepted",
        Act::Enrol => "Enrolled",
        Act::Approve => "Approved",
        Act::Renew => "Accepted the newer version",
    }
}

/// The signatures of a contract; and versions that nobody signed, because the agreement accepts by itself.
pub(super) fn section(ctx: &Ctx, contract: &Contract, versions: &[Signing], signatures: &[Signature]) -> Section {
    let section = Section::new("Signatures");
    if signatures.is_empty() && versions.is_empty() {
        return section.words("Nothing was signed yet.");
    }
    let agreement = ctx.url(&format!("/agreements/{}", contract.agreement.id));
    let number = |version: i32| {
        Cell::text(Text::new("Version {version}").arg("version", version)).to(format!("{agreement}/versions/{version}"))
    };
    let signed = signatures.iter().map(|s| {
        let href = ctx.url(&format!("/contracts/{}/signatures/{}", s.contract, s.id));
        Row::new(
            &s.id,
            vec![
                number(s.version),
                Cell::text(act_word(s.act)),
                Cell::maybe(s.signer.as_ref(), |who| Cell::person(&who.name)).sub(Cell::data(&s.company().name)),
                Cell::time(s.at),
                Cell::text("Certificate").to(href).sub(Cell::text("Verify").to(format!("{VERIFY_PATH}/{}", s.id))),
            ],
        )
    });
    let unsigned = versions.iter().filter(|(v, ..)| signatures.iter().all(|s| s.version != *v)).map(|(v, who, at)| {
        Row::new(
            v,
            vec![
                number(*v),
                Cell::text(if who.is_some() { "Signed" } else { "Accepted by itself" }),
                Cell::maybe(who.as_ref(), |who| Cell::person(&who.name)),
                Cell::time(*at),
                Cell::nothing(),
            ],
        )
    });
    let columns = vec![
        Column::new("version", "Version"),
        Column::new("act", "What"),
        Column::new("signer", "Signed by").grows(),
        Column::new("at", "When"),
        Column::new("certificate", "Proof"),
    ];
    section.note("each with a certificate that anybody can verify").part(Boxed::new(
        "Signatures",
        columns,
        signed.chain(unsigned).collect(),
    ))
}

/// The certificate of a signature, as a file.
pub async fn certificate(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let (_, id, code) = path.into_inner();
    let signature = ctx.read(move |tx, actor| actions::signature(tx, actor, &id, &code)).await?;
    let (services, of) = (ctx.services().clone(), signature.clone());
    let bytes = web::block(move || certificate::write(&services, &of)).await?.map_err(|e| broken(&e))?;
    let disposition = header::ContentDisposition::attachment(certificate::file_name(&signature));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/pdf"))
        .insert_header(disposition)
        .insert_header(header::ContentEncoding::Identity)
        .body(bytes))
}

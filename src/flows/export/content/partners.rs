//! Partners, marketplaces, hubs, agreements and contracts.

use serde_json::Value;

use super::{Attached, Kind, Reading, value};
use crate::db::Result;
use crate::flows::contracts::actions as contracts;
use crate::flows::contracts::api::Signature;
use crate::flows::contracts::api::batches::{Invitation, InvitationRow};
use crate::flows::contracts::api::wire::{
    Agreement, AgreementVersion, ContractData, ContractVersion, Form, FormVersion,
};
use crate::flows::contracts::links::Links;
use crate::flows::contracts::model::DocumentType;
use crate::flows::marketplaces::actions as marketplaces;
use crate::flows::marketplaces::api::wire::{Hub, Marketplace};
use crate::flows::partners::actions as partners;
use crate::flows::partners::api::Partner;

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "partners",
        about: "Companies that the account deals with, as far as it sees them",
        read: all_partners,
    },
    Kind { name: "hubs", about: "Hubs", read: hubs },
    Kind { name: "marketplaces", about: "Marketplaces", read: all_marketplaces },
    Kind { name: "forms", about: "Forms that partners fill", read: forms },
    Kind { name: "form_versions", about: "Versions of forms", read: form_versions },
    Kind { name: "agreements", about: "Agreements, with the version that is shown", read: agreements },
    Kind {
        name: "agreement_versions",
        about: "Versions of agreements; @text is what is written in the version itself",
        read: agreement_versions,
    },
    Kind { name: "contracts", about: "Contracts; no activation codes and links", read: all_contracts },
    Kind { name: "signatures", about: "Signatures under versions of agreements", read: signatures },
    Kind { name: "contract_versions", about: "Versions of agreements that were signed", read: contract_versions },
    Kind {
        name: "contract_data",
        about: "Answers to forms of agreements; of the account's own also what was not sent yet",
        read: contract_data,
    },
    Kind { name: "invitations", about: "Invitations by spreadsheet of the last 90 days", read: invitations },
    Kind { name: "invitation_rows", about: "The rows of these spreadsheets", read: invitation_rows },
];

fn all_partners(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&partners::PARTNERS, &[], &[], |tx, actor, ids| {
        Ok(partners::partners(tx, actor, ids)?.into_iter().map(Partner::from).collect())
    })
}

fn hubs(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&marketplaces::HUBS, &[], &[], |tx, actor, ids| {
        Ok(marketplaces::hubs(tx, actor, ids)?.into_iter().map(Hub::from).collect())
    })
}

fn all_marketplaces(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&marketplaces::MARKETPLACES, &[], &[], |tx, actor, ids| {
        Ok(marketplaces::marketplaces(tx, actor, ids)?.into_iter().map(Marketplace::from).collect())
    })
}

fn forms(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&contracts::FORMS, &[], &[], |tx, actor, ids| {
        Ok(contracts::forms(tx, actor, ids)?.into_iter().map(Form::from).collect())
    })
}

fn form_versions(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&contracts::FORMS, &[], |r, ids| {
        for id in ids {
            let (form, versions) = contracts::form_versions(r.tx, r.actor, id)?;
            for version in versions {
                r.row(FormVersion::of(&form, version), &[])?;
            }
        }
        Ok(())
    })
}

fn agreements(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&contracts::AGREEMENTS, &[], &[], |tx, actor, ids| {
        Ok(contracts::agreements(tx, actor, ids)?.into_iter().map(Agreement::from).collect())
    })
}

fn agreement_versions(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&contracts::AGREEMENTS, &[], |r, ids| {
        for id in ids {
            let (agreement, versions) = contracts::versions(r.tx, r.actor, id)?;
            for version in versions {
                let number = version.version;
                let (text, file) = match version.document_type {
                    DocumentType::None => (None, None),
                    _ => {
                        let document = contracts::document(r.tx, r.actor, id, Some(number))?;
                        (document.text, document.file)
                    }
                };
                // Partners have it from whoever issued the agreement, whose file it is.
                if let Some(paper) = file.filter(|_| agreement.own) {
                    r.attach(&Attached {
                        path: format!("files/agreements/{id}/{number}/{}", paper.name),
                        url: None,
                        object: id.clone(),
                        content_type: "application/pdf".to_owned(),
                        key: paper.key,
                    })?;
                }
                let mut object = value(AgreementVersion::of(&agreement, version))?;
                if let (Value::Object(map), Some(text)) = (&mut object, text) {
                    map.insert("@text".to_owned(), Value::String(text));
                }
                r.row(object, &[])?;
            }
        }
        Ok(())
    })
}

fn all_contracts(r: &mut Reading<'_, '_>) -> Result<()> {
    let none = Links::none();
    r.list(&contracts::CONTRACTS, &[], &[], |tx, actor, ids| {
        Ok(contracts::contracts(tx, actor, ids)?.into_iter().map(|c| none.wire(c)).collect())
    })
}

fn signatures(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&contracts::CONTRACTS, &[], |r, ids| {
        for id in ids {
            let (_, all) = contracts::signatures(r.tx, r.actor, id)?;
            for signature in all {
                r.row(Signature::from(signature), &[])?;
            }
        }
        Ok(())
    })
}

fn contract_versions(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&contracts::CONTRACTS, &[], |r, ids| {
        for id in ids {
            let (contract, signed) = contracts::signed_versions(r.tx, r.actor, id)?;
            for version in ContractVersion::all(&contract, signed) {
                r.row(version, &[])?;
            }
        }
        Ok(())
    })
}

fn contract_data(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&contracts::ANSWERS, &[], &[], |tx, actor, ids| {
        Ok(contracts::answers(tx, actor, ids)?.into_iter().filter_map(ContractData::of).collect())
    })
}

fn invitations(r: &mut Reading<'_, '_>) -> Result<()> {
    r.list(&contracts::INVITATIONS, &[], &[], |tx, actor, ids| {
        Ok(contracts::batches(tx, actor, ids)?.into_iter().map(Invitation::from).collect())
    })
}

fn invitation_rows(r: &mut Reading<'_, '_>) -> Result<()> {
    r.each(&contracts::INVITATIONS, &[], |r, ids| {
        for id in ids {
            r.list(&contracts::INVITATION_ROWS, &[("invitation.id", id)], &[("invitation", id)], |tx, actor, ids| {
                Ok(contracts::batch_rows(tx, actor, ids)?.into_iter().map(InvitationRow::from).collect())
            })?;
        }
        Ok(())
    })
}

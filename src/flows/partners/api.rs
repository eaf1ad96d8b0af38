//! `/partners` of the API.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions;
use super::model;
use crate::flows::accounts::api::industries_of;
use crate::flows::accounts::model::AccountStatus;
use crate::flows::products::actions::{self as products, PRODUCTS};
use crate::flows::products::api::wire::Product;
use crate::kit::{NamedRef, Refusal, Role};
use crate::rest::{Caller, Error};

/// Contracts between the caller and a partner that have not ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnerContracts {
    /// Distribution contracts.
    pub distribution: i64,
    /// Program contracts.
    pub program: i64,
    /// Service contracts.
    pub service: i64,
    /// Syndication contracts.
    pub syndication: i64,
}

/// How much there is between the caller and a partner.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnerStats {
    /// Contracts.
    pub contracts: PartnerContracts,
    /// Products that are listed.
    pub listings: i64,
}

/// A partner.
#[derive(Debug, Serialize, ToSchema)]
pub struct Partner {
    /// Its account.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: AccountStatus,
    /// Path of its logo.
    pub icon: Option<String>,
    /// Vendor or provider.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is.
    pub role: Role,
    /// A few sentences.
    pub description: String,
    /// More of them, in Markdown.
    pub overview: String,
    /// Where it sits.
    pub headquarters: String,
    /// Codes of the countries it works in.
    pub countries: Vec<String>,
    /// Codes of the languages it speaks.
    pub languages: Vec<String>,
    /// Its websites.
    pub websites: Vec<String>,
    /// What it works for.
    pub industries: Vec<NamedRef>,
    /// How much there is between both.
    pub stats: PartnerStats,
    /// There is no public catalogue, so it is in none.
    pub public: bool,
}

impl From<model::Partner> for Partner {
    fn from(partner: model::Partner) -> Self {
        let (c, s) = (partner.company, partner.stats);
        let p = c.profile;
        Self {
            id: c.id.to_string(),
            name: c.name,
            status: c.status,
            icon: c.icon,
            kind: c.role.wire_type().to_owned(),
            role: c.role,
            description: p.description,
            overview: p.overview,
            headquarters: p.headquarters,
            industries: industries_of(&p.industries),
            countries: p.countries,
            languages: p.languages,
            websites: p.websites,
            stats: PartnerStats {
                contracts: PartnerContracts {
                    distribution: s.distribution,
                    program: s.program,
                    service: s.service,
                    syndication: s.syndication,
                },
                listings: s.listings,
            },
            public: false,
        }
    }
}

/// The partners of the caller.
pub async fn partners(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&actions::PARTNERS, |tx, actor, ids, _| {
            Ok(actions::partners(tx, actor, ids)?.into_iter().map(Partner::from).collect())
        })
        .await
}

/// One partner.
pub async fn partner(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    caller.one(move |tx, actor| Ok(Partner::from(actions::partner(tx, actor, &path)?.0))).await
}

/// The products of a partner that the caller sees.
pub async fn partner_products(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let partner = path.into_inner();
    let asked = partner.clone();
    caller.read(move |tx, actor| actions::brief(tx, actor, &asked)).await?;
    caller
        .list_within(&PRODUCTS, vec![("owner.id", partner)], |tx, actor, ids, _| {
            Ok(products::products(tx, actor, ids)?.into_iter().map(Product::from).collect())
        })
        .await
}

/// One product of a partner that the caller sees.
pub async fn partner_product(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (partner, id) = path.into_inner();
    caller
        .one(move |tx, actor| {
            actions::brief(tx, actor, &partner)?;
            let product = products::product(tx, actor, &id)?;
            if product.owner.id != partner {
                return Err(Refusal::not_found("product", id).into());
            }
            Ok(Product::from(product))
        })
        .await
}

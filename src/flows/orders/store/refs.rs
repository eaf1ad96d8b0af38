//! The other objects that a subscription and a request mention: one set of joins for both.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use crate::flows::orders::model::{ConnectionRef, ContractRef, MarketplaceRef, ProductRef, TemplateRef};
use crate::flows::products::model::icon_or_default;
use crate::kit::{
    AccountId, ConnectionId, ContractId, Environment, HubId, MarketplaceId, NamedRef, ProductId, TemplateId, Time,
};

/// What is joined to `o`, a subscription or a request, and to the reader's party row `p`.
pub(super) const JOINS: &str = "join product pr on pr.id = o.product_id join connection cn on cn.id = o.connection_id \
    join hub h on h.id = cn.hub_id join account va on va.id = o.vendor_id join account pa on pa.id = o.provider_id \
    join marketplace m on m.id = o.marketplace_id join contract c on c.id = o.contract_id \
    left join template t on t.id = o.template_id";

/// The columns of [`Refs`].
pub(super) const COLUMNS: &str = "o.product_id, pr.name as product_name, pr.icon as product_icon, pr.status as product_status, \
    o.connection_id, cn.environment, cn.status as connection_status, cn.version_type, cn.created_at as connection_created, \
    cn.hub_id, h.name as hub_name, o.vendor_id, va.name as vendor_name, o.provider_id, pa.name as provider_name, \
    o.marketplace_id, m.name as marketplace_name, m.icon as marketplace_icon, o.contract_id, c.kind as contract_kind, \
    c.name as contract_name, o.template_id, t.name as template_name";

/// The objects around a subscription or a request.
#[derive(Debug, Clone, QueryableByName)]
pub struct Refs {
    /// The product.
    #[diesel(sql_type = SqlText)]
    pub product_id: ProductId,
    #[diesel(sql_type = SqlText)]
    product_name: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    product_icon: Option<String>,
    #[diesel(sql_type = SqlText)]
    product_status: String,
    /// The connection.
    #[diesel(sql_type = SqlText)]
    pub connection_id: ConnectionId,
    /// What it is for.
    #[diesel(sql_type = SqlText)]
    pub environment: Environment,
    #[diesel(sql_type = SqlText)]
    connection_status: String,
    #[diesel(sql_type = SqlText)]
    version_type: String,
    #[diesel(sql_type = BigInt)]
    connection_created: Time,
    /// The hub.
    #[diesel(sql_type = SqlText)]
    pub hub_id: HubId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub hub_name: String,
    /// The vendor.
    #[diesel(sql_type = SqlText)]
    pub vendor_id: AccountId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub vendor_name: String,
    /// The distributor.
    #[diesel(sql_type = SqlText)]
    pub provider_id: AccountId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub provider_name: String,
    /// The marketplace.
    #[diesel(sql_type = SqlText)]
    pub marketplace_id: MarketplaceId,
    #[diesel(sql_type = SqlText)]
    marketplace_name: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    marketplace_icon: Option<String>,
    /// The distribution contract.
    #[diesel(sql_type = SqlText)]
    pub contract_id: ContractId,
    #[diesel(sql_type = SqlText)]
    contract_kind: String,
    #[diesel(sql_type = SqlText)]
    contract_name: String,
    /// The template in use.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub template_id: Option<TemplateId>,
    #[diesel(sql_type = Nullable<SqlText>)]
    template_name: Option<String>,
}

impl Refs {
    /// The product as others mention it.
    pub fn product(&self) -> ProductRef {
        ProductRef {
            id: self.product_id.to_string(),
            name: self.product_name.clone(),
            icon: icon_or_default(self.product_icon.as_deref()).to_owned(),
            status: self.product_status.clone(),
        }
    }

    /// The connection as others mention it.
    pub fn connection(&self) -> ConnectionRef {
        let named = |id: &dyn std::fmt::Display, name: &str| NamedRef { id: id.to_string(), name: name.to_owned() };
        ConnectionRef {
            id: self.connection_id.to_string(),
            environment: self.environment,
            status: self.connection_status.clone(),
            provider: named(&self.provider_id, &self.provider_name),
            vendor: named(&self.vendor_id, &self.vendor_name),
            product: named(&self.product_id, &self.product_name),
            hub: named(&self.hub_id, &self.hub_name),
            created_at: self.connection_created,
            product_version_type: self.version_type.clone(),
        }
    }

    /// The marketplace as others mention it.
    pub fn marketplace(&self) -> MarketplaceRef {
        MarketplaceRef {
            id: self.marketplace_id.to_string(),
            name: self.marketplace_name.clone(),
            icon: self.marketplace_icon.clone().unwrap_or_default(),
        }
    }

    /// The contract as others mention it.
    pub fn contract(&self) -> ContractRef {
        ContractRef {
            id: self.contract_id.to_string(),
            kind: self.contract_kind.clone(),
            name: self.contract_name.clone(),
        }
    }

    /// The template as others mention it.
    pub fn template(&self) -> Option<TemplateRef> {
        let id = self.template_id.as_ref()?;
        Some(TemplateRef { id: id.to_string(), name: self.template_name.clone().unwrap_or_default() })
    }
}

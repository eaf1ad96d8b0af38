//! The activation links of offers: derived whenever they are shown, kept nowhere.

use std::sync::Arc;

use super::actions::{ACTIVATION_PATH, LINK_PURPOSE};
use super::model::{Contract, ContractStatus};
use crate::app::Services;
use crate::kit::Secret;

/// What links are made of.
#[derive(Clone)]
pub struct Links {
    base: String,
    secret: Arc<String>,
}

impl Links {
    /// Those of this deployment.
    pub fn of(services: &Services) -> Self {
        Self { base: services.public_url.as_str().trim_end_matches('/').to_owned(), secret: services.secret.clone() }
    }

    /// The secret that opens a contract: for its issuer, while it is pending.
    pub fn code(&self, contract: &Contract) -> Option<String> {
        let nonce = contract.private.as_ref()?.nonce.as_ref()?;
        if contract.status != ContractStatus::Pending {
            return None;
        }
        Some(Secret::derived(&self.secret, LINK_PURPOSE, contract.id.as_str(), nonce).reveal().to_owned())
    }

    /// The link that opens a contract: for its issuer, while it is pending.
    pub fn link(&self, contract: &Contract) -> Option<String> {
        self.code(contract).map(|code| format!("{}{ACTIVATION_PATH}?secret={code}", self.base))
    }
}

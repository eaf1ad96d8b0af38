//! The activation links of offers: derived whenever they are shown, kept nowhere.

use std::sync::Arc;

use super::actions::{self, ACTIVATION_PATH};
use super::model::Contract;
use crate::app::Services;

/// What links are made of.
#[derive(Clone)]
pub struct Links {
    base: String,
    secret: Option<Arc<String>>,
}

impl Links {
    /// Those of this deployment.
    pub fn of(services: &Services) -> Self {
        Self {
            base: services.public_url.as_str().trim_end_matches('/').to_owned(),
            secret: Some(services.secret.clone()),
        }
    }

    /// No links: for what is kept.
    pub fn none() -> Self {
        Self { base: String::new(), secret: None }
    }

    /// The secret that opens a contract: for its issuer, while it is pending.
    pub fn code(&self, contract: &Contract) -> Option<String> {
        actions::activation_secret(self.secret.as_ref()?, contract).map(|secret| secret.reveal().to_owned())
    }

    /// The link that opens a contract: for its issuer, while it is pending.
    pub fn link(&self, contract: &Contract) -> Option<String> {
        self.code(contract).map(|code| format!("{}{ACTIVATION_PATH}?secret={code}", self.base))
    }
}

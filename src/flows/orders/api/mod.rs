//! `/requests` and `/assets` of the API.

mod assets;
mod body;
mod conversations;
mod requests;
pub mod wire;

pub use assets::*;
pub use conversations::conversations;
pub use requests::*;

use crate::rest::Caller;
use url::Url;

/// From which the addresses of customers' forms are made.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    base: Url,
    deployment: std::sync::Arc<String>,
}

impl Links {
    fn of(caller: &Caller) -> Self {
        let services = caller.services();
        Self { base: (*services.public_url).clone(), deployment: services.secret.clone() }
    }

    /// The address of a request's form; nothing unless the customer must act.
    pub(crate) fn form(&self, request: &super::actions::RequestView) -> Option<String> {
        let path = super::actions::form_link(request, &self.deployment)?;
        self.base.join(&path).ok().map(String::from)
    }
}

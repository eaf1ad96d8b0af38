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
    /// The portal's address and the deployment's secret; none for what is kept, which has no links.
    made_of: Option<(Url, std::sync::Arc<String>)>,
}

impl Links {
    fn of(caller: &Caller) -> Self {
        let services = caller.services();
        Self { made_of: Some(((*services.public_url).clone(), services.secret.clone())) }
    }

    /// No addresses: for what is kept.
    pub(crate) fn none() -> Self {
        Self { made_of: None }
    }

    /// The address of a request's form; nothing unless the customer must act.
    pub(crate) fn form(&self, request: &super::actions::RequestView) -> Option<String> {
        let (base, deployment) = self.made_of.as_ref()?;
        let path = super::actions::form_link(request, deployment)?;
        base.join(&path).ok().map(String::from)
    }
}

//! Companies that begin to set single sign-on up: their server is named, their domain is not shown to be theirs yet.

use super::companies::Companies;
use super::{Demo, Made};
use crate::flows::accounts::actions as accounts;
use crate::flows::accounts::model::sso::{DomainWords, ProviderWords};

impl Demo<'_> {
    pub(super) fn sign_on(&self, companies: &Companies) -> Made<()> {
        self.go(self.ago(12));
        for (company, domain) in [
            (&companies.northgate, "northgate.example"),
            (&companies.halden, "halden.example"),
            (&companies.alpina, "alpina.example"),
        ] {
            let words = ProviderWords {
                name: company.name.to_owned(),
                issuer: format!("https://login.{domain}"),
                client_id: "causeway".to_owned(),
                ..ProviderWords::default()
            };
            self.step("single sign-on", |tx| {
                let actor = company.actor(0);
                let provider = accounts::add_idp(tx, &actor, &words)?;
                let id = accounts::add_sso_domain(tx, &actor, domain)?;
                let idp = Some(provider.to_string());
                accounts::edit_sso_domain(tx, &actor, id.as_str(), None, |now| Ok(DomainWords { idp, ..now }))
            })?;
        }
        Ok(())
    }
}

//! What `demo.json` tells about the demo world.

use serde_json::{Value, json};

use super::companies::Companies;
use super::deeds::Lived;
use super::products::Product;
use super::{Company, Demo, Made, Person};
use crate::flows::accounts::actions as accounts;
use crate::kit::{AccountId, Permissions};

impl Demo<'_> {
    pub(super) fn told(
        &self,
        companies: &Companies,
        people: &[(AccountId, Person)],
        products: &[Product],
        lived: &Lived,
    ) -> Made<Value> {
        let accounts: Vec<Value> =
            companies.all().into_iter().map(|company| self.described(company, people)).collect::<Made<_>>()?;
        let markets = companies.markets();
        let contracts = companies.contracts.iter();
        Ok(json!({
            "base_url": self.services.public_url.as_str().trim_end_matches('/'),
            "accounts": accounts,
            "marketplaces": markets.map(|(m, c)| json!({ "id": m.marketplace, "owner": c.id })),
            "hubs": markets.map(|(m, c)| json!({ "id": m.hub, "owner": c.id })),
            "contracts": contracts.map(|c| json!({ "id": c.id, "type": c.kind, "status": c.status })).collect::<Vec<_>>(),
            "products": products.iter().map(|p| json!({
                "id": p.id, "owner": p.owner(companies).id, "name": p.recipe.name, "capability": p.recipe.capability(),
            })).collect::<Vec<_>>(),
            "subscriptions": lived.subscriptions,
            "usage_files": lived.files,
        }))
    }

    fn described(&self, company: &Company, others: &[(AccountId, Person)]) -> Made<Value> {
        let actor = company.actor(0);
        let token = self.for_good("token", |tx| {
            accounts::create_token(tx, &actor, "Demo", "For trying the API", &Permissions::all())
        })?;
        let user = |p: &Person, admin: bool| json!({ "id": p.user, "email": p.email, "password": self.password, "admin": admin });
        let others = others.iter().filter(|(account, _)| *account == company.id).map(|(_, p)| user(p, false));
        let users: Vec<Value> = company.people.iter().map(|p| user(p, true)).chain(others).collect();
        Ok(
            json!({ "id": company.id, "name": company.name, "role": company.role, "users": users, "api_key": token.key() }),
        )
    }
}

//! Tokens in several states, besides the one that `demo.json` tells of.

use super::companies::Companies;
use super::{Company, DAY, Demo, HOUR, Made};
use crate::flows::accounts::actions::{self as accounts, End, NewToken, TokenVerb, TokenWords};
use crate::kit::{Level, Module, Permissions, Time};

impl Demo<'_> {
    pub(super) fn tokens(&self, companies: &Companies) -> Made<()> {
        for company in companies.all() {
            self.token(company, "Old shop", "Was replaced last year", Some(self.ago(90 * DAY)))?;
            self.token(company, "Accounting", "Reads usage every night", Some(self.in_days(9)))?;
            let stopped = self.token(company, "Trial", "An integration that was tried", None)?;
            let renewed = self.token(company, "Web shop", "Places orders", Some(self.in_days(40)))?;
            let actor = company.actor(0);
            self.step("tokens", |tx| accounts::change_token(tx, &actor, &stopped.id, TokenVerb::Deactivate))?;
            let end = End::At(Some(self.in_days(400)));
            self.step("tokens", |tx| accounts::renew_token(tx, &actor, &renewed.id, None, end))?;
        }
        Ok(())
    }

    fn in_days(&self, days: i64) -> Time {
        self.ago(-days * DAY)
    }

    fn token(&self, company: &Company, name: &str, description: &str, expires_at: Option<Time>) -> Made<NewToken> {
        let mut may = Permissions::default();
        may.grant(Module::Subscriptions, Level::Act);
        may.grant(Module::Usage, Level::Read);
        let words = TokenWords {
            name: name.to_owned(),
            description: description.to_owned(),
            external_id: None,
            expires_at: expires_at.map(|end| end.plus_seconds(HOUR)),
        };
        let actor = company.actor(0);
        self.step("tokens", |tx| accounts::create_token_as(tx, &actor, words.clone(), &may))
    }
}

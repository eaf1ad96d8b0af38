//! Who works in the companies without doing everything.

use super::companies::{Companies, address};
use super::{Company, Demo, Made, Person};
use crate::flows::accounts::actions as accounts;
use crate::flows::accounts::actions::{Door, Invitation, MemberWords, NewPerson};
use crate::flows::accounts::model::people::{ContactTag, GroupWords, MemberVerb};
use crate::flows::{Done, Tx};
use crate::kit::{AccountId, Actor, GroupId, Level, Module, Permissions, UserId};

/// What an order desk may do.
const ORDERS: [(Module, Level); 4] = [
    (Module::Subscriptions, Level::Act),
    (Module::Customers, Level::Act),
    (Module::Products, Level::Read),
    (Module::Account, Level::Read),
];
/// What those may do who look after the money.
const FINANCE: [(Module, Level); 4] = [
    (Module::Partners, Level::Read),
    (Module::Usage, Level::Act),
    (Module::Subscriptions, Level::Read),
    (Module::Reports, Level::Manage),
];

impl Demo<'_> {
    /// Groups that may do less than everything, and people in them: at work, deactivated, and invited a moment ago.
    pub(super) fn desks(&self, companies: &Companies) -> Made<Vec<(AccountId, Person)>> {
        self.go(self.ago(34));
        let desks = [
            (&companies.halden, "Ida Nyström", "ida.nystrom@halden.example", ["Rasmus Holm", "Kim Falk"]),
            (&companies.northgate, "Emil Brandt", "emil.brandt@northgate.example", ["Nora Kessler", "Timo Falk"]),
            (&companies.alpina, "Lea Moser", "lea.moser@alpina.example", ["Jonas Huber", "Vera Falk"]),
        ];
        let mut people = vec![];
        for (company, name, email, [invited, left]) in desks {
            let by = company.actor(0);
            let host = email.split_once('@').map_or("", |(_, host)| host);
            let address = |name: &str| format!("{}@{host}", name.to_lowercase().replace(' ', "."));
            let desk =
                self.group(&by, "Order desk", "Works on orders and looks after customers.", "#0f9488", &ORDERS)?;
            let finance = self.group(&by, "Finance", "Reads contracts and works on usage.", "#7048c6", &FINANCE)?;
            let user = self.joins_groups(company, name, email, &[&desk])?;
            people.push((company.id.clone(), Person { user, name, email }));
            let left = self.joins_groups(company, left, &address(left), &[&desk, &finance])?;
            self.people_step("deactivation", |tx, door| {
                accounts::change_member(tx, &by, &left, MemberVerb::Deactivate, door)
            })?;
            let new = Invitation {
                email: address(invited),
                name: invited.to_owned(),
                groups: vec![finance.clone()],
                tags: vec![ContactTag::Billing],
            };
            self.people_step("invitation", |tx, door| accounts::invite(tx, &by, &new, door).map(drop))?;
        }
        Ok(people)
    }

    fn people_step<T>(&self, what: &str, act: impl Fn(&mut Tx<'_>, &Door<'_>) -> Done<T>) -> Made<T> {
        self.step(what, |tx| act(tx, &Door { deployment: &self.services.secret }))
    }

    fn group(
        &self,
        by: &Actor,
        name: &str,
        description: &str,
        color: &str,
        levels: &[(Module, Level)],
    ) -> Made<GroupId> {
        let words = GroupWords {
            name: name.to_owned(),
            description: description.to_owned(),
            color: Some(color.to_owned()),
            external_id: None,
        };
        let id = self.step("group", |tx| accounts::create_group(tx, by, words.clone(), None))?;
        self.step("permissions", |tx| {
            accounts::set_permissions(tx, by, &id, None, |_| {
                let mut held = Permissions::default();
                levels.iter().for_each(|(module, level)| held.grant(*module, *level));
                held
            })
        })?;
        Ok(id)
    }

    /// Somebody who joined, in these groups alone.
    fn joins_groups(&self, company: &Company, name: &str, email: &str, groups: &[&GroupId]) -> Made<UserId> {
        let (at, by) = (address(email)?, company.actor(0));
        let user = self.step("colleague", |tx| {
            let new = NewPerson { name, email: &at, password: Some(&self.hash) };
            accounts::register_administrator(tx, &by, &company.id, &new)
        })?;
        let words = MemberWords {
            groups: Some(groups.iter().map(|group| (*group).clone()).collect()),
            tags: Some(vec![ContactTag::Technical]),
        };
        self.step("groups", |tx| accounts::edit_member(tx, &by, &user, None, &words))?;
        Ok(user)
    }
}

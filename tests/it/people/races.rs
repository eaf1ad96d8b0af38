//! Whatever happens in whatever order: an account keeps an administrator, and who lost access has lost it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Barrier};
use std::thread;

use causeway::db::{Db, Error};
use causeway::flows::accounts::actions::{self, Door, Invitation, MemberWords, NewPerson};
use causeway::flows::accounts::model::people::{GroupWords, MemberVerb};
use causeway::flows::accounts::model::{AccountStatus, MemberStatus};
use causeway::flows::accounts::store;
use causeway::kit::{AccountId, Actor, Email, GroupId, Level, Module, Permissions, Role, Seat, UserId};
use proptest::prelude::*;

use crate::foundation::data::store as database;

const DOOR: Door<'static> = Door { deployment: "a secret for tests" };

/// People and groups of an account, as the test knows them.
struct World {
    db: Db,
    account: AccountId,
    users: Vec<UserId>,
    groups: Vec<GroupId>,
}

impl World {
    /// An account whose people are all administrators; the other two groups give all, and nothing, in Account.
    fn new(db: &Db, people: usize) -> Self {
        let made = db.write(|tx| {
            let account = actions::create_company(tx, &Actor::Operator, "Alpha", Role::Vendor, AccountStatus::Active)?;
            let system = Actor::system(account.clone(), "Alpha".to_owned(), Role::Vendor);
            let mut users = vec![];
            for n in 0..people {
                let email = Email::parse(&format!("p{n}.{}@alpha.example", account.as_str())).expect("an address");
                let new = NewPerson { name: "Pat", email: &email, password: Some("x") };
                // Whom the operator lets in has a proven address, and joins at once when invited; others wait for a mail.
                let by = if is_proven(n) { &Actor::Operator } else { &system };
                users.push(actions::register_administrator(tx, by, &account, &new)?);
            }
            let mut groups: Vec<GroupId> = store::administrators(tx, &account)?.into_iter().collect();
            for name in ["Second", "Third"] {
                let words = GroupWords { name: name.to_owned(), ..GroupWords::default() };
                groups.push(actions::create_group(tx, &system, words, None)?);
            }
            actions::set_permissions(tx, &system, &groups[1], None, |_| Permissions::all())?;
            Ok((account, users, groups))
        });
        let (account, users, groups) = made.expect("make the world");
        Self { db: db.clone(), account, users, groups }
    }

    /// Somebody with a page open since the beginning, when everybody was an administrator.
    fn stale(&self, user: usize) -> Actor {
        let seat = Seat {
            account: self.account.clone(),
            name: "Alpha".to_owned(),
            role: Role::Vendor,
            permissions: Permissions::all(),
        };
        Actor::Person { user: self.users[user].clone(), name: "Pat".to_owned(), seat }
    }

    /// What somebody may do in Account as a request would find it; none if they are not let in.
    fn found(&self, user: usize) -> Option<Level> {
        let person = self.db.read(|tx| actions::person(tx, &self.users[user])).expect("read");
        let seat = person?.member_of(self.account.as_str())?.seat();
        let actor = Actor::Person { user: self.users[user].clone(), name: "Pat".to_owned(), seat };
        [Level::Manage, Level::Act, Level::Read].into_iter().find(|l| actor.need(Module::Account, *l).is_ok())
    }

    fn managers(&self) -> usize {
        (0..self.users.len()).filter(|user| self.found(*user) == Some(Level::Manage)).count()
    }

    fn act(&self, work: impl Fn(&mut causeway::db::Tx<'_>) -> causeway::db::Result<()>) -> bool {
        match self.db.write(work) {
            Ok(()) => true,
            Err(Error::Refused(_)) => false,
            Err(e) => panic!("{e}"),
        }
    }
}

/// Whether somebody has shown that they read the mail of their address.
fn is_proven(user: usize) -> bool {
    user.is_multiple_of(2)
}

/// Something that an administrator tries.
#[derive(Debug, Clone)]
enum Step {
    Edit { user: usize, groups: BTreeSet<usize> },
    Verb { user: usize, verb: MemberVerb },
    Remove { user: usize },
    Invite { user: usize, group: usize },
    Join { user: usize },
    Level { group: usize, level: Option<Level> },
    Add { user: usize, group: usize },
    Take { user: usize, group: usize },
    Delete { group: usize },
}

const PEOPLE: usize = 3;

fn step() -> impl Strategy<Value = Step> {
    let (user, group) = (0..PEOPLE, 0..3_usize);
    let verb = prop::sample::select(vec![
        MemberVerb::Reinvite,
        MemberVerb::Revoke,
        MemberVerb::Activate,
        MemberVerb::Deactivate,
    ]);
    let level = prop::sample::select(vec![None, Some(Level::Read), Some(Level::Act), Some(Level::Manage)]);
    prop_oneof![
        (user.clone(), prop::collection::btree_set(group.clone(), 0..3))
            .prop_map(|(user, groups)| Step::Edit { user, groups }),
        (user.clone(), verb).prop_map(|(user, verb)| Step::Verb { user, verb }),
        user.clone().prop_map(|user| Step::Remove { user }),
        (user.clone(), group.clone()).prop_map(|(user, group)| Step::Invite { user, group }),
        user.clone().prop_map(|user| Step::Join { user }),
        (group.clone(), level).prop_map(|(group, level)| Step::Level { group, level }),
        (user.clone(), group.clone()).prop_map(|(user, group)| Step::Add { user, group }),
        (user, group.clone()).prop_map(|(user, group)| Step::Take { user, group }),
        group.prop_map(|group| Step::Delete { group }),
    ]
}

/// What the account should look like.
#[derive(Debug, Clone)]
struct Expected {
    members: BTreeMap<usize, (MemberStatus, BTreeSet<usize>)>,
    levels: BTreeMap<usize, Option<Level>>,
}

impl Expected {
    fn new() -> Self {
        let members = (0..PEOPLE).map(|user| (user, (MemberStatus::Active, BTreeSet::from([0])))).collect();
        Self { members, levels: BTreeMap::from([(0, Some(Level::Manage)), (1, Some(Level::Manage)), (2, None)]) }
    }

    fn level(&self, user: usize) -> Option<Level> {
        let (status, groups) = self.members.get(&user)?;
        let held = groups.iter().filter_map(|group| self.levels.get(group).copied().flatten()).max();
        held.filter(|_| *status == MemberStatus::Active)
    }

    /// What becomes of a step that was done.
    fn follow(&mut self, step: &Step) {
        match step {
            Step::Edit { user, groups } => self.members.get_mut(user).expect("a member").1 = groups.clone(),
            Step::Verb { user, verb } => {
                let member = self.members.get_mut(user).expect("a member");
                member.0 = verb.next(member.0).expect("a verb that fits");
            }
            Step::Remove { user } => {
                self.members.remove(user);
            }
            Step::Invite { user, group } => {
                let status = if is_proven(*user) { MemberStatus::Active } else { MemberStatus::Invited };
                self.members.insert(*user, (status, BTreeSet::from([*group])));
            }
            Step::Join { user } => {
                if let Some(member) = self.members.get_mut(user).filter(|m| m.0 == MemberStatus::Invited) {
                    member.0 = MemberStatus::Active;
                }
            }
            Step::Level { group, level } => {
                self.levels.insert(*group, *level);
            }
            Step::Add { user, group } => {
                self.members.get_mut(user).expect("a member").1.insert(*group);
            }
            Step::Take { user, group } => {
                self.members.get_mut(user).expect("a member").1.remove(group);
            }
            Step::Delete { group } => {
                self.levels.remove(group);
                for (_, groups) in self.members.values_mut() {
                    groups.remove(group);
                }
            }
        }
    }
}

fn attempt(world: &World, by: &Actor, step: &Step) -> bool {
    let (user, group) = (|n: &usize| &world.users[*n], |n: &usize| &world.groups[*n]);
    world.act(|tx| match step {
        Step::Edit { user: n, groups } => {
            let groups = Some(groups.iter().map(|n| group(n).clone()).collect());
            actions::edit_member(tx, by, user(n), None, &MemberWords { groups, tags: None })
        }
        Step::Verb { user: n, verb } => actions::change_member(tx, by, user(n), *verb, &DOOR),
        Step::Remove { user: n } => actions::remove_member(tx, by, user(n)),
        Step::Invite { user: n, group: g } => {
            let email = format!("p{n}.{}@alpha.example", world.account.as_str());
            let groups = vec![group(g).clone()];
            let new = Invitation { email, name: "Pat".to_owned(), groups, tags: vec![] };
            actions::invite(tx, by, &new, &DOOR).map(drop)
        }
        Step::Join { user: n } => store::join_invited(tx, &world.account, user(n)).map(drop),
        Step::Level { group: g, level } => actions::set_permissions(tx, by, group(g), None, |held| {
            let mut wanted = held.clone();
            wanted.set(Module::Account, *level);
            wanted
        }),
        Step::Add { user: n, group: g } => actions::add_to_group(tx, by, group(g), user(n)),
        Step::Take { user: n, group: g } => actions::remove_from_group(tx, by, group(g), user(n)),
        Step::Delete { group: g } => actions::delete_group(tx, by, group(g)),
    })
}

#[test]
fn no_sequence_of_changes_loses_the_last_administrator_or_lets_a_revoked_person_act() {
    let (_dir, _database, db) = database();
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(steps in prop::collection::vec((0..PEOPLE, step()), 1..28))| {
        let (world, mut expected) = (World::new(&db, PEOPLE), Expected::new());
        for (by, step) in &steps {
            let may = expected.level(*by) == Some(Level::Manage) || matches!(step, Step::Join { .. });
            // The page was open all the time: only what is kept now counts.
            let done = attempt(&world, &world.stale(*by), step);
            prop_assert!(may || !done, "{by} did {step:?} without the permission");
            if done {
                expected.follow(step);
            }
            for user in 0..PEOPLE {
                prop_assert_eq!(world.found(user), expected.level(user), "{} after {} did {:?}", user, by, step);
            }
            prop_assert!(world.managers() > 0, "nobody is left after {by} did {step:?}");
            let all_in_one = expected.members.values().all(|(_, groups)| !groups.is_empty());
            prop_assert!(all_in_one, "somebody is in no group after {step:?}");
        }
    });
}

#[test]
fn two_changes_at_once_never_take_both_administrators_away() {
    let (_dir, _database, db) = database();
    let ways: [fn(usize) -> Step; 5] = [
        |other| Step::Remove { user: other },
        |other| Step::Verb { user: other, verb: MemberVerb::Deactivate },
        |other| Step::Edit { user: other, groups: BTreeSet::from([2]) },
        |other| Step::Take { user: other, group: other },
        |other| Step::Level { group: other, level: None },
    ];
    for (n, way) in ways.iter().enumerate() {
        for other in &ways[n..] {
            // Each is an administrator by a group of their own, and in a third one that may do nothing.
            let world = World::new(&db, 2);
            let system = Actor::system(world.account.clone(), "Alpha".to_owned(), Role::Vendor);
            for user in 0..2 {
                assert!(attempt(&world, &system, &Step::Edit { user, groups: BTreeSet::from([user, 2]) }));
            }
            let (world, both) = (Arc::new(world), Arc::new(Barrier::new(2)));
            let at_once = [(0, way(1)), (1, other(0))].map(|(by, step)| {
                let (world, both) = (Arc::clone(&world), Arc::clone(&both));
                thread::spawn(move || {
                    both.wait();
                    attempt(&world, &world.stale(by), &step)
                })
            });
            let done = at_once.map(|thread| thread.join().expect("the thread's end"));
            assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?} of {:?} and {:?}", way(1), other(0));
            assert_eq!(world.managers(), 1);
        }
    }
}

//! Rules about members and groups: who may manage, what may be given, what can be done with a membership. Pure.

use super::MemberStatus;
use crate::kit::{GroupId, Level, Module, Permissions, Problems, Refusal, Text, Time, UserId};

crate::word_enum! {
    /// What partners may turn to somebody for.
    pub enum ContactTag {
        Technical = "technical", Business = "business", Billing = "billing", Legal = "legal", Security = "security"
    }
}

impl ContactTag {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Technical => "Technical",
            Self::Business => "Business",
            Self::Billing => "Billing",
            Self::Legal => "Legal",
            Self::Security => "Security",
        }
    }
}

/// Where a membership stands at a moment: an invitation that nobody took up in time is expired, whatever is kept.
pub fn status_at(kept: MemberStatus, expires_at: Option<Time>, now: Time) -> MemberStatus {
    match kept {
        MemberStatus::Invited if expires_at.is_some_and(|end| end <= now) => MemberStatus::Expired,
        other => other,
    }
}

/// What an administrator can do with a membership besides changing and removing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberVerb {
    /// Send the invitation again; it works anew.
    Reinvite,
    /// Take the invitation back.
    Revoke,
    /// Let the member work again.
    Activate,
    /// Keep the member out for a while.
    Deactivate,
}

impl MemberVerb {
    /// Where it leads from a status; none if it cannot be done there.
    pub fn next(self, from: MemberStatus) -> Option<MemberStatus> {
        use MemberStatus::{Active, Expired, Inactive, Invited};
        match (self, from) {
            (Self::Reinvite, Invited | Expired) => Some(Invited),
            (Self::Revoke, Invited) => Some(Expired),
            (Self::Activate, Inactive) => Some(Active),
            (Self::Deactivate, Active) => Some(Inactive),
            _ => None,
        }
    }

    /// Why it cannot be done, and what can.
    pub fn not_now(self, email: &str) -> Refusal {
        let text = match self {
            Self::Reinvite => "{email} has joined already, so there is no invitation to send.",
            Self::Revoke => "There is no open invitation for {email}. Somebody who joined is deactivated or removed.",
            Self::Activate => {
                "{email} is not deactivated. Somebody who is invited joins by the link in the mail; send it again if it is lost."
            }
            Self::Deactivate => "Only a user who joined can be deactivated. Revoke the invitation of {email} instead.",
        };
        Refusal::state(Text::new(text).arg("email", email))
    }
}

/// A member with the level that their groups give them in the module Account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub user: UserId,
    /// Where the membership stands.
    pub status: MemberStatus,
    /// The level in Account.
    pub level: Level,
}

impl Hand {
    /// Whether they can manage the account.
    pub fn manages(&self) -> bool {
        self.status == MemberStatus::Active && self.level == Level::Manage
    }
}

/// Refuses a change after which nobody can manage the account any more. An account that had nobody before may change.
pub fn still_managed(before: &[Hand], after: &[Hand]) -> Result<(), Refusal> {
    if before.iter().any(Hand::manages) && !after.iter().any(Hand::manages) {
        return Err(Refusal::state(Text::new(
            "This would leave the account without an administrator: the last user who can manage the account has to stay. \
             Give somebody else who has joined a group that may manage the account first.",
        )));
    }
    Ok(())
}

/// What somebody would give who holds less: each module that goes up from `before` to `after`, to a level that `own` does
/// not have. Nothing if they may give it.
pub fn beyond(own: &Permissions, before: &Permissions, after: &Permissions) -> Vec<(Module, Level)> {
    after.modules().filter(|(module, level)| !before.holds(*module, *level) && !own.holds(*module, *level)).collect()
}

/// What is said about permissions that somebody cannot give.
pub fn cannot_give(lacking: &[(Module, Level)]) -> Text {
    let named = lacking.iter().map(|(module, level)| {
        Text::new("{level:word} in {module:word}").arg("level", level).arg("module", module.title())
    });
    Text::new("You cannot give {what:text}: you do not hold it yourself. Ask somebody who does.")
        .part("what", &Text::listed(named))
}

/// Refuses to give what one does not hold, in a field of a form or body.
pub fn may_give(field: &str, own: &Permissions, before: &Permissions, after: &Permissions) -> Result<(), Refusal> {
    let lacking = beyond(own, before, after);
    if lacking.is_empty() { Ok(()) } else { Err(Refusal::field(field, cannot_give(&lacking))) }
}

/// What is said about a group, as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupWords {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its colour, `#2f5bd0`.
    pub color: Option<String>,
    /// The owner's name for it, by which a sign-in service means it.
    pub external_id: Option<String>,
}

impl GroupWords {
    /// The words as they are kept; notes what is wrong.
    pub fn checked(self, problems: &mut Problems) -> Self {
        let color = self.color.and_then(|color| problems.optional("color", &color, 32));
        let hex =
            |c: &str| c.strip_prefix('#').is_some_and(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(color) = color.as_deref().filter(|c| !hex(c)) {
            let text = Text::new("{color} is not a colour. Write it like #2f5bd0, or leave it out.");
            problems.add("color", text.arg("color", color));
        }
        Self {
            name: problems.text("name", &self.name, 32),
            description: problems.optional("description", &self.description, 512).unwrap_or_default(),
            color: color.map(|c| c.to_ascii_lowercase()),
            external_id: self.external_id.and_then(|id| problems.optional("external_id", &id, 64)),
        }
    }
}

/// A group as the explanation of somebody's permissions needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Which group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
    /// Whether the person is in it.
    pub joined: bool,
}

/// Why somebody holds a level in a module, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The module.
    pub module: Module,
    /// The level that the person's groups give.
    pub level: Option<Level>,
    /// The person's groups that give anything there, the highest first.
    pub from: Vec<(GroupId, String, Level)>,
    /// Other groups, which would give more.
    pub more: Vec<(GroupId, String, Level)>,
}

/// Explains what the groups of an account give a person, module by module.
pub fn grounds(groups: &[Source]) -> Vec<Ground> {
    Module::ALL.iter().map(|module| ground(*module, groups)).collect()
}

fn ground(module: Module, groups: &[Source]) -> Ground {
    let level_of = |group: &Source| group.permissions.level(module);
    let mut all: Vec<(&Source, Level)> = groups.iter().filter_map(|g| Some((g, level_of(g)?))).collect();
    all.sort_by(|(a, x), (b, y)| (y, &a.name).cmp(&(x, &b.name)));
    let level = all.iter().filter(|(g, _)| g.joined).map(|(_, l)| *l).max();
    let named = |(group, level): &(&Source, Level)| (group.id.clone(), group.name.clone(), *level);
    Ground {
        module,
        level,
        from: all.iter().filter(|(g, _)| g.joined).map(named).collect(),
        more: all.iter().filter(|(g, l)| !g.joined && Some(*l) > level).map(named).collect(),
    }
}

/// What a level lets one do in a module.
pub fn allows(module: Module, level: Level) -> &'static str {
    use Level::{Act, Manage, Read};
    match (module, level) {
        (Module::Account, Read) => "See the account, its users and groups.",
        (Module::Account, Act) => "See the account, its users and groups; nothing more is there to do.",
        (Module::Account, Manage) => {
            "Change the account, invite and remove users, make groups and say what they may do."
        }
        (Module::Products, Read) => "See products with their items, parameters and versions.",
        (Module::Products, Act) => "See products; nothing more is there to do.",
        (Module::Products, Manage) => "Create and change products, save versions, end their sale.",
        (Module::Listings, Read) => "See where products are listed.",
        (Module::Listings, Act) => "Ask for listings, and decide on such requests.",
        (Module::Listings, Manage) => "Ask for listings, decide on them, and set up connections.",
        (Module::Marketplaces, Read) => "See marketplaces and hubs.",
        (Module::Marketplaces, Act) => "See marketplaces and hubs; nothing more is there to do.",
        (Module::Marketplaces, Manage) => "Create and change marketplaces and hubs.",
        (Module::Partners, Read) => "See partners, agreements and contracts.",
        (Module::Partners, Act) => "Work on contracts: sign, offer, answer.",
        (Module::Partners, Manage) => "Make and change agreements, sign and end contracts.",
        (Module::Subscriptions, Read) => "See requests and subscriptions.",
        (Module::Subscriptions, Act) => "Order, and work on requests: approve, ask back, reject.",
        (Module::Subscriptions, Manage) => "Everything about requests and subscriptions.",
        (Module::Integrations, Read) => "See integrations.",
        (Module::Integrations, Act) => "See integrations; nothing more is there to do.",
        (Module::Integrations, Manage) => "Create, stop and delete API tokens.",
        (Module::Customers, Read) => "See customers and resellers.",
        (Module::Customers, Act) => "Create and change customers.",
        (Module::Customers, Manage) => "Create, change and decommission customers.",
        (Module::TierConfigs, Read) => "See the set-up of resellers.",
        (Module::TierConfigs, Act) => "Work on the set-up of resellers.",
        (Module::TierConfigs, Manage) => "Everything about the set-up of resellers.",
        (Module::Usage, Read) => "See usage files and their records.",
        (Module::Usage, Act) => "Upload usage, submit it, accept or reject it.",
        (Module::Usage, Manage) => "Everything about usage files, deleting and closing included.",
        (Module::Reports, Read) => "See reports.",
        (Module::Reports, Act) => "Make reports.",
        (Module::Reports, Manage) => "Make reports and schedule them.",
        (Module::Helpdesk, Read) => "See conversations.",
        (Module::Helpdesk, Act) => "Take part in conversations.",
        (Module::Helpdesk, Manage) => "Take part in conversations and change how they work.",
        (Module::Devops, Read) => "See extensions.",
        (Module::Devops, Act) => "Run extensions.",
        (Module::Devops, Manage) => "Make and change extensions.",
    }
}

/// What people read for a level.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Read => "Read",
        Level::Act => "Act",
        Level::Manage => "Manage",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand(n: u8, status: MemberStatus, level: Level) -> Hand {
        Hand { user: UserId::parse(&format!("UR-000-000-00{n}")).unwrap(), status, level }
    }

    fn of(levels: &[(Module, Level)]) -> Permissions {
        let mut all = Permissions::default();
        levels.iter().for_each(|(m, l)| all.grant(*m, *l));
        all
    }

    #[test]
    fn the_last_who_manages_stays() {
        use MemberStatus::{Active, Expired, Inactive, Invited};
        let one = [hand(1, Active, Level::Manage)];
        assert!(still_managed(&one, &one).is_ok());
        assert!(still_managed(&one, &[]).is_err());
        for status in [Invited, Inactive, Expired] {
            assert!(still_managed(&one, &[hand(1, status, Level::Manage)]).is_err(), "{status}");
        }
        assert!(still_managed(&one, &[hand(1, Active, Level::Act)]).is_err());
        assert!(still_managed(&one, &[hand(1, Active, Level::Act), hand(2, Active, Level::Manage)]).is_ok());
        // Who has nobody can only gain.
        assert!(still_managed(&[], &[]).is_ok() && still_managed(&[hand(1, Invited, Level::Manage)], &[]).is_ok());
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        use Level::{Act, Manage, Read};
        let own = of(&[(Module::Account, Manage), (Module::Usage, Act)]);
        let none = Permissions::default();
        assert!(beyond(&own, &none, &own).is_empty());
        assert_eq!(beyond(&own, &none, &of(&[(Module::Usage, Manage)])), [(Module::Usage, Manage)]);
        assert_eq!(beyond(&own, &none, &of(&[(Module::Products, Read)])), [(Module::Products, Read)]);
        // What is there already, and what is taken away, is not given.
        let theirs = of(&[(Module::Products, Manage), (Module::Usage, Manage)]);
        assert!(beyond(&own, &theirs, &theirs).is_empty());
        assert!(beyond(&own, &theirs, &of(&[(Module::Products, Read)])).is_empty());
    }

    #[test]
    fn an_invitation_expires_by_itself() {
        use MemberStatus::{Active, Expired, Inactive, Invited};
        let (now, later) = (Time(10), Time(11));
        assert_eq!(status_at(Invited, Some(later), now), Invited);
        assert_eq!(status_at(Invited, Some(now), now), Expired);
        assert_eq!(status_at(Invited, None, now), Invited);
        assert_eq!([Active, Inactive].map(|s| status_at(s, Some(now), now)), [Active, Inactive]);
    }

    #[test]
    fn verbs_fit_statuses() {
        use MemberStatus::{Active, Expired, Inactive, Invited};
        for (verb, from, to) in [
            (MemberVerb::Reinvite, [Invited, Expired].as_slice(), Invited),
            (MemberVerb::Revoke, &[Invited], Expired),
            (MemberVerb::Activate, &[Inactive], Active),
            (MemberVerb::Deactivate, &[Active], Inactive),
        ] {
            for status in MemberStatus::ALL {
                assert_eq!(verb.next(*status), from.contains(status).then_some(to), "{verb:?} {status}");
            }
        }
    }

    #[test]
    fn every_level_has_its_ground() {
        let group = |n: u8, joined, permissions| Source {
            id: GroupId::parse(&format!("UG-000-000-00{n}")).unwrap(),
            name: format!("G{n}"),
            permissions,
            joined,
        };
        let groups = [
            group(1, true, of(&[(Module::Usage, Level::Read)])),
            group(2, true, of(&[(Module::Usage, Level::Act)])),
            group(3, false, of(&[(Module::Usage, Level::Manage), (Module::Account, Level::Read)])),
            group(4, false, of(&[(Module::Usage, Level::Act)])),
        ];
        let all = grounds(&groups);
        let names = |of: &[(GroupId, String, Level)]| of.iter().map(|(_, n, _)| n.clone()).collect::<Vec<_>>();
        let usage = all.iter().find(|g| g.module == Module::Usage).unwrap();
        assert_eq!((usage.level, names(&usage.from)), (Some(Level::Act), vec!["G2".to_owned(), "G1".to_owned()]));
        assert_eq!(names(&usage.more), ["G3"], "a group that gives no more is not named");
        let account = all.iter().find(|g| g.module == Module::Account).unwrap();
        assert_eq!((account.level, names(&account.more)), (None, vec!["G3".to_owned()]));
        assert_eq!(all.len(), Module::ALL.len());
    }

    #[test]
    fn a_colour_is_one() {
        let colour = |color: &str| {
            let mut problems = Problems::default();
            let words = GroupWords { name: "x".to_owned(), color: Some(color.to_owned()), ..GroupWords::default() };
            (words.checked(&mut problems).color, problems.none())
        };
        assert_eq!(colour("#2F5BD0"), (Some("#2f5bd0".to_owned()), true));
        assert_eq!(colour(" "), (None, true));
        for wrong in ["red", "#12", "#12345g", "#1234567", "url(x)"] {
            assert!(!colour(wrong).1, "{wrong}");
        }
    }
}

//! Whether two people of a company decide about its contracts.

use super::telling::{News, tell_people};
use crate::db::{self, Result, Tx};
use crate::flows::accounts::model::OptionalMail;
use crate::flows::accounts::store;
use crate::journal::{self, Change, Entry};
use crate::kit::{AccountId, Actor, Level, Module, Refusal, Role, Text};

/// Whether a second person of a company confirms what the first decides about its contracts. For the flows above.
pub fn needs_two(tx: &mut Tx<'_>, account: &AccountId) -> Result<bool> {
    store::two_people(tx, account)
}

/// Says whether two people of the actor's company decide about its contracts. Every administrator is told: the rule would
/// be worth nothing if one of them could put it away unseen.
pub fn set_two_people(tx: &mut Tx<'_>, actor: &Actor, wanted: bool) -> Result<()> {
    actor.need(Module::Account, Level::Manage)?;
    let seat = actor.need_role(Role::Distributor)?.clone();
    db::lock(tx, "account", seat.account.as_str())?;
    if store::two_people(tx, &seat.account)? == wanted {
        return Ok(());
    }
    if wanted && store::working(tx, &seat.account, (Module::Partners, Level::Manage), 2)?.len() < 2 {
        let text = Text::new(
            "Fewer than two people of {account} may manage contracts, so nobody could confirm. Give somebody else the permission Partners first.",
        );
        return Err(Refusal::field("two_people", text.arg("account", &seat.name)).into());
    }
    store::set_two_people(tx, &seat.account, wanted)?;
    let word = |on: bool| if on { "Two people" } else { "One person" };
    let text = Text::new("The rule about who decides on contracts was changed");
    let entry = Entry::new("account", &seat.account, "account.two_people_set", text);
    let change = Change::word("Contracts are decided by", word(!wanted), word(wanted));
    let number = journal::record(tx, actor, entry.changes(change))?;
    let told = match wanted {
        true => Text::new(
            "From now on, approving or terminating a contract of {account} takes two people. {who} turned that on.",
        ),
        false => Text::new(
            "From now on, one person alone approves or terminates contracts of {account}. {who} turned the second person off.",
        ),
    };
    let who = actor.by().map(|by| by.name).unwrap_or_default();
    let news = News {
        key: format!("account.two_people:{number}"),
        holds: (Module::Account, Level::Manage),
        about: OptionalMail::Contracts,
        subject: Text::new("{account}: who decides on contracts").arg("account", &seat.name),
        paragraphs: vec![told.arg("account", &seat.name).arg("who", who)],
        link: (Text::new("Look at the rule"), "/account/security".to_owned()),
    };
    tell_people(tx, &seat.account, &news).map(drop)
}

//! What happened to an object while somebody had it open.

use super::{of_object, seen_by};
use crate::db::{Result, Tx};
use crate::kit::{Actor, FieldProblem, Refusal, Text};

/// How many of the latest entries are told at most.
const TOLD: i64 = 6;

/// Refuses unless an object is still at the revision that a form was made from, and says what happened meanwhile, as far
/// as the actor may read it. `what` is the word for the object's kind; a caller without a revision is let pass.
pub fn unchanged(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, id): (&str, &str),
    what: &'static str,
    (seen, now): (Option<i64>, i64),
) -> Result<()> {
    let Some(seen) = seen.filter(|seen| *seen != now) else { return Ok(()) };
    let mut refusal = Refusal::stale(what, id);
    // Each revision was one action, whose entries all carry its moment.
    let (mut revisions, mut before) = (now - seen, None);
    // Users and groups have no parties: who changes one has been shown it.
    let told = match actor.seat().filter(|_| matches!(kind, "person" | "group")) {
        Some(seat) => of_object(tx, kind, id, &seat.account, seat.role.side(), TOLD)?,
        None => seen_by(tx, actor, kind, id, TOLD)?,
    };
    for moment in told {
        if before.replace(moment.at) != Some(moment.at) {
            revisions -= 1;
        }
        if revisions < 0 {
            break;
        }
        let happened = match moment.actor_name {
            Some(name) => Text::new("{when:time}, {who}: {what:text}.").arg("who", name),
            None => Text::new("{when:time}: {what:text}."),
        };
        let happened = happened.moment("when", moment.at).part("what", &moment.text.0);
        let said = moment.changes.0.iter().fold(happened, |said, change| said.then(&change.sentence()));
        refusal.problems.push(FieldProblem { field: String::new(), text: said });
    }
    Err(refusal.into())
}

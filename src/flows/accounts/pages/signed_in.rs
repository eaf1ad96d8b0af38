//! Who is signed in now, in the list of users: for administrators, without browsers and addresses; see `sessions`.

use crate::flows::accounts::store::{SIGNED_IN, SignedIn};
use crate::kit::Text;
use crate::web::Ctx;
use crate::web::cell::Cell;
use crate::web::list::List;
use crate::web::parts::Tab;
use crate::web::state::State;

/// Which users are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// All.
    All,
    /// Those with an open session.
    SignedIn,
}

impl View {
    /// Where it is, in the company.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::All => "/users",
            Self::SignedIn => "/users/signed-in",
        }
    }
}

/// The views above the list.
pub(super) fn views(ctx: &Ctx, current: View) -> Vec<Tab> {
    let tab = |view: View, label: &'static str| Tab::new(label, ctx.url(view.path())).current(view == current);
    vec![tab(View::All, "All"), tab(View::SignedIn, "Signed in now")]
}

/// The list with the users of a view alone.
pub(super) fn narrowed<T>(list: List<T>, ctx: &Ctx, view: View) -> List<T> {
    match view {
        View::All => list,
        View::SignedIn => list.after(SIGNED_IN, ctx.services().clock.now()).empty(State::nothing_yet(
            "users",
            "Nobody is signed in",
            "No user has an open session in this account now.",
        )),
    }
}

/// How many sessions somebody has, and when one was used last.
pub(super) fn cell(open: &SignedIn) -> Cell {
    let count = Text::new("{count|One session|{count} sessions}").arg("count", open.sessions);
    let used = Text::new("Last used: {when:time}").moment("when", open.seen_at);
    Cell::text(count).sub(Cell::text(used).muted())
}

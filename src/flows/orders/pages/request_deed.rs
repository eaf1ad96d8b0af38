//! What can be done with a request: its words, whether it can be done now, its buttons and dialogs.

use super::super::actions::{self, RequestShown, RequestView};
use super::super::model::{self, RequestKind, RequestStatus};
use super::request::WHY_NOT;
use super::request_forms::form;
use crate::kit::{Code, Refusal, Side, Text};
use crate::web::button::{Button, Item};
use crate::web::dialog::Dialog;
use crate::web::parts::Head;
use crate::web::{Ctx, Error, tell};

/// What can be done with a request. The word of each stands in the page's addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Approve,
    Inquire,
    Pend,
    Fail,
    Schedule,
    Confirm,
    Submit,
    Revoke,
    Discard,
    Assign,
    Edit,
    Mark,
}

const DEEDS: [(&str, Deed); 12] = [
    ("approve", Deed::Approve),
    ("inquire", Deed::Inquire),
    ("pend", Deed::Pend),
    ("fail", Deed::Fail),
    ("schedule", Deed::Schedule),
    ("confirm", Deed::Confirm),
    ("submit", Deed::Submit),
    ("revoke", Deed::Revoke),
    ("discard", Deed::Discard),
    ("assign", Deed::Assign),
    ("edit", Deed::Edit),
    ("mark", Deed::Mark),
];

impl Deed {
    pub(super) fn known(word: &str) -> Result<Self, Error> {
        let found = DEEDS.iter().find(|(w, _)| *w == word).map(|(_, deed)| *deed);
        found.ok_or_else(|| Refusal::not_found("action", word).into())
    }

    /// Its word in addresses.
    pub(super) fn word(self) -> &'static str {
        DEEDS.iter().find(|(_, deed)| *deed == self).map_or("", |(word, _)| word)
    }

    /// The verb on its button.
    pub(super) fn label(self, side: Side) -> &'static str {
        match self {
            Self::Approve if side != Side::Vendor => "Complete without the vendor",
            Self::Approve => "Approve",
            Self::Inquire => "Ask for a correction",
            Self::Pend if side == Side::Vendor => "Set to pending",
            Self::Pend => "Correct and send back",
            Self::Fail => "Fail",
            Self::Schedule => "Schedule",
            Self::Confirm => "Confirm revocation",
            Self::Submit => "Send to the vendor",
            Self::Revoke => "Take back",
            Self::Discard => "Discard draft",
            Self::Assign => "Assign",
            Self::Edit => "Edit parameters",
            Self::Mark => "Mark wrong",
        }
    }

    /// Its button: "…" says that a dialog or a page follows.
    fn button_label(self, side: Side) -> &'static str {
        match self {
            Self::Approve if side != Side::Vendor => "Complete without the vendor…",
            Self::Approve => "Approve…",
            Self::Inquire => "Ask for a correction…",
            Self::Pend if side == Side::Vendor => "Set to pending…",
            Self::Pend => "Correct and send back…",
            Self::Fail => "Fail…",
            Self::Schedule => "Schedule…",
            Self::Confirm => "Confirm revocation…",
            Self::Submit => "Send to the vendor…",
            Self::Revoke => "Take back…",
            Self::Discard => "Discard draft…",
            Self::Assign => "Assign…",
            Self::Edit => "Edit parameters…",
            Self::Mark => "Mark wrong…",
        }
    }

    /// Whether its form is short enough for a dialog.
    fn is_short(self, side: Side) -> bool {
        match self {
            Self::Approve | Self::Inquire | Self::Edit | Self::Mark => false,
            Self::Pend => side == Side::Vendor,
            _ => true,
        }
    }

    /// Why it cannot be done now; none if it can.
    pub(super) fn against(self, shown: &RequestShown) -> Option<Refusal> {
        let view = &shown.view;
        let open = !view.status.is_final();
        let theirs = || {
            let text = Text::new("{deed:word} is not for your side to do.").arg("deed", self.label(view.side));
            Some(Refusal::forbidden(text))
        };
        match self {
            Self::Assign if view.side != Side::Vendor => return theirs(),
            Self::Assign if open => return None,
            Self::Assign => {
                let text = Text::new("The request is {status:word}; nobody has to process it any more.");
                return Some(Refusal::state(text.arg("status", view.status.title())));
            }
            Self::Mark if view.side != Side::Vendor => return theirs(),
            _ => {}
        }
        let word = if self == Self::Mark { Self::Edit.word() } else { self.word() };
        let possible = actions::possible(view, &shown.definition.capabilities);
        match possible.into_iter().find(|p| p.verb == word) {
            // What is missing is filled in where it is approved.
            Some(found) => found.against.filter(|r| self != Self::Approve || !is_fillable(r)),
            None if matches!(self, Self::Edit | Self::Mark) => {
                let text = Text::new("The request is {status:word}: its parameters cannot be changed here now.");
                Some(Refusal::state(text.arg("status", view.status.title())))
            }
            None => theirs(),
        }
    }

    /// What will happen.
    pub(super) fn consequence(self, view: &RequestView) -> Option<Text> {
        let text = match self {
            Self::Approve if view.kind == RequestKind::Purchase => {
                "The subscription becomes active. {buyer} and the customer read the activation text."
            }
            Self::Approve if view.side != Side::Vendor => {
                "The product allows it: the subscription takes over what is asked for, and {vendor} sees it at once."
            }
            Self::Approve => "The subscription takes over what is asked for. {buyer} sees it at once.",
            Self::Inquire => "The customer's technical contact gets a mail with a form; {buyer} can answer as well.",
            Self::Pend if view.side == Side::Vendor => {
                "The question is taken back with its marks, and the form's link ends."
            }
            Self::Pend => "{vendor} gets the request again, and the customer's form ends.",
            Self::Fail => "That is final. Everybody reads the reason.",
            Self::Schedule => "It comes back to you on that day. Until then the buyer can take it back.",
            Self::Confirm => "The request ends for good, and nothing of it is carried out.",
            Self::Submit => "{vendor} sees it from now on.",
            Self::Revoke => "{vendor} has to confirm it.",
            Self::Discard => "It is deleted. Nobody but your side has seen it.",
            Self::Assign => "The person is shown in the queue. Only your company sees it.",
            Self::Edit if view.side == Side::Vendor => "{buyer} sees what you fill in, with the timeline.",
            Self::Edit | Self::Mark => return None,
        };
        Some(Text::new(text).arg("buyer", &view.refs.provider_name).arg("vendor", &view.refs.vendor_name))
    }
}

/// Whether all that stands against approving are values that can be filled in.
fn is_fillable(refusal: &Refusal) -> bool {
    refusal.code == Code::Invalid && refusal.problems.iter().all(|p| p.field.ends_with(".value"))
}

/// The button of a deed that is possible now.
fn button(deed: Deed, side: Side, here: &str) -> Button {
    let (label, href) = (deed.button_label(side), format!("{here}/{}", deed.word()));
    if deed.is_short(side) { Button::dialog(label, deed.word(), href) } else { Button::link(label, href) }
}

/// Puts what can be done into the head: the next step first, the rest behind the dots, each that is impossible with its
/// reason. A request that is done offers nothing.
pub(super) fn head_actions(shown: &RequestShown, here: &str, head: &mut Head) {
    let view = &shown.view;
    if view.status.is_final() {
        return;
    }
    let marked = model::marked(&view.snapshot.0.params).next().is_some();
    let (front, back): (&[Deed], &[Deed]) = match view.side {
        Side::Vendor if view.status == RequestStatus::Revoking => (&[Deed::Confirm], &[Deed::Assign, Deed::Edit]),
        Side::Vendor if view.status == RequestStatus::Pending && marked => {
            (&[Deed::Inquire, Deed::Approve], &[Deed::Schedule, Deed::Assign, Deed::Edit, Deed::Fail])
        }
        Side::Vendor if view.status == RequestStatus::Pending => {
            (&[Deed::Approve, Deed::Inquire], &[Deed::Schedule, Deed::Assign, Deed::Edit, Deed::Fail])
        }
        Side::Vendor => (&[Deed::Pend], &[Deed::Approve, Deed::Inquire, Deed::Assign, Deed::Edit, Deed::Fail]),
        _ if view.status == RequestStatus::Draft => (&[Deed::Submit, Deed::Edit], &[Deed::Discard]),
        _ if view.status == RequestStatus::Inquiring => (&[Deed::Pend], &[Deed::Revoke]),
        _ if Deed::Approve.against(shown).is_none() => (&[Deed::Approve], &[Deed::Pend, Deed::Revoke]),
        _ => (&[], &[Deed::Pend, Deed::Revoke]),
    };
    let mut primary = true;
    for deed in front {
        let made = match deed.against(shown) {
            None => {
                let made = button(*deed, view.side, here);
                if std::mem::take(&mut primary) { made.primary() } else { made }
            }
            // The bar above the page says why already.
            Some(refusal) if marked && *deed == Deed::Approve => {
                Button::not_now(deed.button_label(view.side), tell(&refusal)).reason_at(WHY_NOT)
            }
            Some(refusal) => {
                head.actions.more.push(not_now(*deed, view.side, &refusal));
                continue;
            }
        };
        head.actions.buttons.push(made);
    }
    for deed in back {
        let item = match deed.against(shown) {
            None => item(*deed, button(*deed, view.side, here)),
            Some(refusal) => not_now(*deed, view.side, &refusal),
        };
        head.actions.more.push(item);
    }
}

/// A deed behind the dots.
fn item(deed: Deed, button: Button) -> Item {
    let button = button.icon(icon(deed));
    let button = match key(deed) {
        Some(key) => button.key(key),
        None => button,
    };
    let danger = matches!(deed, Deed::Fail | Deed::Discard | Deed::Confirm);
    if danger { button.danger().into() } else { button.into() }
}

/// The same with the reason why not now.
fn not_now(deed: Deed, side: Side, refusal: &Refusal) -> Item {
    Button::not_now(deed.button_label(side), tell(refusal)).icon(icon(deed)).into()
}

/// The key that does the same.
fn key(deed: Deed) -> Option<&'static str> {
    match deed {
        Deed::Assign => Some("A"),
        Deed::Schedule => Some("S"),
        Deed::Edit => Some("E"),
        _ => None,
    }
}

fn icon(deed: Deed) -> &'static str {
    match deed {
        Deed::Approve => "circle-check",
        Deed::Inquire => "help-circle",
        Deed::Pend | Deed::Revoke => "arrow-back-up",
        Deed::Schedule => "calendar-clock",
        Deed::Assign => "user-plus",
        Deed::Edit | Deed::Mark => "edit",
        Deed::Submit => "send",
        Deed::Fail | Deed::Confirm | Deed::Discard => "circle-x",
    }
}

/// The dialogs of what is possible now.
pub(super) fn dialogs(ctx: &Ctx, shown: &RequestShown, here: &str) -> Vec<Dialog> {
    let side = shown.view.side;
    let short = DEEDS.iter().map(|(_, deed)| *deed).filter(|deed| deed.is_short(side) && deed.against(shown).is_none());
    short
        .map(|deed| {
            let dialog = Dialog::new(deed.word(), deed.label(side), form(ctx, shown, deed, here, ""));
            match deed.consequence(&shown.view) {
                Some(text) => dialog.text(text),
                None => dialog,
            }
        })
        .collect()
}

//! What people do with subscriptions and requests.

mod chain;
mod decide;
mod draft;
mod edit;
mod ended;
mod follow;
mod form;
mod order;
mod purchase;
mod read;
mod save;

pub use decide::{Activation, approve, confirm, fail, inquire, pend, revoke, schedule, suggested_template, wake};
pub use draft::{
    KEPT_DAYS, MAX_OPEN, Sheet, begin, discard_draft, offered, open_drafts, partners, place, sheet, title, write,
    write_product,
};
pub use edit::{assign, discard, edit, submit, unassign, validate};
pub use ended::{ENDED, contract_ended, foresee_contract_end, tell_ended};
pub use form::{FORM_PURPOSE, Form, answer_form, form, form_path};
pub use order::{ConnectionChoice, GivenTier, GivenTiers, Order, create};
pub use read::{
    AssetBrief, AssetShown, Possible, RequestShown, SHOWN_REQUESTS, SubscriptionShown, activation_text, agents, asset,
    asset_brief, asset_timeline, assets, form_link, of_company, possible, possible_requests, request, request_counts,
    request_shown, request_text, requests, requests_of, subscription_shown, template_text, text_with,
};

pub use super::store::{ASSETS, AssetView, Count, Offered, Outlet, REQUESTS, RequestView, Written};

//! Offers by spreadsheet, and deciding on many contracts.

use actix_web::http::Method;
use actix_web::web::post;

use crate::flows::contracts;
use crate::kit::{Level, Module, Role};
use crate::rest::openapi::Shape;
use crate::web::endpoint::{Endpoint, Who, get};

const ACT: Who = Who::Member(Module::Partners, Level::Act);
const MANAGE: Who = Who::Member(Module::Partners, Level::Manage);
/// Partners are the distributors' to invite.
const ISSUE: Who = Who::Only(&[Role::Distributor], Module::Partners, Level::Manage);

/// The portal's. They come before the pages of one contract, whose paths fit them too.
pub(super) fn pages() -> Vec<Endpoint> {
    use contracts::pages as p;
    vec![
        Endpoint::get("/{account}/contracts/invitations", ISSUE, "Invitations by spreadsheet", || {
            get().to(p::invitations)
        }),
        Endpoint::get("/{account}/contracts/invitations/new", ISSUE, "Invite many", || get().to(p::new_invitation)),
        Endpoint::post("/{account}/contracts/invitations/new", ISSUE, "Invite many", || {
            post().to(p::do_new_invitation)
        }),
        Endpoint::get("/{account}/contracts/invitations/template", ISSUE, "Fetch the template", || {
            get().to(p::invitation_template)
        }),
        Endpoint::get("/{account}/contracts/invitations/{invitation}", ISSUE, "A list of invitations", || {
            get().to(p::invitation)
        }),
        Endpoint::get("/{account}/contracts/invitations/{invitation}/progress", ISSUE, "How far it is", || {
            get().to(p::invitation_progress)
        }),
        Endpoint::get("/{account}/contracts/invitations/{invitation}/rows", ISSUE, "Its rows", || {
            get().to(p::invitation_rows)
        }),
        Endpoint::get("/{account}/contracts/invitations/{invitation}/file", ISSUE, "Fetch its results", || {
            get().to(p::invitation_file)
        }),
        Endpoint::get("/{account}/contracts/invitations/{invitation}/start", ISSUE, "Invite its partners", || {
            get().to(p::start_invitation)
        }),
        Endpoint::post("/{account}/contracts/invitations/{invitation}/start", ISSUE, "Invite its partners", || {
            post().to(p::do_start_invitation)
        }),
        Endpoint::get("/{account}/contracts/invitations/{invitation}/cancel", ISSUE, "Cancel it", || {
            get().to(p::cancel_invitation)
        }),
        Endpoint::post("/{account}/contracts/invitations/{invitation}/cancel", ISSUE, "Cancel it", || {
            post().to(p::do_cancel_invitation)
        }),
        Endpoint::post("/{account}/contracts/decide", ACT, "Decide about picked contracts", || post().to(p::decide))
            .confirmed(),
    ]
}

/// The API's.
pub(super) fn api() -> Vec<Endpoint> {
    use contracts::api::{self, Invitation, InvitationRow, InvitationStart};
    let one = Shape::one::<Invitation>;
    vec![
        Endpoint::api(
            Method::POST,
            "/agreements/{agreement}/invitations",
            ISSUE,
            "Invite many: check a spreadsheet of partners",
            Shape::created::<Invitation>(),
            || post().to(api::create_invitation),
        ),
        Endpoint::api(
            Method::GET,
            "/invitations",
            MANAGE,
            "Invitations by spreadsheet",
            Shape::list::<Invitation>(),
            || get().to(api::invitations),
        ),
        Endpoint::api(Method::GET, "/invitations/{invitation}", MANAGE, "A list of invitations", one(), || {
            get().to(api::invitation)
        }),
        Endpoint::api(
            Method::GET,
            "/invitations/{invitation}/rows",
            MANAGE,
            "Its rows",
            Shape::list::<InvitationRow>(),
            || get().to(api::invitation_rows),
        ),
        Endpoint::api(
            Method::POST,
            "/invitations/{invitation}/start",
            ISSUE,
            "Invite its partners",
            one().takes::<InvitationStart>(),
            || post().to(api::start_invitation),
        ),
        Endpoint::api(Method::POST, "/invitations/{invitation}/cancel", ISSUE, "Cancel it", one(), || {
            post().to(api::cancel_invitation)
        }),
        Endpoint::api(
            Method::GET,
            "/invitations/{invitation}/file",
            MANAGE,
            "A workbook with its rows and what came of them",
            Shape::file(),
            || get().to(api::invitation_file),
        ),
    ]
}

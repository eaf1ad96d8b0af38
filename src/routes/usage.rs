//! Usage: files and records.

use actix_web::http::Method;
use actix_web::web::{post, put};

use crate::flows::usage;
use crate::kit::{Level, Module, Role};
use crate::rest::openapi::{Reply, Shape, Type};
use crate::web::endpoint::{Endpoint, Who, get};

/// Resellers have no part in usage.
const ROLES: &[Role] = &[Role::Vendor, Role::Distributor];
const READ: Who = Who::Only(ROLES, Module::Usage, Level::Read);
const ACT: Who = Who::Only(ROLES, Module::Usage, Level::Act);
const REPORT: Who = Who::Only(&[Role::Vendor], Module::Usage, Level::Act);
const BILL: Who = Who::Only(&[Role::Distributor], Module::Usage, Level::Act);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    use usage::pages as p;
    vec![
        Endpoint::get("/downloads/usage/{what}/{object}/{until}/{signed}", Who::Guest, "Fetch a workbook", || {
            get().to(p::download)
        }),
        Endpoint::get("/{account}/usage", READ, "Usage files", || get().to(p::files)),
        Endpoint::get("/{account}/usage/new", REPORT, "New usage file", || get().to(p::new_file)),
        Endpoint::post("/{account}/usage/new", REPORT, "Create a usage file", || post().to(p::do_new_file)),
        Endpoint::get("/{account}/usage/records", READ, "Usage records", || get().to(p::records)),
        Endpoint::get("/{account}/usage/records/{usage_record}", READ, "A usage record", || get().to(p::record)),
        Endpoint::get("/{account}/usage/records/{usage_record}/close", BILL, "Close a usage record", || {
            get().to(p::close_record)
        }),
        Endpoint::post("/{account}/usage/records/{usage_record}/close", BILL, "Close a usage record", || {
            post().to(p::do_close_record)
        }),
        Endpoint::get("/{account}/usage/{usage_file}", READ, "A usage file", || get().to(p::file)),
        Endpoint::get("/{account}/usage/{usage_file}/progress", READ, "How far its check is", || get().to(p::progress)),
        Endpoint::get("/{account}/usage/{usage_file}/records", READ, "Its records", || get().to(p::file_records)),
        Endpoint::post("/{account}/usage/{usage_file}/records/close", BILL, "Close picked records", || {
            post().to(p::close_records)
        }),
        Endpoint::get("/{account}/usage/{usage_file}/problems", READ, "Its rows with a problem", || {
            get().to(p::problems)
        }),
        Endpoint::get("/{account}/usage/{usage_file}/uploads", READ, "Its uploads", || get().to(p::uploads)),
        Endpoint::get("/{account}/usage/{usage_file}/history", READ, "Its history", || get().to(p::history)),
        Endpoint::get("/{account}/usage/{usage_file}/template", READ, "Fetch its template", || get().to(p::template)),
        Endpoint::get("/{account}/usage/{usage_file}/workbook", READ, "Fetch its workbook", || get().to(p::workbook)),
        Endpoint::get("/{account}/usage/{usage_file}/processed", READ, "Fetch its processed file", || {
            get().to(p::processed)
        }),
        Endpoint::get("/{account}/usage/{usage_file}/upload", REPORT, "Upload a workbook", || get().to(p::upload)),
        Endpoint::post("/{account}/usage/{usage_file}/upload", REPORT, "Upload a workbook", || post().to(p::do_upload)),
        Endpoint::get("/{account}/usage/{usage_file}/edit", REPORT, "Edit a usage file", || get().to(p::edit)),
        Endpoint::post("/{account}/usage/{usage_file}/edit", REPORT, "Save a usage file", || post().to(p::do_edit)),
        Endpoint::get("/{account}/usage/{usage_file}/{verb}", ACT, "Act on a usage file", || get().to(p::verb)),
        Endpoint::post("/{account}/usage/{usage_file}/{verb}", ACT, "Act on a usage file", || post().to(p::do_verb)),
    ]
}

/// The API's.
pub fn api() -> Vec<Endpoint> {
    use usage::api::{self, wire};
    let read = Who::Member(Module::Usage, Level::Read);
    let act = Who::Member(Module::Usage, Level::Act);
    let manage = Who::Member(Module::Usage, Level::Manage);
    let (get_, post_, put_) = (Method::GET, Method::POST, Method::PUT);
    let detail = Shape::one::<wire::UsageFileDetail>;
    let moved = Shape::created::<wire::UsageFileDetail>;
    vec![
        Endpoint::api(get_.clone(), "/usage/files", read, "Usage files", Shape::list::<wire::UsageFile>(), || {
            get().to(api::files)
        }),
        Endpoint::api(post_.clone(), "/usage/files", act, "Create a usage file", moved(), || post().to(api::create)),
        Endpoint::api(get_.clone(), "/usage/files/{usage_file}", read, "A usage file", detail(), || {
            get().to(api::file)
        }),
        Endpoint::api(put_.clone(), "/usage/files/{usage_file}", act, "Change a usage file", detail(), || {
            put().to(api::update)
        }),
        Endpoint::api(post_.clone(), "/usage/files/{usage_file}/upload", act, "Upload its workbook", moved(), || {
            post().to(api::upload)
        }),
        Endpoint::api(post_.clone(), "/usage/files/{usage_file}/submit", act, "Submit a usage file", moved(), || {
            post().to(api::submit)
        }),
        Endpoint::api(post_.clone(), "/usage/files/{usage_file}/accept", act, "Accept a usage file", moved(), || {
            post().to(api::accept)
        }),
        Endpoint::api(
            put_.clone(),
            "/usage/files/{usage_file}/approve-all",
            act,
            "Approve all its records",
            detail(),
            || put().to(api::approve_all),
        ),
        Endpoint::api(post_.clone(), "/usage/files/{usage_file}/reject", act, "Reject a usage file", moved(), || {
            post().to(api::reject)
        }),
        Endpoint::api(post_.clone(), "/usage/files/{usage_file}/close", act, "Close a usage file", moved(), || {
            post().to(api::close)
        }),
        Endpoint::api(
            post_.clone(),
            "/usage/files/{usage_file}/delete",
            manage,
            "Delete a usage file",
            moved(),
            || post().to(api::delete),
        ),
        Endpoint::api(
            post_.clone(),
            "/usage/files/{usage_file}/reprocess",
            act,
            "Build its processed file",
            moved(),
            || post().to(api::reprocess),
        ),
        Endpoint::api(
            get_.clone(),
            "/usage/files/{usage_file}/categories",
            read,
            "Its categories",
            Shape::list::<wire::UsageCategory>(),
            || get().to(api::categories),
        ),
        Endpoint::api(
            get_.clone(),
            "/usage/records",
            read,
            "Usage records",
            Shape::list::<wire::UsageRecord>(),
            || get().to(api::records),
        ),
        Endpoint::api(
            post_.clone(),
            "/usage/records/close-records",
            act,
            "Close many records",
            Shape { takes: None, gives: Reply::Several(206, Type::of::<wire::ClosedRecord>()) },
            || post().to(api::close_records),
        ),
        Endpoint::api(
            get_.clone(),
            "/usage/records/{usage_record}",
            read,
            "A usage record",
            Shape::one::<wire::UsageRecord>(),
            || get().to(api::record),
        ),
        Endpoint::api(
            put_.clone(),
            "/usage/records/{usage_record}",
            act,
            "Approve or reject a record",
            Shape::one::<wire::UsageRecord>(),
            || put().to(api::decide_record),
        ),
        Endpoint::api(
            post_.clone(),
            "/usage/records/{usage_record}/close-records",
            act,
            "Close many records, as one client asks",
            Shape { takes: None, gives: Reply::Several(206, Type::of::<wire::ClosedRecord>()) },
            || post().to(api::close_records_at),
        ),
        Endpoint::api(
            post_,
            "/usage/records/{usage_record}/close",
            act,
            "Close a record",
            Shape::one::<wire::UsageRecord>(),
            || post().to(api::close_record),
        ),
        Endpoint::api(
            get_,
            "/usage/products/{product}/template",
            read,
            "The template of a product",
            Shape::one::<wire::TemplateLink>(),
            || get().to(api::template),
        ),
    ]
}

//! Usage: files of usage records, how they are checked, reviewed and closed.
//!
//! A vendor reports what was used of a product in a workbook; the distributor agrees and bills it. One bad row makes the
//! whole file invalid; the vendor corrects it and uploads again. What the distributor has seen is never changed.
//!
//! | state | leaves by | who |
//! |---|---|---|
//! | draft | upload, edit, delete | vendor |
//! | uploaded, processing | the check of the rows; cancel | system; vendor |
//! | invalid | upload, edit, delete | vendor |
//! | ready | submit, upload, edit, delete | vendor |
//! | pending | accept, reject | distributor |
//! | rejected | upload, edit, delete | vendor |
//! | accepted | closing the last record | distributor |
//! | closed, deleted | – | – |
//!
//! The distributor sees a file from `pending` on. A record is kept as valid, invalid or closed; that a file is accepted or
//! rejected moves all its valid records at once ([`model::RecordStatus::in_file`]). While it is pending, programs may approve or
//! reject its records one by one; with the last of them the file is decided. Rows are written in short
//! transactions by a job ([`jobs`]) and become visible together, when the file's visible upload is switched.
//!
//! Pages: `/{account}/usage`, `/{account}/usage/new`, `/{account}/usage/{usage_file}` with its tabs.

pub mod actions;
pub mod api;
pub mod jobs;
pub mod model;
pub mod pages;
pub mod store;
pub mod workbooks;

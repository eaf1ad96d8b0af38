//! Workbooks that are written for people: the template of a product, the processed file of an upload.

pub mod processed;
pub mod template;

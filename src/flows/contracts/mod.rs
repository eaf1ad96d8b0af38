//! Agreements and contracts: what companies promise each other before they sell through each other.
//!
//! An agreement is a distributor's offer with numbered versions, at most one of them active. A contract is one company's
//! signature under one version. Program contracts (vendors) and service contracts (resellers) are offered by the
//! distributor and are the only way into the portal: the offer makes the partner's company, and its link opens it.
//! A version's text is written here, lies behind a link, or is a PDF that was uploaded; whoever is to sign sees it in the page.
//! Distribution agreements belong to a program agreement and name one marketplace; vendors enrol, the distributor approves.
//!
//! | contract | from | verb | to | who |
//! |---|---|---|---|---|
//! | program, service | – | offer | pending | issuer |
//! | program, service | pending | sign (accept) | active | partner, or who holds the link |
//! | program, service | pending | reject (decline) | rejected | partner, or who holds the link |
//! | program, service | pending | delete | – | issuer |
//! | distribution | – | enrol | pending; enrolling, if a form is attached | vendor with an active program contract |
//! | distribution | – | auto accept | active; enrolling, if a form is attached | system |
//! | distribution | enrolling | enroll (send the form) | pending; active, if it was made by auto accept | vendor |
//! | distribution | pending | sign (approve) | active | issuer |
//! | distribution | pending | reject | rejected | issuer |
//! | distribution | pending | refine | enrolling | issuer, if a form is attached |
//! | any | active | sign, when a newer version is active | active | partner |
//! | any | active | terminate | terminated | issuer; the system when it expires or its program contract ends |
//!
//! A form asks a vendor what the distributor has to know; what it can ask is in `kit::schema`. Answers keep the version of the form.
//!
//! Many partners are invited by a spreadsheet: its rows are checked by a job, somebody confirms, another job offers the
//! contracts one by one ([`model::BatchState`]). Many contracts are decided on from their list.
//!
//! Whoever accepts, enrols, approves or accepts a newer version signs: the record holds the hash of what was signed and is
//! sealed; its certificate is a PDF that anybody can verify at `/verify`. Where a company wants that, a second person of it
//! confirms approvals and terminations. Each step is told to the other side by mail.
//!
//! Happenings: `contract.created`, `contract.accepted` (before its form is filled), `contract.enrolled`, `contract.refined`,
//! `contract.activated`, `contract.renewed`, `contract.rejected`, `contract.terminated`, `contract.deleted`.

pub mod actions;
pub mod api;
pub mod certificate;
pub mod jobs;
pub mod links;
pub mod model;
pub mod pages;
pub mod store;
pub mod workbooks;

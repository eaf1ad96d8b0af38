//! Causeway: a self-hosted portal through which companies that sell through each other do business.
//!
//! The rooms of the house, and the way through it:
//!
//! - [`kit`]: words every room uses, no I/O.
//! - [`db`]: SQLite or PostgreSQL, transactions, lists.
//! - [`journal`]: what happened; timelines and the audit trail.
//! - [`jobs`]: work that goes on by itself.
//! - [`web`]: what all pages share. [`rest`]: what all endpoints share.
//! - [`outside`]: mail, files, sheets.
//! - [`flows`]: the business. A request comes in through a flow's `pages` or `api`, acts through its `actions`, which ask
//!   its `model` what is allowed and its `store` for rows.
//! - [`routes`]: every path. [`app`], [`config`], [`cli`]: the program.

pub mod app;
pub mod cli;
pub mod config;
pub mod crash;
pub mod db;
pub mod flows;
pub mod jobs;
pub mod journal;
pub mod kit;
pub mod outside;
pub mod rest;
pub mod routes;
pub mod rql;
pub mod web;

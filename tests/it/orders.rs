//! Customers, subscriptions and requests: how an order becomes a subscription, and what changes it.

mod customer_pages;
mod customers;
mod decisions;
mod ended;
mod form;
mod form_pages;
mod lists;
mod pages;
mod purchase;
mod sides;
mod totals;
mod wizard;
pub mod world;

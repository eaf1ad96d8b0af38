//! Customers, subscriptions and requests: how an order becomes a subscription, and what changes it.

mod customers;
mod decisions;
mod form;
mod lists;
mod pages;
mod purchase;
mod sides;
mod world;

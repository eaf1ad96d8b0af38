//! Sessions: proving again who one is, changing keys, limits, ends; the own profile; known browsers.

mod addresses;
mod confirming;
mod devices;
mod ending;
mod profile;
mod signed_in;
mod slowing;

use causeway::config::Config;
use causeway::kit::Role;
use reqwest::Method;

use crate::support::client::Client;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, door};

/// A running program with one company. Where a request comes from is what its header `X-Forwarded-For` says.
fn start() -> (Server, Company) {
    start_with(|_| {})
}

fn start_with(change: impl FnOnce(&mut Config)) -> (Server, Company) {
    let server = Server::start_with(|config| {
        config.trusted_proxies = vec![std::net::IpAddr::from([127, 0, 0, 1])];
        change(config);
    });
    let company = Company::make(&door(&server), "Alpha", Role::Distributor);
    (server, company)
}

/// Signs in, or tries to, from an address with a browser.
fn sign_in_from(client: &Client, from: &str, agent: &str, email: &str, password: &str) -> Page {
    let fields = [("next", "/"), ("email", email), ("password", password)];
    client
        .send(Method::POST, "/sign-in", |r| r.header("X-Forwarded-For", from).header("User-Agent", agent).form(&fields))
}

fn is_signed_in(client: &Client) -> bool {
    client.get("/profile").status == 200
}

//! Pages of customers, of writing an order, and the customer's form.

use actix_web::web::post;

use crate::flows::{customers, orders};
use crate::kit::{Level, Module, Role};
use crate::web::endpoint::{Endpoint, Who, get};

const READ: Who = Who::Member(Module::Customers, Level::Read);
const ACT: Who = Who::Only(&[Role::Distributor], Module::Customers, Level::Act);
const MANAGE: Who = Who::Only(&[Role::Distributor], Module::Customers, Level::Manage);
const ORDER: Who = Who::Only(&[Role::Distributor, Role::Reseller], Module::Subscriptions, Level::Act);

/// The portal's.
pub fn pages() -> Vec<Endpoint> {
    let mut all = customers_pages();
    all.extend(order_pages());
    all.extend(form_pages());
    all
}

fn customers_pages() -> Vec<Endpoint> {
    use customers::pages as p;
    vec![
        Endpoint::get("/{account}/customers", READ, "Customers", || get().to(p::customers)),
        Endpoint::get("/{account}/customers/new", ACT, "Add a customer", || get().to(p::new_customer)),
        Endpoint::post("/{account}/customers/new", ACT, "Add a customer", || post().to(p::do_new_customer)),
        Endpoint::get("/{account}/customers/{tier_account}", READ, "A customer", || get().to(orders::pages::customer)),
        Endpoint::get("/{account}/customers/{tier_account}/edit", ACT, "Edit a customer", || {
            get().to(p::edit_customer)
        }),
        Endpoint::post("/{account}/customers/{tier_account}/edit", ACT, "Edit a customer", || {
            post().to(p::do_edit_customer)
        }),
        Endpoint::get("/{account}/customers/{tier_account}/decommission", MANAGE, "Decommission a customer", || {
            get().to(p::decommission_customer)
        }),
        Endpoint::post("/{account}/customers/{tier_account}/decommission", MANAGE, "Decommission a customer", || {
            post().to(p::do_decommission_customer)
        }),
    ]
}

fn order_pages() -> Vec<Endpoint> {
    use orders::pages as p;
    let read = |path: &'static str, summary: &'static str, route: fn() -> actix_web::Route| {
        Endpoint::get(path, ORDER, summary, route)
    };
    let keep = |path: &'static str, summary: &'static str, route: fn() -> actix_web::Route| {
        Endpoint::post(path, ORDER, summary, route)
    };
    vec![
        read("/{account}/orders/new", "New order", || get().to(p::new_order)),
        keep("/{account}/orders/new", "New order", || post().to(p::do_new_order)),
        read("/{account}/orders/{order}/product", "Its product", || get().to(p::order_product)),
        keep("/{account}/orders/{order}/product", "Keep its product", || post().to(p::do_order_product)),
        read("/{account}/orders/{order}/connection", "Its connection", || get().to(p::order_connection)),
        keep("/{account}/orders/{order}/connection", "Keep its connection", || post().to(p::do_order_connection)),
        read("/{account}/orders/{order}/customer", "Its customer", || get().to(p::order_customer)),
        keep("/{account}/orders/{order}/customer", "Keep its customer", || post().to(p::do_order_customer)),
        read("/{account}/orders/{order}/new-customer", "A new customer", || get().to(p::order_new_customer)),
        keep("/{account}/orders/{order}/new-customer", "Keep a new customer", || post().to(p::do_order_new_customer)),
        read("/{account}/orders/{order}/reseller", "Its reseller", || get().to(p::order_reseller)),
        keep("/{account}/orders/{order}/reseller", "Keep its reseller", || post().to(p::do_order_reseller)),
        read("/{account}/orders/{order}/new-reseller", "A new reseller", || get().to(p::order_new_reseller)),
        keep("/{account}/orders/{order}/new-reseller", "Keep a new reseller", || post().to(p::do_order_new_reseller)),
        read("/{account}/orders/{order}/items", "Its items", || get().to(p::order_items)),
        keep("/{account}/orders/{order}/items", "Keep its items", || post().to(p::do_order_items)),
        read("/{account}/orders/{order}/parameters", "Its parameters", || get().to(p::order_parameters)),
        keep("/{account}/orders/{order}/parameters", "Keep its parameters", || post().to(p::do_order_parameters)),
        read("/{account}/orders/{order}/check", "Check your answers", || get().to(p::order_check)),
        keep("/{account}/orders/{order}/check", "Place an order", || post().to(p::do_order_check)),
        read("/{account}/orders/{order}/placed", "The order is placed", || get().to(p::order_placed)),
        keep("/{account}/orders/{order}/discard", "Discard an order", || post().to(p::do_discard_order)),
    ]
}

fn form_pages() -> Vec<Endpoint> {
    use orders::pages as p;
    vec![
        Endpoint::get("/orders/form", Who::Guest, "A customer's form", || get().to(p::order_form)),
        Endpoint::post("/orders/form", Who::Guest, "Send a customer's form", || post().to(p::do_order_form)),
        Endpoint::get("/orders/form/sent", Who::Anyone, "A form was sent", || get().to(p::order_form_sent)),
    ]
}

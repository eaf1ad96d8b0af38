//! Totals and charts leave out what is not in production.

use causeway::flows::desk::store::{counts, created_by_day};
use causeway::kit::Time;

use super::world::World;
use crate::support::companies::act;

#[test]
fn what_is_tried_out_is_in_no_total() {
    let world = World::new();
    let (real, tried) = (world.subscription("u1"), world.subscription("u2"));
    let counted = || {
        act(&world.server, |tx| {
            let (actor, long_ago) = (world.vendor.system(), Time(0));
            let requests: i64 = created_by_day(tx, &actor, "request", long_ago)?.iter().map(|(_, number)| number).sum();
            let assets = counts(tx, &actor)?.into_iter().filter(|count| count.kind == "asset");
            Ok((assets.map(|count| (count.status, count.number)).collect::<Vec<_>>(), requests))
        })
    };
    assert_eq!(counted(), (vec![("active".to_owned(), 2)], 2));
    for (asset, environment) in [(&tried, "test"), (&tried, "preview"), (&real, "production")] {
        world.server.database().execute(&format!(
            "update asset set environment = '{environment}' where id = '{asset}'; \
             update request set environment = '{environment}' where asset_id = '{asset}'"
        ));
        assert_eq!(counted(), (vec![("active".to_owned(), 1)], 1), "{environment}");
    }
}

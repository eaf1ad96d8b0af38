//! Links of a list page.

use super::super::{Filter, Query, Sort, Value};
use super::{read, readable};

#[test]
fn conditions_come_and_go() {
    let query = read("eq(status,active)&ilike(name,*x*)&or(type=a,type=b)&ordering(-created)&limit=50&offset=100");
    assert_eq!(query.terms().len(), 3);
    assert_eq!(query.terms_on("type").count(), 1);
    let more = query.clone().with(Filter::eq("owner.id", "VA-1"));
    assert_eq!(
        readable(&more),
        "eq(status,active)&ilike(name,*x*)&or(eq(type,a),eq(type,b))&eq(owner.id,VA-1)&ordering(-created)&limit=50",
    );
    let other = query.clone().replaced(Filter::one_of("status", ["new", "old one"]).unwrap());
    assert_eq!(
        readable(&other),
        "ilike(name,*x*)&or(eq(type,a),eq(type,b))&in(status,(new,\"old one\"))&ordering(-created)&limit=50",
    );
    assert_eq!(
        readable(&query.clone().without("type")),
        "eq(status,active)&ilike(name,*x*)&ordering(-created)&limit=50"
    );
    assert_eq!(
        readable(&query.clone().without_term(0).without_term(0)),
        "or(eq(type,a),eq(type,b))&ordering(-created)&limit=50"
    );
    assert_eq!(readable(&query.cleared()), "ordering(-created)&limit=50");
    assert_eq!(readable(&Query::default().without("a").without_term(3)), "");
    assert_eq!(readable(&read("asset__id=1").replaced(Filter::eq("asset.id", "2"))), "eq(asset.id,2)");
}

#[test]
fn order_page_search() {
    let query = read("a=b&offset=50");
    assert_eq!(readable(&query.clone().toggled("name")), "eq(a,b)&ordering(name)");
    assert_eq!(readable(&query.clone().toggled("name").toggled("name")), "eq(a,b)&ordering(-name)");
    assert_eq!(readable(&query.clone().toggled("name").toggled("name").toggled("name")), "eq(a,b)&ordering(name)");
    assert_eq!(readable(&query.clone().ordered([Sort::down("x"), Sort::up("y")])), "eq(a,b)&ordering(-x,y)");
    assert_eq!(readable(&query.clone().from_row(75)), "eq(a,b)&offset=75");
    assert_eq!(readable(&query.clone().from_row(0)), "eq(a,b)");
    assert_eq!(readable(&query.clone().limited(10)), "eq(a,b)&limit=10");
    assert_eq!(readable(&query.clone().searching(" x y ")), "eq(a,b)&search=x y");
    assert_eq!(readable(&query.searching("x").searching(" ")), "eq(a,b)");
}

#[test]
fn a_printed_query_can_stand_in_a_url() {
    let hostile = "a\"b'c&d=e#f+g %h<i>\\|(j),ü\u{202e}\n";
    let query = Query::default().with(Filter::eq("name", hostile)).searching(hostile);
    let printed = query.to_string();
    assert!(printed.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~*:@/(),=&%".contains(&b)), "{printed}");
    let back = read(&printed);
    assert_eq!(back.filter, Some(Filter::eq("name", Value::Quoted(hostile.into()))));
    assert_eq!(back.search.as_deref(), Some(hostile.trim()));
}

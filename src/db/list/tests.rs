//! The SQL that queries become; what databases answer is tested in `tests/it`.

use super::plan::{Operand, Plan, plan};
use super::statement::{Dialect, Window, Writer};
use super::{Collection, Field, Join, Many, Rules, Scope, Unknown, window};
use crate::db::{Error, Result};
use crate::rql;

const REQUESTS: Collection = Collection {
    name: "requests",
    from: "request r",
    id: "r.id",
    scope: Scope::Party("request"),
    joins: &[
        Join::inner("asset", "asset a on a.id = r.asset_id"),
        Join::inner("product", "product pr on pr.id = a.product_id").after(&["asset"]),
        Join::left("assignee", "person u on u.id = r.assignee_id"),
    ],
    many: &[Many::new("params", "asset_param ap", "ap.asset_id = a.id").after(&["asset"])],
    fields: &[
        Field::id().orderable().searchable(),
        Field::choice("status", "p.status", &["pending", "approved"]).of_party().orderable(),
        Field::time("created", "p.created_at").of_party().orderable(),
        Field::text("product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
        Field::text("assignee.email", "u.email").via("assignee").nullable().orderable(),
        Field::text("params.id", "ap.name").many("params"),
        Field::text("params.value", "ap.value").many("params"),
        Field::amount("total", "r.total").orderable(),
        Field::int("count", "r.count"),
        Field::flag("test", "r.test"),
        Field::time("signed", "r.events").json("signed.at"),
        Field::text("secret", "r.secret").internal(),
        Field::choice("type", "r.kind", &["purchase", "change"]).only(&["eq", "in"]),
    ],
    order: &["-created"],
};

const PRODUCTS: Collection = Collection {
    name: "products",
    from: "product t",
    id: "t.id",
    scope: Scope::Owner("t.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("name", "t.name").orderable(),
        Field::text("a.b", "t.b"),
        Field::text("a__c", "t.c"),
    ],
    order: &["name"],
};

fn planned(collection: &Collection, query: &str, rules: &Rules<'_>) -> Result<Plan> {
    plan(collection, &rql::parse(query).unwrap(), rules)
}

/// The statements for ids and count, without the parts that are always the same.
fn sql(collection: &Collection, query: &str, dialect: Dialect) -> (String, String) {
    let plan = planned(collection, query, &Rules::PAGE).unwrap_or_else(|error| panic!("{query}: {error}"));
    let writer = Writer::new(collection, Some("VA-1"), &plan, dialect);
    let ids = writer.ids(Window { skip: 50, take: 25, backwards: false }).unwrap();
    let count = writer.count().unwrap();
    assert_eq!(ids.binds, count.binds);
    for at in 1..=ids.binds.len() {
        assert_eq!(ids.text.matches(&format!("${at}")).count(), 1, "{}", ids.text);
    }
    (ids.text, count.text)
}

fn tail<'a>(text: &'a str, after: &str) -> &'a str {
    text.split_once(after).map_or(text, |(_, tail)| tail)
}

/// The conditions of a query on requests.
fn condition(query: &str, dialect: Dialect) -> String {
    let (_, count) = sql(&REQUESTS, query, dialect);
    tail(&count, "p.kind = $2 and ").to_owned()
}

#[test]
fn a_party_list_joins_only_what_it_needs() {
    let (ids, count) = sql(&REQUESTS, "status=pending", Dialect::Sqlite);
    assert_eq!(
        ids,
        "select p.object_id as id from party p where p.account_id = $1 and p.kind = $2 and (p.status = $3) \
         order by p.created_at desc, p.object_id limit 25 offset 50",
    );
    assert_eq!(
        count,
        "select count(*) as total from party p where p.account_id = $1 and p.kind = $2 and (p.status = $3)",
    );
    let (ids, count) = sql(&REQUESTS, "total=1&ordering(product.name,-assignee.email)", Dialect::Postgres);
    assert_eq!(
        ids,
        "select p.object_id as id from party p join request r on r.id = p.object_id join asset a on a.id = r.asset_id \
         join product pr on pr.id = a.product_id left join person u on u.id = r.assignee_id \
         where p.account_id = $1 and p.kind = $2 and (r.total = $3::numeric) \
         order by pr.name collate \"C\", u.email collate \"C\" desc nulls first, p.object_id collate \"C\" desc limit 25 offset 50",
    );
    assert_eq!(
        count,
        "select count(*) as total from party p join request r on r.id = p.object_id \
         where p.account_id = $1 and p.kind = $2 and (r.total = $3::numeric)",
    );
}

#[test]
fn other_scopes_start_from_their_table() {
    let (ids, _) = sql(&PRODUCTS, "", Dialect::Sqlite);
    assert_eq!(
        ids,
        "select t.id as id from product t where t.account_id = $1 and true order by t.name, t.id limit 25 offset 50"
    );
    const OPEN: Collection =
        Collection { scope: Scope::Sql("t.open or t.account_id = {account} or {account} = 'x'"), ..PRODUCTS };
    let (_, count) = sql(&OPEN, "name=a", Dialect::Sqlite);
    assert_eq!(
        count,
        "select count(*) as total from product t where (t.open or t.account_id = $1 or $2 = 'x') and (t.name = $3)",
    );
    const PUBLIC: Collection = Collection { scope: Scope::Public, ..PRODUCTS };
    let plan = planned(&PUBLIC, "", &Rules::PAGE).unwrap();
    let count = Writer::new(&PUBLIC, None, &plan, Dialect::Sqlite).count().unwrap();
    assert_eq!(count.text, "select count(*) as total from product t where true");
    let plan = planned(&PRODUCTS, "", &Rules::PAGE).unwrap();
    let nobody = Writer::new(&PRODUCTS, None, &plan, Dialect::Sqlite).count();
    assert!(matches!(nobody, Err(Error::Outside(_))));
}

#[test]
fn conditions_mean_the_same_on_both() {
    for (query, sqlite, postgres) in [
        ("ne(status,pending)", "(p.status = $3) is not true", "(p.status = $3) is not true"),
        ("status=a,approved", "p.status in ($3)", "p.status in ($3)"),
        ("in(status,(a,b))", "false", "false"),
        ("out(status,(a))", "(false) is not true", "(false) is not true"),
        ("in(type,(Change,null()))", "(r.kind is null or r.kind in ($3))", "(r.kind is null or r.kind in ($3))"),
        ("not(test=true)", "(r.test = true) is not true", "(r.test = true) is not true"),
        ("total=ge=1.50", "r.total collate decimal >= $3", "r.total >= $3::numeric"),
        ("like(product.name,a*)", "pr.name glob $3", "pr.name like $3"),
        ("ilike(product.name,a)", "pr.name_folded = $3", "pr.name_folded = $3"),
        ("ilike(assignee.email,*a)", "lower(u.email) glob $3", "lower(u.email collate \"C\") like $3"),
        (
            "created=2021-01-01",
            "(p.created_at >= $3 and p.created_at < $4)",
            "(p.created_at >= $3 and p.created_at < $4)",
        ),
        ("gt(created,2021-01-01)", "p.created_at >= $3", "p.created_at >= $3"),
        (
            "lt(signed,2021-01-01)",
            "(r.events ->> '$.signed.at') < $3",
            "(r.events #>> '{signed,at}') collate \"C\" < $3",
        ),
        ("(count=1|count=gt=5)", "(r.count = $3 or r.count > $4)", "(r.count = $3 or r.count > $4)"),
    ] {
        assert_eq!(condition(query, Dialect::Sqlite), format!("({sqlite})"), "{query}");
        assert_eq!(condition(query, Dialect::Postgres), format!("({postgres})"), "{query}");
    }
}

#[test]
fn conditions_on_one_relation_ask_for_one_row() {
    let row = |condition: &str| format!("exists (select 1 from asset_param ap where ap.asset_id = a.id{condition})");
    for (query, want) in [
        ("params.value=x", row(" and ap.value = $3")),
        ("params.id=x&params.value=y", format!("({})", row(" and ap.name = $3 and ap.value = $4"))),
        ("ne(params.value,x)", format!("({}) is not true", row(" and ap.value = $3"))),
        ("params.value=null()", format!("(not {} or {})", row(""), row(" and ap.value is null"))),
        (
            "params.id=x&or(params.value=y,params.value=null())",
            format!("({})", row(" and ap.name = $3 and (ap.value = $4 or ap.value is null)")),
        ),
        ("or(params.id=x,params.value=y)", format!("({} or {})", row(" and ap.name = $3"), row(" and ap.value = $4"))),
    ] {
        assert_eq!(condition(query, Dialect::Sqlite), format!("({want})"), "{query}");
    }
}

#[test]
fn unknown_names_are_forgiven_or_refused() {
    let plan = planned(&REQUESTS, "state=x&or(foo=1,status=pending)&not(bar=2)", &Rules::API).unwrap();
    assert_eq!(plan.ignored, ["state", "foo", "bar"]);
    let writer = Writer::new(&REQUESTS, Some("VA-1"), &plan, Dialect::Sqlite);
    assert!(writer.count().unwrap().text.ends_with("(((p.status = $3)))"), "{}", writer.count().unwrap().text);
    assert_eq!(planned(&PRODUCTS, "search=x", &Rules::API).unwrap().ignored, ["search"]);
    for (query, field) in [("state=x", "state"), ("secret=x", "secret"), ("or(status=pending,foo=1)", "foo")] {
        let Err(Error::Refused(refusal)) = planned(&REQUESTS, query, &Rules::PAGE) else { panic!("{query}") };
        assert_eq!(refusal.problems[0].field, field);
    }
    assert_eq!(planned(&REQUESTS, "secret=x", &Rules::API).unwrap().ignored, ["secret"]);
    assert!(matches!(planned(&PRODUCTS, "search=x", &Rules::PAGE), Err(Error::Refused(_))));
    assert_eq!(Rules::API.unknown, Unknown::Ignore);
}

#[test]
fn older_spellings_find_their_field() {
    let name = |query: &str| tail(&sql(&PRODUCTS, query, Dialect::Sqlite).1, "$1 and ").to_owned();
    assert_eq!(name("a__b=x"), "(t.b = $2)");
    assert_eq!(name("a__c=x"), "(t.c = $2)");
    assert!(planned(&PRODUCTS, "a.c=x", &Rules::PAGE).is_err());
}

#[test]
fn conditions_of_the_handler_cannot_be_changed() {
    let within = [("secret", "s\"x")];
    let plan = planned(&REQUESTS, "or(status=pending,status=approved)", &Rules::PAGE.within(&within)).unwrap();
    let text = Writer::new(&REQUESTS, Some("VA-1"), &plan, Dialect::Sqlite).count().unwrap().text;
    assert!(text.ends_with("and (r.secret = $3 and (p.status = $4 or p.status = $5))"), "{text}");
    assert!(matches!(planned(&REQUESTS, "", &Rules::PAGE.within(&[("nothing", "x")])), Err(Error::Outside(_))));
}

#[test]
fn refusals_name_filter_operator_and_value() {
    for (query, filter, lookup, value, words) in [
        ("gt(product.name,x)", "product.name", "gt", None, "gt cannot be used here. Use eq, ne, like, ilike, in, out."),
        ("ne(type,change)", "type", "ne", None, "ne cannot be used here. Use eq, in."),
        ("status=foo", "status", "eq", Some("foo"), "foo is not one of pending, approved."),
        ("ne(status,foo)", "status", "ne", Some("foo"), "foo is not one of pending, approved."),
        ("test=TRUE", "test", "eq", Some("TRUE"), "TRUE is neither true nor false."),
        ("test=1", "test", "eq", Some("1"), "1 is neither true nor false."),
        ("count=2.18", "count", "eq", Some("2.18"), "2.18 is not a whole number."),
        ("count=ge=x", "count", "ge", Some("x"), "x is not a whole number."),
        ("in(count,(1,x))", "count", "in", Some("x"), "x is not a whole number."),
        ("total=1e5", "total", "eq", Some("1e5"), "1e5 is not a number like 12.50."),
        (
            "le(created,yesterday)",
            "created",
            "le",
            Some("yesterday"),
            "yesterday is not a time like 2021-01-31 or 2021-01-31T12:00:00+00:00.",
        ),
        ("ge(created,null())", "created", "ge", Some("null()"), "null() can be compared with eq, ne, in and out only."),
        ("count=empty()", "count", "eq", Some("empty()"), "empty() is for texts only. For no value write null()."),
        (
            "like(params.value,null())",
            "params.value",
            "like",
            Some("null()"),
            "null() can be compared with eq, ne, in and out only.",
        ),
        (
            "like(product.name,a**)",
            "product.name",
            "like",
            Some("a**"),
            "Two stars side by side are no pattern: one * stands for any text, \\* for a star.",
        ),
    ] {
        let Err(Error::Refused(refusal)) = planned(&REQUESTS, query, &Rules::PAGE) else { panic!("{query}") };
        let param = |name| refusal.params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        assert_eq!((param("filter"), param("lookup"), param("value")), (Some(filter), Some(lookup), value), "{query}");
        assert_eq!((refusal.status(), refusal.wire), (400, "VAL_001"));
        assert_eq!(refusal.problems[0].field, filter);
        assert_eq!(refusal.problems[0].text.to_string(), words, "{query}");
    }
    for (query, words) in [
        ("ordering(foo)", "Bad ordering filter: foo."),
        ("ordering(count)", "Bad ordering filter: count."),
        ("ordering(params.value)", "Bad ordering filter: params.value."),
    ] {
        let Err(Error::Refused(refusal)) = planned(&REQUESTS, query, &Rules::API) else { panic!("{query}") };
        assert_eq!(refusal.problems[0].text.to_string(), words);
    }
    assert!(planned(&REQUESTS, "test=1&order_by=-created", &Rules::PAGE).is_ok());
    assert!(planned(&REQUESTS, "test=True", &Rules::PAGE).is_ok());
    assert!(planned(&REQUESTS, "status=PENDING", &Rules::PAGE).is_ok());
}

#[test]
fn a_time_without_fraction_is_all_of_its_second() {
    let second = 1_549_965_720_000_000; // 2019-02-12T10:02:00Z
    for (text, from, length) in [
        ("2019-02-12T10:02:00", second, 1_000_000),
        ("2019-02-12T10:02Z", second, 1_000_000),
        ("2019-02-12T13:02:00+03:00", second, 1_000_000),
        ("2019-02-12T13:02:00 03:00", second, 1_000_000),
        ("2019-02-12T10:02:00.250Z", second + 250_000, 1),
        ("2019-02-12", second - (10 * 60 + 2) * 60_000_000, 1_000_000),
    ] {
        let plan = planned(&REQUESTS, &format!("eq(created,\"{text}\")"), &Rules::PAGE).unwrap();
        let count = Writer::new(&REQUESTS, Some("VA-1"), &plan, Dialect::Sqlite).count().unwrap();
        assert_eq!(count.binds[2..], [Operand::Int(from), Operand::Int(from + length)], "{text}");
    }
    let plan = planned(&REQUESTS, "gt(signed,2019-02-12T10:02:00.25Z)", &Rules::PAGE).unwrap();
    let count = Writer::new(&REQUESTS, Some("VA-1"), &plan, Dialect::Sqlite).count().unwrap();
    assert_eq!(count.binds[2..], [Operand::Text("2019-02-12T10:02:01+00:00".into())]);
}

#[test]
fn pages_past_the_middle_are_read_from_the_end() {
    let at = |total, offset, limit| window(total, offset, limit).map(|w| (w.skip, w.take, w.backwards));
    assert_eq!(at(100, 0, 10), Some((0, 10, false)));
    assert_eq!(at(100, 45, 10), Some((45, 10, false)));
    assert_eq!(at(100, 46, 10), Some((44, 10, true)));
    assert_eq!(at(100, 95, 10), Some((0, 5, true)));
    assert_eq!(at(100, 99, 10), Some((0, 1, true)));
    assert_eq!(at(100, 100, 10), None);
    assert_eq!(at(100, i64::MAX, 10), None);
    assert_eq!(at(100, 0, 0), None);
    assert_eq!(at(0, 0, 10), None);
    assert_eq!(at(3, 0, 10), Some((0, 3, false)));
}

#[test]
fn the_id_follows_the_index() {
    for (ordering, order) in [
        ("-created", "p.created_at desc, p.object_id"),
        ("created", "p.created_at, p.object_id desc"),
        ("product.name", "pr.name, p.object_id"),
        ("-product.name", "pr.name desc, p.object_id desc"),
        ("status,-created", "p.status, p.created_at desc, p.object_id"),
        ("-id,status", "p.object_id desc"),
        ("total,total", "r.total collate decimal, p.object_id"),
        ("assignee.email", "u.email nulls last, p.object_id"),
    ] {
        let (ids, _) = sql(&REQUESTS, &format!("ordering({ordering})"), Dialect::Sqlite);
        assert_eq!(tail(&ids, "order by ").trim_end_matches(" limit 25 offset 50"), order);
    }
    let plan = planned(&REQUESTS, "ordering(assignee.email)", &Rules::PAGE).unwrap();
    let writer = Writer::new(&REQUESTS, Some("VA-1"), &plan, Dialect::Sqlite);
    let back = writer.ids(Window { skip: 0, take: 1, backwards: true }).unwrap().text;
    assert_eq!(tail(&back, "order by "), "u.email desc nulls first, p.object_id desc limit 1 offset 0");
}

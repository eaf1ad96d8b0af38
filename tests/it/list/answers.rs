//! What lists answer.

use std::cell::RefCell;

use causeway::db::list::{self, Collection, Rules, Scope};
use causeway::db::{AnyConn, Error, statements};
use causeway::rql::{self, Filter, Op, Query, Sort, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::oracle;
use super::world::{
    BASE, EMAILS, NOTES, PRODUCTS, REQUESTS, STATUSES, TOTALS, VALUES, fill, on_empty_tables, requests,
};

fn ask(conn: &mut AnyConn, query: &str) -> Vec<String> {
    let query = rql::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    list::page(conn, &REQUESTS, Some("VA-1"), &query, &Rules { max_limit: 1000, default_limit: 1000, ..Rules::PAGE })
        .unwrap()
        .ids
}

fn text() -> impl Strategy<Value = Value> {
    let known: Vec<&str> =
        PRODUCTS.iter().chain(EMAILS).copied().chain(NOTES.iter().chain(VALUES).filter_map(|text| *text)).collect();
    prop_oneof![
        6 => select(known).prop_map(Value::text),
        1 => "[A-Za-z*%_\\[]{0,3}".prop_map(Value::text),
        1 => Just(Value::Null),
        1 => Just(Value::Empty),
    ]
}

fn pattern() -> impl Strategy<Value = Value> {
    let piece = select(&["a", "p", "e", "R", "É", "ü", "Ü", "%", "_", "[", "\\*", "\\\\", "x.com", "b", " "][..]);
    (vec(piece, 0..3), vec(any::<bool>(), 4)).prop_map(|(pieces, stars)| {
        let star = |at: usize| if stars[at] { "*" } else { "" };
        let mut pattern = star(0).to_owned();
        for (at, piece) in pieces.iter().enumerate() {
            pattern.push_str(piece);
            pattern.push_str(star(at + 1));
        }
        Value::text(pattern)
    })
}

fn moment() -> impl Strategy<Value = Value> {
    (-1_i64..6, select(&["Z", "+00:00", "", ".25Z", ".5Z", ".000001Z"][..])).prop_map(|(second, ending)| {
        let text = causeway::kit::Time(BASE + second * 1_000_000).wire();
        Value::text(text.replace("+00:00", ending))
    })
}

fn or_null(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![5 => values, 1 => Just(Value::Null)]
}

fn number() -> impl Strategy<Value = Value> {
    (-2_i64..4).prop_map(|number| Value::text(number.to_string()))
}

fn amount() -> impl Strategy<Value = Value> {
    select(TOTALS).prop_map(|total| Value::text(total.unwrap_or("10.0")))
}

fn status() -> impl Strategy<Value = Value> {
    select(STATUSES).prop_map(Value::text)
}

fn flag() -> impl Strategy<Value = Value> {
    select(&["true", "false"][..]).prop_map(Value::text)
}

/// A condition whose property, operator and value suit each other.
fn condition() -> impl Strategy<Value = Filter> {
    let texts = select(&["note", "product.name", "assignee.email", "params.id", "params.value", "signer"][..]);
    let equal = select(&[Op::Eq, Op::Ne][..]);
    let like = select(&[Op::Like, Op::Ilike][..]);
    let sized = select(&[Op::Gt, Op::Ge, Op::Lt, Op::Le][..]);
    let moments = select(&["created", "signed"][..]);
    let compare = |property: &'static str| move |(op, value): (Op, Value)| Filter::compare(property, op, value);
    let listed = |(property, negated, values): (&'static str, bool, Vec<Value>)| Filter::In {
        property: property.to_owned(),
        negated,
        values,
    };
    prop_oneof![
        (texts.clone(), equal.clone(), text()).prop_map(|(property, op, value)| Filter::compare(property, op, value)),
        (texts.clone(), any::<bool>(), vec(text(), 1..4)).prop_map(listed),
        // Without a folded column only ASCII letters fold; `product.name` and `params.id` cannot tell.
        (texts, Just(Op::Like), pattern()).prop_map(|(property, op, value)| Filter::compare(property, op, value)),
        (select(&["product.name", "params.id", "assignee.email"][..]), like, pattern())
            .prop_map(|(property, op, value)| Filter::compare(property, op, value)),
        (equal.clone(), or_null(status())).prop_map(compare("status")),
        (any::<bool>(), vec(or_null(status()), 1..3))
            .prop_map(move |(negated, values)| listed(("status", negated, values))),
        (equal.clone(), flag()).prop_map(compare("test")),
        (equal.clone(), or_null(number())).prop_map(compare("count")),
        (sized.clone(), number()).prop_map(compare("count")),
        (any::<bool>(), vec(or_null(number()), 1..3))
            .prop_map(move |(negated, values)| listed(("count", negated, values))),
        (equal.clone(), or_null(amount())).prop_map(compare("total")),
        (sized.clone(), amount()).prop_map(compare("total")),
        (any::<bool>(), vec(or_null(amount()), 1..3))
            .prop_map(move |(negated, values)| listed(("total", negated, values))),
        (moments.clone(), equal, or_null(moment()))
            .prop_map(|(property, op, value)| Filter::compare(property, op, value)),
        (moments.clone(), sized, moment()).prop_map(|(property, op, value)| Filter::compare(property, op, value)),
        (moments, any::<bool>(), vec(or_null(moment()), 1..3)).prop_map(listed),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    condition().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 1..4).prop_map(|all| Filter::all(all).unwrap()),
            2 => vec(inner.clone(), 1..4).prop_map(|any| Filter::any(any).unwrap()),
            1 => inner.prop_map(Filter::negated),
        ]
    })
}

fn ordering() -> impl Strategy<Value = Vec<Sort>> {
    let orderable: Vec<&str> = vec![
        "id",
        "status",
        "created",
        "note",
        "product.name",
        "assignee.email",
        "total",
        "count",
        "test",
        "signed",
        "signer",
    ];
    proptest::sample::subsequence(orderable, 1..4).prop_shuffle().prop_flat_map(|properties| {
        let count = properties.len();
        (Just(properties), vec(any::<bool>(), count)).prop_map(|(properties, falls)| {
            let sorts = properties.into_iter().zip(falls);
            sorts.map(|(property, descending)| Sort { property: property.to_owned(), descending }).collect()
        })
    })
}

#[test]
fn a_page_is_what_the_filter_means() {
    on_empty_tables(|conn| {
        let rows = requests(80);
        fill(conn, &rows);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(600)
        });
        let conn = RefCell::new(conn);
        runner
            .run(
                &(proptest::option::weighted(0.9, filter()), ordering(), 0_u64..90, 0_u32..40),
                |(filter, ordering, offset, limit)| {
                    let query =
                        Query { filter, ordering, offset: Some(offset), limit: Some(limit), ..Query::default() };
                    // Through the URL, as a link would take it.
                    let query = rql::parse(&query.to_string()).unwrap();
                    let want = oracle::ids(&rows, &query);
                    let page =
                        list::page(&mut conn.borrow_mut(), &REQUESTS, Some("VA-1"), &query, &Rules::PAGE).unwrap();
                    prop_assert_eq!(page.total, want.len() as i64, "{}", query);
                    let window: Vec<String> = want.into_iter().skip(offset as usize).take(limit as usize).collect();
                    prop_assert_eq!(page.ids, window, "{}", query);
                    Ok(())
                },
            )
            .unwrap();
    });
}

#[test]
fn every_page_is_a_slice_of_the_whole() {
    on_empty_tables(|conn| {
        let rows = requests(61);
        fill(conn, &rows);
        for ordering in ["-created", "created", "product.name", "-assignee.email", "status,-total", ""] {
            let sorted = if ordering.is_empty() { String::new() } else { format!("ordering({ordering})") };
            let whole = ask(conn, &sorted);
            assert_eq!(whole.len(), 61);
            for offset in 0..65 {
                let page =
                    ask(conn, &format!("{sorted}{}limit=7&offset={offset}", if sorted.is_empty() { "" } else { "&" }));
                let slice: Vec<String> = whole.iter().skip(offset).take(7).cloned().collect();
                assert_eq!(page, slice, "{ordering} from {offset}");
            }
            let all = list::ids(conn, &REQUESTS, Some("VA-1"), &rql::parse(&sorted).unwrap(), &Rules::API, 50).unwrap();
            assert_eq!(all, whole[..50]);
        }
    });
}

#[test]
fn an_account_sees_its_own_only_once() {
    on_empty_tables(|conn| {
        let rows = requests(60);
        fill(conn, &rows);
        let page = |conn: &mut AnyConn, account: &str| {
            list::page(conn, &REQUESTS, Some(account), &Query::default(), &Rules::API).unwrap()
        };
        let mut all = page(conn, "VA-1");
        assert_eq!((all.total, all.limit, all.offset), (60, 100, 0));
        all.ids.sort();
        all.ids.dedup();
        assert_eq!(all.ids.len(), 60);
        let some = page(conn, "PA-1");
        assert_eq!(some.total, rows.iter().filter(|request| request.product == 0).count() as i64);
        assert_eq!(page(conn, "PA-2").total, 0);
        // A filter cannot widen what is seen.
        let query = rql::parse("or(product.id=PRD-1,not(product.id=PRD-1))").unwrap();
        let widened = list::page(conn, &REQUESTS, Some("PA-1"), &query, &Rules::API).unwrap();
        assert_eq!(widened.total, some.total);
        assert!(matches!(list::page(conn, &REQUESTS, None, &query, &Rules::API), Err(Error::Outside(_))));
    });
}

#[test]
fn rows_without_a_value() {
    on_empty_tables(|conn| {
        let rows = requests(60);
        fill(conn, &rows);
        let count =
            |wanted: &dyn Fn(Option<&str>) -> bool| rows.iter().filter(|row| wanted(row.note.as_deref())).count();
        let mut asked = |query: &str| ask(conn, query).len();
        assert_eq!(asked("ne(note,ünit)"), count(&|note| note != Some("ünit")));
        assert_eq!(asked("not(eq(note,ünit))"), count(&|note| note != Some("ünit")));
        assert_eq!(asked("note=null()"), count(&|note| note.is_none()));
        assert_eq!(asked("ne(note,null())"), count(&|note| note.is_some()));
        assert_eq!(asked("note=empty()"), count(&|note| note == Some("")));
        assert_eq!(asked("in(note,(ünit,null()))"), count(&|note| matches!(note, None | Some("ünit"))));
        assert_eq!(asked("out(note,(ünit,null()))"), count(&|note| !matches!(note, None | Some("ünit"))));
        assert_eq!(asked("not(like(note,*))"), count(&|note| note.is_none()));
        assert_eq!(asked("not(not(note=ünit))"), count(&|note| note == Some("ünit")));
    });
}

#[test]
fn search_knows_no_case() {
    on_empty_tables(|conn| {
        let rows = requests(60);
        fill(conn, &rows);
        let products = |wanted: &[&str]| rows.iter().filter(|row| wanted.contains(&PRODUCTS[row.product])).count();
        assert_eq!(ask(conn, "search=ÄPF").len(), products(&["Äpfel"]));
        assert_eq!(ask(conn, "search=%25+[PURE]_").len(), products(&["100% [pure]_*"]));
        assert_eq!(ask(conn, "search=a*h*a").len(), products(&["alpha\\beta"]));
        assert_eq!(ask(conn, "search=nothing+like+it").len(), 0);
        let either =
            rows.iter().filter(|row| PRODUCTS[row.product] == "Ünit" || row.note.as_deref() == Some("ünit")).count();
        assert_eq!(ask(conn, "search=nit").len(), either);
        // `like` does.
        assert_eq!(ask(conn, "like(product.name,a*)").len(), products(&["apple", "alpha\\beta"]));
        assert_eq!(ask(conn, "like(product.name,Z*)").len(), products(&["Zebra"]));
        assert_eq!(ask(conn, "like(product.name,z*)").len(), 0);
    });
}

#[test]
fn names_are_ordered_by_their_bytes() {
    on_empty_tables(|conn| {
        let rows = requests(60);
        fill(conn, &rows);
        let by_id = |id: &String| rows.iter().find(|row| row.id == *id).unwrap();
        let mut names: Vec<&str> =
            ask(conn, "ordering(product.name)").iter().map(|id| PRODUCTS[by_id(id).product]).collect();
        names.dedup();
        assert_eq!(names, ["100% [pure]_*", "Zebra", "alpha\\beta", "apple", "Äpfel", "Ünit"]);
    });
}

#[test]
fn a_page_takes_two_statements() {
    on_empty_tables(|conn| {
        fill(conn, &requests(10));
        for (query, count) in
            [("search=a&ordering(product.name)", 2), ("limit=0", 1), ("offset=10", 1), ("limit=2&offset=9", 2)]
        {
            let before = statements();
            ask(conn, query);
            assert_eq!(statements() - before, count, "{query}");
        }
    });
}

#[test]
fn the_deepest_and_the_longest_query_run() {
    on_empty_tables(|conn| {
        fill(conn, &requests(10));
        let mut deep = "eq(test,true)".to_owned();
        for level in 0..(rql::MAX_DEPTH - 2) {
            let group = ["and", "or", "not"][level % 3];
            deep = if group == "not" { format!("not({deep})") } else { format!("{group}({deep},count={})", level % 7) };
        }
        ask(conn, &deep);
        let wide: Vec<String> = (0..rql::MAX_CONDITIONS).map(|at| format!("ne(params.value,v{at})")).collect();
        assert_eq!(ask(conn, &wide.join("&")).len(), 10);
        assert_eq!(ask(conn, &format!("or({})", wide.join(","))).len(), 10);
        let list: Vec<String> = (0..2500).map(|at| format!("x{at}")).collect();
        assert_eq!(ask(conn, &format!("out(note,({}))", list.join(","))).len(), 10);
        let stars = "*a".repeat(2000);
        assert_eq!(ask(conn, &format!("like(note,{stars})")).len(), 0);
    });
}

#[test]
fn declarations_are_checked_on_the_database() {
    on_empty_tables(|conn| {
        assert_eq!(list::problems(conn, &REQUESTS), Vec::<String>::new());
        const BROKEN: Collection = Collection {
            joins: &[],
            fields: &[
                list::Field::text("a", "r.missing").orderable(),
                list::Field::text("b", "x.y").via("nowhere"),
                list::Field::text("c", "ap.name").many("params").orderable().only(&["equals"]),
                list::Field::text("a", "r.id"),
            ],
            order: &["d"],
            ..REQUESTS
        };
        let problems = list::problems(conn, &BROKEN).join("\n");
        for expected in [
            "a is declared twice",
            "b lives in a relation that is not declared",
            "c has many values",
            "c has the unknown operator equals",
            "ordered by d",
            "eq(a): database:",
            "ordering(a): database:",
        ] {
            assert!(problems.contains(expected), "{expected} is not in\n{problems}");
        }
    });
}

#[test]
fn other_scopes() {
    on_empty_tables(|conn| {
        fill(conn, &requests(30));
        const ASSETS: Collection = Collection {
            name: "assets",
            from: "asset a",
            id: "a.id",
            scope: Scope::Owner("a.product_id"),
            joins: &[],
            many: &[],
            fields: &[list::Field::id().orderable(), list::Field::text("product", "a.product_id")],
            order: &["id"],
        };
        const SEEN: Collection = Collection {
            scope: Scope::Sql("exists (select 1 from party p where p.object_id = a.id and p.account_id = {account})"),
            ..ASSETS
        };
        const ALL: Collection = Collection { scope: Scope::Public, ..ASSETS };
        let mut total = |collection: &Collection, account: Option<&str>, within: &[(&str, &str)]| {
            list::page(conn, collection, account, &Query::default(), &Rules::API.within(within)).unwrap().total
        };
        let owned: Vec<i64> = (0..PRODUCTS.len()).map(|at| total(&ASSETS, Some(&format!("PRD-{at}")), &[])).collect();
        assert_eq!(owned.iter().sum::<i64>(), 30);
        assert_eq!(total(&SEEN, Some("VA-1"), &[]), 30);
        assert_eq!(total(&SEEN, Some("PA-1"), &[]), 0);
        assert_eq!(total(&ALL, None, &[]), 30);
        assert_eq!(total(&ALL, None, &[("product", "PRD-2")]), owned[2]);
    });
}

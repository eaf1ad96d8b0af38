//! Arbitrary input, arbitrary trees.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::{Filter, Op, Pick, Query, Sort, Value, parse};

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => "[a-zA-Z0-9_.:@*+-]{1,12}".prop_map(Value::text),
        3 => "\\PC{0,12}".prop_map(Value::text),
        2 => "[\"'()&=,|; %+\\\\t*]{0,8}".prop_map(Value::Quoted),
        1 => Just(Value::Null),
        1 => Just(Value::Empty),
    ]
}

fn property() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z][a-zé0-9_.-]{0,8}", 1 => "eq|and|or|not|in|out|like|t|select|range|null"]
        .prop_filter("special names", |name| !matches!(name.as_str(), "limit" | "offset" | "search"))
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        (property(), proptest::sample::select(&Op::ALL[..]), value())
            .prop_map(|(property, op, value)| Filter::Compare { property, op, value }),
        (property(), any::<bool>(), vec(value(), 1..4)).prop_map(|(property, negated, values)| Filter::In {
            property,
            negated,
            values
        }),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|all| Filter::all(all).unwrap()),
            vec(inner.clone(), 1..4).prop_map(|any| Filter::any(any).unwrap()),
            inner.prop_map(Filter::negated),
        ]
    })
}

prop_compose! {
    fn query()(
        filter in proptest::option::of(filter()),
        ordering in vec((property(), any::<bool>()), 0..5),
        select in vec(property(), 0..4),
        dropped: bool,
        limit: Option<u32>,
        offset: Option<u64>,
        search in proptest::option::of("\\PC{1,12}|[\"'][a=]{0,3}[\"']|ge=x"),
    ) -> Query {
        let ordering = ordering.into_iter().map(|(property, descending)| Sort { property, descending }).collect();
        let select = select.into_iter().map(|path| Pick { path, dropped }).collect();
        let query = Query { filter, ordering, select, limit, offset, search: None, old_style: false };
        Query { search: search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()), ..query }
    }
}

/// Text made of the language's own pieces, which goes deeper than random characters.
fn pieces() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(
        &[
            "eq(",
            "in(",
            "and(",
            "or(",
            "not(",
            "t(",
            "(",
            ")",
            ",",
            "&",
            "|",
            ";",
            "=",
            "a",
            "b.c",
            "null()",
            "empty()",
            "\"",
            "'",
            "%26",
            "%3D",
            "%22",
            "%",
            "+",
            " ",
            "*",
            "\\",
            "limit=",
            "search=",
            "ordering(",
            "select(",
            "-",
            "__in=",
            "order_by=",
            "True",
            "ge=",
            "range(",
            "ü",
            "%C3",
            "like(a,",
        ][..],
    );
    vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_printed_is_read_back(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(parse(&printed), Ok(query), "{}", printed);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        stays_itself(&text)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..60)) {
        stays_itself(&String::from_utf8_lossy(&bytes))?;
        stays_itself(&percent_encoding::percent_encode(&bytes, percent_encoding::NON_ALPHANUMERIC).to_string())?;
    }

    #[test]
    fn any_pieces_are_read_or_refused(text in pieces()) {
        stays_itself(&text)?;
    }
}

/// Reading never panics, and what was read means the same once printed.
fn stays_itself(text: &str) -> Result<(), TestCaseError> {
    if let Ok(query) = parse(text) {
        let again = parse(&query.to_string());
        prop_assert_eq!(again, Ok(Query { old_style: false, ..query }), "{}", text);
    }
    Ok(())
}

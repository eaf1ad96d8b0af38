//! Queries on objects in memory.

use serde_json::{Value, json};

use super::read;

fn objects() -> Vec<Value> {
    vec![
        json!({ "id": "a", "name": "Été", "n": 2, "on": true, "unit": { "id": "u1" }, "at": "2026-05-01T10:00:00+00:00", "end": null }),
        json!({ "id": "b", "name": "Backup, 10 GB", "n": 10, "on": false, "unit": { "id": "u2" }, "at": "2026-05-02T10:00:00+00:00",
                "end": "x", "tags": [{ "id": "t1" }, { "id": "t2" }] }),
        json!({ "id": "c", "name": "backup", "n": 1.5, "on": false, "unit": { "id": "u1" }, "at": "2026-05-03T10:00:00+00:00", "end": null }),
    ]
}

#[test]
fn it_filters_and_orders_as_the_lists_do() {
    for (query, expected) in [
        ("", "abc"),
        ("eq(name,backup)", "c"),
        ("ne(unit.id,u1)", "b"),
        ("unit__id=u1", "ac"),
        ("like(name,*ack*)", "bc"),
        ("ilike(name,été)", "a"),
        ("ilike(name,BACKUP*)", "bc"),
        ("in(id,(a,c,z))", "ac"),
        ("out(id,(a,c))", "b"),
        ("gt(n,1.5)", "ab"),
        ("le(n,2)", "ac"),
        ("eq(on,false)&not(eq(id,b))", "c"),
        ("or(eq(id,a),eq(n,10))", "ab"),
        ("ge(at,2026-05-02T10:00:00)", "bc"),
        ("lt(at,2026-05-02)", "a"),
        ("eq(end,null())", "ac"),
        ("ne(end,null())", "b"),
        ("eq(tags.id,t2)", "b"),
        ("search=10 gb", "b"),
        ("eq(nothing,x)", "abc"),
        ("not(eq(nothing,x))", "abc"),
        ("ordering(-n)", "bac"),
        ("ordering(unit.id,-at)", "cab"),
        ("ordering(end)", "bac"),
    ] {
        let found = read(query).apply(objects()).unwrap();
        let ids: String = found.iter().filter_map(|object| object["id"].as_str()).collect();
        assert_eq!(ids, expected, "{query}");
    }
    assert!(read("ordering(nothing)").apply(objects()).is_err());
    assert_eq!(read("ordering(nothing)").apply(vec![]), Ok(vec![]));
}

#[test]
fn a_filter_says_which_words_it_wants() {
    let wants = |query: &str| read(query).filter.is_some_and(|filter| filter.wants("status", "deleted"));
    for query in
        ["status=deleted", "eq(status,Deleted)", "in(status,(draft,deleted))", "eq(a,b)&(status=deleted|status=draft)"]
    {
        assert!(wants(query), "{query}");
    }
    for query in [
        "ne(status,deleted)",
        "not(eq(status,deleted))",
        "out(status,(deleted))",
        "like(name,*status*)",
        "eq(name,deleted)",
    ] {
        assert!(!wants(query), "{query}");
    }
}

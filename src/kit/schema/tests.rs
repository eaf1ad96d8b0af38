//! Tables of schemas that can and cannot be drawn, and of answers to one.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Asked, LineFormat, MAX_ANSWER, MAX_QUESTIONS, Schema};
use crate::kit::Refusal;

const FORM: &str = r#"{"type":"object","title":"Company","properties":{
  "zip":{"type":"string","title":"Postal code","minLength":4,"maxLength":10,"pattern":"^[0-9]+$"},
  "about":{"type":"string","maxLength":2000},
  "mail":{"type":"string","format":"email"},
  "site":{"type":"string","format":"uri"},
  "since":{"type":"string","format":"date"},
  "size":{"type":"string","enum":["small","large"],"default":"small"},
  "tags":{"type":"array","items":{"type":"string","enum":["a","b","c"]},"minItems":1,"maxItems":2,"uniqueItems":true},
  "people":{"type":"integer","minimum":1,"maximum":5000},
  "share":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":100,"multipleOf":0.5},
  "agreed":{"type":"boolean","const":true},
  "public":{"type":"boolean"},
  "tax":{"type":"object","title":"Tax","properties":{"vat":{"type":"string"},"office":{"type":"string"}},"required":["vat"]}},
"required":["zip","agreed"]}"#;

fn form() -> Schema {
    Schema::read(FORM).expect("a schema")
}

fn fields(refusal: Refusal) -> Vec<String> {
    refusal.problems.into_iter().map(|p| p.field).collect()
}

#[track_caller]
fn refused(schema: &Value, field: &str, words: &str) {
    let refusal = Schema::read(&schema.to_string()).expect_err("a refusal");
    let found = refusal.problems.iter().any(|p| p.field == field && p.text.to_string().contains(words));
    assert!(found, "{schema} is not refused at {field} for {words:?}: {refusal}");
}

/// A form of one question.
fn one(question: Value) -> Value {
    json!({ "type": "object", "properties": { "q": question } })
}

#[test]
fn a_form_is_read_in_the_order_in_which_it_was_written() {
    let form = form();
    let names: Vec<&str> = form.questions.iter().map(|q| q.name.as_str()).collect();
    assert_eq!(
        names,
        ["zip", "about", "mail", "site", "since", "size", "tags", "people", "share", "agreed", "public", "tax"]
    );
    let asked = |name: &str| form.questions.iter().find(|q| q.name == name).expect("a question").asked.clone();
    assert_eq!(asked("zip"), Asked::Line(LineFormat::Plain));
    assert_eq!(asked("about"), Asked::Lines);
    assert_eq!(asked("mail"), Asked::Line(LineFormat::Email));
    assert_eq!(asked("site"), Asked::Line(LineFormat::Link));
    assert_eq!(asked("since"), Asked::Line(LineFormat::Day));
    assert_eq!(asked("size"), Asked::One(vec!["small".into(), "large".into()]));
    assert_eq!((asked("people"), asked("share")), (Asked::Number(true), Asked::Number(false)));
    assert_eq!((asked("agreed"), asked("public")), (Asked::Flag(true), Asked::Flag(false)));
    assert_eq!(form.leaves().count(), 13);
    // What is kept is read as the same form again.
    for text in [form.text(), form.pretty()] {
        let again = Schema::read(&text).expect("a schema");
        assert_eq!((again.text(), &again.questions), (form.text(), &form.questions));
        assert!(text.find("zip") < text.find("about") && text.find("public") < text.find("\"tax\""), "{text}");
    }
}

#[test]
fn what_a_page_cannot_draw_is_refused_with_its_place() {
    refused(&json!([]), "schema", "JSON object");
    refused(&json!({}), "schema.type", "object");
    refused(&json!({ "type": "object" }), "schema.properties", "at least one question");
    refused(&json!({ "type": "object", "properties": {} }), "schema.properties", "at least one question");
    refused(&json!({ "type": "object", "properties": { "q": true } }), "schema.properties.q", "JSON object");
    refused(&one(json!({})), "schema.properties.q.type", "string, number");
    refused(&one(json!({ "type": ["string", "null"] })), "schema.properties.q.type", "string, number");
    for reference in ["https://example.com/s.json", "#/$defs/a", "file:///etc/passwd"] {
        refused(&one(json!({ "$ref": reference })), "schema.properties.q.type", "string, number");
        refused(&one(json!({ "type": "string", "$ref": reference })), "schema.properties.q.$ref", "not followed");
    }
    let defs = json!({ "type": "object", "$defs": {}, "properties": { "q": { "type": "string" } } });
    refused(&defs, "schema.$defs", "not followed");
    refused(&one(json!({ "type": "string", "anyOf": [] })), "schema.properties.q.anyOf", "does not understand");
    refused(&one(json!({ "type": "string", "format": "regex" })), "schema.properties.q.format", "email, uri and date");
    refused(&one(json!({ "type": "string", "enum": [] })), "schema.properties.q.enum", "between one and");
    refused(&one(json!({ "type": "string", "enum": [1] })), "schema.properties.q.enum", "between one and");
    refused(&one(json!({ "type": "string", "enum": [" a"] })), "schema.properties.q.enum", "spaces");
    refused(&one(json!({ "type": "string", "enum": [""] })), "schema.properties.q.enum", "required");
    refused(&one(json!({ "type": "array" })), "schema.properties.q.items", "what can be chosen");
    refused(
        &one(json!({ "type": "array", "items": { "type": "number" } })),
        "schema.properties.q.items.type",
        "string",
    );
    refused(&one(json!({ "type": "boolean", "const": false })), "schema.properties.q.const", "confirm");
    refused(&one(json!({ "type": "string", "title": 5 })), "schema.properties.q.title", "text is needed");
    refused(&one(json!({ "type": "string", "title": "x".repeat(300) })), "schema.properties.q.title", "at most 200");
    let within = one(json!({ "type": "object", "properties": { "r": { "type": "object", "properties": {} } } }));
    refused(&within, "schema.properties.q.properties.r", "no groups within groups");
    let open = json!({ "type": "object", "additionalProperties": true, "properties": { "q": { "type": "string" } } });
    refused(&open, "schema.additionalProperties", "false");
    let required = json!({ "type": "object", "required": ["r"], "properties": { "q": { "type": "string" } } });
    refused(&required, "schema.required", "no question r");
    for name in ["", "a b", "a.b", "a-b", "ä", "<script>"] {
        let named = json!({ "type": "object", "properties": { name: { "type": "string" } } });
        refused(&named, &format!("schema.properties.{name}"), "letters");
    }
    let many: serde_json::Map<String, Value> =
        (0..=MAX_QUESTIONS).map(|n| (format!("q{n:03}"), json!({ "type": "string" }))).collect();
    refused(&json!({ "type": "object", "properties": many }), "schema.properties.q100", "at most 100");
    // What no schema may say, says the compiler.
    refused(&one(json!({ "type": "string", "minLength": -1 })), "schema.properties.q.minLength", "not right");
    refused(&one(json!({ "type": "string", "pattern": "(" })), "schema.properties.q.pattern", "not right");
    assert!(Schema::read(&one(json!({ "type": "string", "pattern": "(?=a)" })).to_string()).is_err());
    assert!(Schema::read(&one(json!({ "type": "string", "pattern": "(a{1000}){1000}" })).to_string()).is_err());
    let long = r#"{"type":"object","properties":{"q":{"type":"number","minimum":1e999999999}}}"#;
    assert_eq!(fields(Schema::read(long).expect_err("a refusal")), ["schema.properties.q.minimum"]);
    for text in ["", "{", "{\"type\":\"object\",", &format!("{}1", "[".repeat(100_000)), &"x".repeat(70_000)] {
        assert_eq!(fields(Schema::read(text).expect_err("a refusal")), ["schema"]);
    }
}

#[test]
fn wrong_answers_are_told_by_their_path() {
    let good = json!({ "zip": "88131", "agreed": true });
    assert_eq!(form().check(&good), Ok(()));
    let with = |name: &str, value: Value| {
        let mut data = good.clone();
        data[name] = value;
        data
    };
    for (data, field, words) in [
        (json!({ "agreed": true }), "data.zip", "required"),
        (json!({ "zip": "88131" }), "data.agreed", "required"),
        (with("agreed", json!(false)), "data.agreed", "confirmed"),
        (with("zip", json!(5)), "data.zip", "A text is needed"),
        (with("zip", json!("88")), "data.zip", "at least 4 characters"),
        (with("zip", json!("12345678901")), "data.zip", "at most 10 characters"),
        (with("zip", json!("abcde")), "data.zip", "must match"),
        (with("mail", json!("nobody")), "data.mail", "not an e-mail address"),
        (with("site", json!("not a link")), "data.site", "not a link"),
        (with("since", json!("2026-13-01")), "data.since", "not a day"),
        (with("size", json!("huge")), "data.size", "small, large"),
        (with("tags", json!([])), "data.tags", "at least 1"),
        (with("tags", json!(["a", "b", "c"])), "data.tags", "at most 2"),
        (with("tags", json!(["a", "a"])), "data.tags", "once"),
        (with("tags", json!(["z"])), "data.tags.0", "a, b, c"),
        (with("tags", json!("a")), "data.tags", "list"),
        (with("people", json!(0)), "data.people", "1 or more"),
        (with("people", json!(5001)), "data.people", "5000 or less"),
        (with("people", json!(1.5)), "data.people", "whole number"),
        (with("people", json!("many")), "data.people", "whole number"),
        (with("share", json!(0)), "data.share", "more than 0"),
        (with("share", json!(100)), "data.share", "less than 100"),
        (with("share", json!(0.3)), "data.share", "multiple of 0.5"),
        (with("public", json!("yes")), "data.public", "true or false"),
        (with("tax", json!({})), "data.tax.vat", "required"),
        (with("tax", json!({ "vat": "1", "x": 1 })), "data.tax.x", "no question of this name"),
        (with("tax", json!(5)), "data.tax", "object"),
        (with("other", json!(1)), "data.other", "no question of this name"),
        (with("about", json!("a\u{7}b")), "data.about", "control character"),
        (with("about", json!("x".repeat(MAX_ANSWER + 1))), "data.about", "at most"),
        (json!([]), "data", "object"),
    ] {
        let refusal = form().check(&data).expect_err("a refusal");
        let told = refusal.problems.iter().any(|p| p.field == field && p.text.to_string().contains(words));
        assert!(told, "{data}: {refusal}");
    }
    let large: Value = serde_json::from_str(r#"{"people":1e999999999}"#).expect("JSON");
    assert_eq!(fields(form().check(&large).expect_err("a refusal")), ["data.people"]);
    // A draft may be incomplete, not hostile.
    assert_eq!(form().check_size(&json!({ "people": "many" })), Ok(()));
    assert_eq!(fields(form().check_size(&json!({ "nobody": 1 })).expect_err("a refusal")), ["data.nobody"]);
}

/// What a page sends, as pairs.
fn typed(pairs: &[(&str, &str)]) -> Value {
    form().typed(|name| pairs.iter().filter(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()).collect())
}

#[test]
fn what_is_typed_becomes_answers_and_stands_in_the_fields_again() {
    let pairs = [
        ("data.zip", " 88131 "),
        ("data.people", "12"),
        ("data.share", "0.5"),
        ("data.agreed", "yes"),
        ("data.tags", "a"),
        ("data.tags", "c"),
        ("data.size", ""),
        ("data.tax.vat", "DE1"),
        ("data.unknown", "x"),
    ];
    let data = typed(&pairs);
    let same = json!({ "zip": "88131", "people": 12, "share": 0.5, "agreed": true, "public": false, "tags": ["a", "c"], "tax": { "vat": "DE1" } });
    assert_eq!(data, same);
    assert_eq!(form().check(&data), Ok(()));
    let again = form().filled(&data);
    assert_eq!(typed(&again.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>()), data);
    // A group that nobody touched is not answered; what is no number is kept to be shown.
    assert_eq!(typed(&[("data.people", "many")]), json!({ "people": "many", "agreed": false, "public": false }));
    assert!(form().filled(&json!({ "people": "many" })).contains(&("data.people".to_owned(), "many".to_owned())));
}

#[test]
fn answers_are_read_by_the_titles_of_their_questions() {
    let said = form().said(&json!({ "zip": "1", "agreed": true, "tags": ["a", "b"], "tax": { "vat": "DE1" } }));
    let words: Vec<(String, String)> =
        said.iter().filter_map(|s| Some((s.question(), s.answer.as_ref()?.to_string()))).collect();
    let pairs = [("Postal code", "1"), ("tags", "a, b"), ("agreed", "Yes"), ("Tax: vat", "DE1")];
    assert_eq!(words, pairs.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(form().presets(), json!({ "size": "small" }));
}

#[test]
fn what_became_other_is_told_question_by_question() {
    let long = "x".repeat(300);
    let before = json!({ "zip": "1", "agreed": false, "about": format!("{long}a"), "size": "small" });
    let after = json!({ "zip": "2", "agreed": true, "about": format!("{long}b"), "size": "small" });
    let changes = form().changes(&form(), &before, &after);
    let told: Vec<(&str, &str, &str, bool)> = changes
        .iter()
        .map(|c| {
            (c.question.as_str(), c.before.get(..1).unwrap_or_default(), c.after.get(..1).unwrap_or_default(), c.words)
        })
        .collect();
    assert_eq!(told, [("Postal code", "1", "2", false), ("about", "x", "x", false), ("agreed", "N", "Y", true)]);
    assert!(changes[1].before != changes[1].after && changes[1].after.chars().count() == 201);
    assert_eq!(form().changes(&form(), &after, &after), []);
    // A question that is gone says what was answered to it.
    let newer = Schema::read(r#"{"type":"object","properties":{"zip":{"type":"string","title":"Postal code"}}}"#);
    let newer = newer.expect("a schema");
    let gone = newer.changes(&form(), &json!({ "zip": "1", "size": "small" }), &json!({ "zip": "1" }));
    assert_eq!((gone.len(), gone[0].question.as_str(), gone[0].before.as_str()), (1, "size", "small"));
    // What still fits is what is right in the newer form.
    let old =
        json!({ "zip": "abc", "people": 3, "size": "huge", "tags": ["a"], "tax": { "vat": "1", "gone": "2" }, "x": 1 });
    assert_eq!(form().fitting(&old), json!({ "people": 3, "tags": ["a"], "tax": { "vat": "1" } }));
}

fn some_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\\PC]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec(("(type|properties|items|enum|zip|tax|vat|tags|[a-z]{1,3})", inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever somebody's program sends is answered: as a schema and as answers.
    #[test]
    fn nothing_that_is_sent_breaks_the_reader(value in some_json()) {
        let _ = Schema::read(&value.to_string());
        let form = form();
        let good = form.check(&value).is_ok();
        let fitting = form.fitting(&value);
        prop_assert!(form.check_size(&fitting).is_ok());
        prop_assert!(!good || form.said(&value).len() == 13);
        let _ = (form.filled(&value), form.changes(&form, &value, &fitting));
    }
}

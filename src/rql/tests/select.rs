//! What `select(…)` does to a representation.

use serde_json::json;

use super::super::Selection;
use super::read;

#[test]
fn drops_and_shows() {
    let query = read("select(-a.b,-c,-params.value,-x__y,template,pending_request.template)");
    let selection = Selection::new(&query.select);
    let mut object = json!({
        "a": {"b": 1, "d": 2}, "c": [1], "params": [{"id": "p", "value": "v"}, {"value": {"z": 1}}], "x": {"y": 1}, "e": null
    });
    selection.prune(&mut object);
    assert_eq!(object, json!({"a": {"d": 2}, "params": [{"id": "p"}, {}], "x": {}, "e": null}));
    assert!(
        selection.shows("template")
            && selection.shows("pending_request")
            && selection.shows("pending_request.template")
    );
    assert!(!selection.shows("a") && !selection.shows("a.b") && !selection.shows("temp"));
    assert!(selection.drops("c") && selection.drops("c.d") && selection.drops("a.b"));
    assert!(!selection.drops("a") && !selection.drops("cd"));
    let mut text = json!("untouched");
    selection.prune(&mut text);
    assert_eq!(text, json!("untouched"));
}

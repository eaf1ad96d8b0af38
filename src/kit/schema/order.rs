//! In which order the questions of a form were written. JSON objects have none, people who write forms do.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The names of an object's properties as they were written, each with the names of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order(Vec<(String, Order)>);

/// No order: what is not known is sorted by name.
static NONE: Order = Order(Vec::new());

impl Order {
    /// Of the schema in a text. What is no schema has none.
    pub fn of(text: &str) -> Self {
        serde_json::from_str::<Level>(text).map(|level| level.properties).unwrap_or_default()
    }

    /// Of the schema that is the member `schema` of a JSON object.
    pub fn of_body(body: &[u8]) -> Self {
        serde_json::from_slice::<Body>(body).map(|body| body.schema.properties).unwrap_or_default()
    }

    /// The order within a property.
    pub fn within(&self, name: &str) -> &Self {
        self.0.iter().find(|(known, _)| known == name).map_or(&NONE, |(_, order)| order)
    }

    /// The names of an object in this order, then those that it does not know.
    pub fn sorted<'m>(&self, map: &'m Map<String, Value>) -> Vec<&'m String> {
        let mut names: Vec<&String> = map.keys().collect();
        names.sort_by_key(|name| {
            let place = self.0.iter().position(|(known, _)| known == *name).unwrap_or(usize::MAX);
            (place, (*name).clone())
        });
        names
    }
}

/// An object with properties.
#[derive(Deserialize)]
struct Level {
    #[serde(default)]
    properties: Order,
}

/// An object with a schema in it.
#[derive(Deserialize)]
struct Body {
    schema: Level,
}

impl<'de> Deserialize<'de> for Order {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Names).map(Self)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<(String, Order)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut all = vec![];
        while let Some((name, level)) = map.next_entry::<String, Level>()? {
            all.push((name, level.properties));
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(order: &Order, map: &Value) -> Vec<String> {
        order.sorted(map.as_object().expect("an object")).into_iter().cloned().collect()
    }

    #[test]
    fn properties_keep_the_order_in_which_they_were_written() {
        let text = r#"{"type":"object","properties":{"z":{"type":"number","minimum":1.5},"a":{"properties":{"y":{},"b":{}}}}}"#;
        let order = Order::of(text);
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(names(&order, &value["properties"]), ["z", "a"]);
        assert_eq!(names(order.within("a"), &value["properties"]["a"]["properties"]), ["y", "b"]);
        assert_eq!(names(order.within("z"), &serde_json::json!({ "q": 1, "b": 2 })), ["b", "q"]);
        let body = format!(r#"{{"name":"x","schema":{text},"type":"enroll"}}"#);
        assert_eq!(Order::of_body(body.as_bytes()), order);
        for bad in ["", "[]", "5", r#"{"properties":5}"#, r#"{"properties":{"a":true}}"#] {
            assert_eq!(Order::of(bad), Order::default(), "{bad}");
            assert_eq!(Order::of_body(bad.as_bytes()), Order::default(), "{bad}");
        }
    }
}

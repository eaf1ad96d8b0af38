//! `/api-docs`: the description of the API as a page to read, made from the document that programs get.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::cell::Cell;
use super::layout::Page;
use super::parts::Head;
use super::table::{Boxed, Column, Row};
use super::{Ctx, Error};
use crate::kit::Text;
use crate::rest::openapi::Description;
use crate::rest::{CONNECT_VERSION, PREFIX};
use crate::web::button::Button;
use crate::web::filters;

/// One kind of object.
struct Object {
    name: String,
    fields: Boxed,
}

#[derive(Template)]
#[template(path = "web/api_docs.html")]
struct ApiDocs {
    page: Page,
    head: Head,
    operations: Boxed,
    objects: Vec<Object>,
}

/// The page.
pub async fn page(ctx: Ctx, description: web::Data<Description>) -> Result<HttpResponse, Error> {
    let document = &description.0;
    let lede = Text::new(
        "Everything is below {prefix}. A program sends its key in the header Authorization; lists take RQL filters, limit and offset. Version {version}.",
    )
    .arg("prefix", PREFIX)
    .arg("version", CONNECT_VERSION);
    let head = Head::new("API")
        .lede(lede)
        .action(Button::link("OpenAPI document", format!("{PREFIX}/openapi.json")).icon("download"));
    let objects = entries(&document["components"]["schemas"])
        .map(|(name, schema)| Object { name: name.clone(), fields: fields(name, schema) })
        .collect();
    let docs = ApiDocs { page: ctx.page("API"), head, operations: operations(document), objects };
    ctx.render(&docs)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn operations(document: &Value) -> Boxed {
    let mut rows = vec![];
    for (path, methods) in entries(&document["paths"]) {
        for (method, operation) in entries(methods) {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            rows.push(Row::new(
                format!("{method} {path}"),
                vec![
                    Cell::data(format!("{} {path}", method.to_uppercase())).strong().wrap(),
                    Cell::data(words(&operation["summary"])).sub(Cell::data(words(&operation["description"]))).wrap(),
                    if body.is_null() { Cell::nothing() } else { kind_of(body) },
                    answer(operation),
                ],
            ));
        }
    }
    let columns = vec![
        Column::new("path", "Call"),
        Column::new("summary", "What it does").grows(),
        Column::new("takes", "Takes"),
        Column::new("gives", "Answers"),
    ];
    Boxed::new("Calls", columns, rows).cards()
}

/// What a call answers when it succeeds.
fn answer(operation: &Value) -> Cell {
    let Some((status, response)) = entries(&operation["responses"]).find(|(status, _)| status.starts_with('2')) else {
        return Cell::nothing();
    };
    match response["content"].get("application/json") {
        Some(content) => kind_of(&content["schema"]).sub(Cell::data(status)),
        None => Cell::data(status),
    }
}

fn fields(name: &str, schema: &Value) -> Boxed {
    let required = |field: &str| schema["required"].as_array().is_some_and(|r| r.iter().any(|f| f == field));
    let rows = entries(&schema["properties"])
        .map(|(field, kind)| {
            let always = if required(field) { Cell::text("always") } else { Cell::text("sometimes") };
            let about = Cell::data(words(&kind["description"])).wrap();
            Row::new(field, vec![Cell::data(field).strong(), kind_of(kind), always, about])
        })
        .collect::<Vec<_>>();
    let columns = vec![
        Column::new("field", "Field"),
        Column::new("type", "Type"),
        Column::new("there", "There"),
        Column::new("about", "About").grows(),
    ];
    if rows.is_empty() {
        let row = Row::new(name, vec![Cell::nothing(), kind_of(schema), Cell::nothing(), choices(schema)]);
        return Boxed::new(Text::data(name), columns, vec![row]).cards();
    }
    Boxed::new(Text::data(name), columns, rows).cards()
}

/// The words that a text may be.
fn choices(schema: &Value) -> Cell {
    let list: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if list.is_empty() { Cell::data(words(&schema["description"])).wrap() } else { Cell::data(list.join(", ")).wrap() }
}

/// A type, with a link if it is described on this page.
fn kind_of(schema: &Value) -> Cell {
    if let Some(name) = named(schema) {
        return Cell::link(name, format!("#{name}"));
    }
    if let Some(name) = named(&schema["items"]) {
        return Cell::link(format!("[{name}]"), format!("#{name}"));
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(name) = schema[several].as_array().into_iter().flatten().find_map(named) {
            return Cell::link(name, format!("#{name}"));
        }
    }
    Cell::data(match &schema["type"] {
        Value::Array(types) => types.iter().map(words).collect::<Vec<_>>().join(" / "),
        other => words(other),
    })
}

fn named(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

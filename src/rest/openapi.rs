//! The description of the API, made from the routes.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::web::endpoint::{Endpoint, Who};

type Parts = Vec<(String, RefOr<Schema>)>;

/// A type as the description knows it: its own schema and those it mentions.
#[derive(Clone, Copy)]
pub struct Type {
    name: fn() -> String,
    parts: fn() -> Parts,
}

impl Type {
    /// The type `T`.
    pub fn of<T: ToSchema + PartialSchema>() -> Self {
        Self {
            name: || T::name().into_owned(),
            parts: || {
                let mut parts = vec![(T::name().into_owned(), T::schema())];
                T::schemas(&mut parts);
                parts
            },
        }
    }

    fn reference(&self) -> Value {
        json!({ "$ref": format!("#/components/schemas/{}", (self.name)()) })
    }
}

/// What an endpoint answers.
#[derive(Clone, Copy)]
pub enum Reply {
    /// A list of these, with `Content-Range`.
    List(Type),
    /// One of these, with this status.
    One(u16, Type),
    /// What became of each of several, with this status.
    Several(u16, Type),
    /// Nothing, 204.
    Empty,
    /// A text for people, in Markdown.
    Words,
    /// Bytes that are not JSON.
    File,
}

/// What an endpoint takes and answers.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The JSON body; none if it takes none.
    pub takes: Option<Type>,
    /// The answer.
    pub gives: Reply,
}

impl Shape {
    /// A list.
    pub fn list<T: ToSchema + PartialSchema>() -> Self {
        Self { takes: None, gives: Reply::List(Type::of::<T>()) }
    }

    /// One object, 200.
    pub fn one<T: ToSchema + PartialSchema>() -> Self {
        Self { takes: None, gives: Reply::One(200, Type::of::<T>()) }
    }

    /// A new object, 201.
    pub fn created<T: ToSchema + PartialSchema>() -> Self {
        Self { takes: None, gives: Reply::One(201, Type::of::<T>()) }
    }

    /// No content, 204.
    pub fn empty() -> Self {
        Self { takes: None, gives: Reply::Empty }
    }

    /// Bytes that are not JSON, or where they are.
    pub fn file() -> Self {
        Self { takes: None, gives: Reply::File }
    }

    /// With a JSON body of this type.
    #[must_use]
    pub fn takes<T: ToSchema + PartialSchema>(mut self) -> Self {
        self.takes = Some(Type::of::<T>());
        self
    }
}

/// The document that a running program hands out.
pub struct Description(pub Value);

/// Hands out the document.
pub async fn describe(description: web::Data<Description>) -> HttpResponse {
    HttpResponse::Ok().json(&description.0)
}

/// The OpenAPI 3.1 document of the given endpoints.
pub fn document(endpoints: &[Endpoint]) -> Value {
    let mut components = ComponentsBuilder::new();
    let error = Type::of::<super::error::ErrorBody>();
    let mut paths = serde_json::Map::new();
    components = components.schemas_from_iter((error.parts)());
    for endpoint in endpoints {
        let Some(shape) = endpoint.shape else { continue };
        for part in shape.takes.iter().chain(match &shape.gives {
            Reply::List(t) | Reply::One(_, t) | Reply::Several(_, t) => Some(t),
            Reply::Empty | Reply::Words | Reply::File => None,
        }) {
            components = components.schemas_from_iter((part.parts)());
        }
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_ascii_lowercase()] = operation(endpoint, &shape, &error);
    }
    let frame = OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Causeway").version(env!("CARGO_PKG_VERSION")).build())
        .components(Some(components.build()))
        .build();
    let mut document = serde_json::to_value(frame).unwrap_or_default();
    document["servers"] = json!([{ "url": super::PREFIX }]);
    document["components"]["securitySchemes"] = json!({ "ApiKey": { "type": "apiKey", "in": "header", "name": "Authorization", "description": "ApiKey SU-…:secret" } });
    document["security"] = json!([{ "ApiKey": [] }]);
    document["paths"] = Value::Object(paths);
    document
}

/// Who may make a call, as a sentence.
fn needs(who: Who) -> String {
    match who {
        Who::Anyone | Who::Guest => "Needs no token.".to_owned(),
        Who::Person | Who::AnyMember => "Needs a token.".to_owned(),
        Who::Member(module, level) => format!("Needs the permission {level} in {}.", module.title()),
        Who::Operator(module, level) => {
            format!("For the operator of the deployment; needs the permission {level} in {}.", module.title())
        }
        Who::Only(roles, module, level) => {
            let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            format!("For a {}; needs the permission {level} in {}.", roles.join(" or "), module.title())
        }
    }
}

fn operation(endpoint: &Endpoint, shape: &Shape, error: &Type) -> Value {
    let mut parameters: Vec<Value> = endpoint
        .path
        .split('/')
        .filter_map(|s| s.strip_prefix('{').and_then(|s| s.strip_suffix('}')))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let mut responses = serde_json::Map::new();
    match &shape.gives {
        Reply::List(t) => {
            for (name, text) in [
                ("limit", "How many, at most 1000."),
                ("offset", "How many to pass over."),
                ("search", "Text to look for."),
            ] {
                parameters
                    .push(json!({ "name": name, "in": "query", "description": text, "schema": { "type": "string" } }));
            }
            responses.insert(
                "200".into(),
                json!({ "description": "The objects.", "content": content(json!({ "type": "array", "items": t.reference() })),
                    "headers": { "Content-Range": { "description": "items FIRST-LAST/TOTAL", "schema": { "type": "string" } } } }),
            );
        }
        Reply::One(status, t) => {
            responses
                .insert(status.to_string(), json!({ "description": "The object.", "content": content(t.reference()) }));
        }
        Reply::Several(status, t) => {
            let each = json!({ "type": "array", "items": t.reference() });
            responses.insert(status.to_string(), json!({ "description": "The objects.", "content": content(each) }));
        }
        Reply::Empty => {
            responses.insert("204".into(), json!({ "description": "Done." }));
        }
        Reply::Words => {
            let text = json!({ "text/markdown": { "schema": { "type": "string" } } });
            responses.insert("200".into(), json!({ "description": "The text.", "content": text }));
        }
        Reply::File => {
            let kinds = json!({
                "application/pdf": { "schema": { "type": "string", "format": "binary" } },
                "text/markdown": { "schema": { "type": "string" } },
            });
            responses.insert("200".into(), json!({ "description": "The document.", "content": kinds }));
            responses.insert("302".into(), json!({ "description": "The file lies elsewhere: `Location` says where." }));
        }
    }
    let mut refused = vec![
        ("400", "Something sent is wrong, or the object's state does not allow this."),
        ("404", "No such object, or not yours."),
        ("429", "Too many calls of late: `Retry-After` says in how many seconds to go on."),
        ("503", "It took too long and was stopped: ask for less at once."),
    ];
    if endpoint.who != Who::Anyone {
        refused.extend([("401", "No usable token."), ("403", "You may not do this.")]);
    }
    if endpoint.method != Method::GET {
        refused.push(("409", "It exists already, or somebody was faster."));
        refused.push(("413", "More was sent than is taken at once."));
    }
    for (status, text) in refused {
        responses.insert(status.into(), json!({ "description": text, "content": content(error.reference()) }));
    }
    let mut operation = json!({ "summary": endpoint.summary, "description": needs(endpoint.who), "parameters": parameters, "responses": responses });
    if let Some(body) = shape.takes {
        operation["requestBody"] = json!({ "content": content(body.reference()) });
    }
    operation
}

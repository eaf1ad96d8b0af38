//! `/accounts` and `/industries` of the API.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::own;
use super::pictures::{settle, with_picture};
use crate::flows::accounts::actions::{self, Icon, Upload};
use crate::flows::accounts::model::{
    AccountStatus, Company, CompanyWords, Grants, INDUSTRIES, MAX_INDUSTRIES, industry_name,
};
use crate::flows::accounts::store;
use crate::kit::{Events, NamedRef, Problems, Refusal, Role, Text, country, language};
use crate::rest::{Caller, Error, Fields};

/// What a company may do with agreements of one type.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgramPermissions {
    /// It may make them.
    pub create: bool,
}

/// What a company may do with service agreements.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServicePermissions {
    /// It may make them.
    pub create: bool,
    /// It may give others these rights.
    pub delegate: bool,
}

/// What a company may do with agreements.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementPermissions {
    /// With those for vendors.
    pub program: ProgramPermissions,
    /// With those for resellers.
    pub service: ServicePermissions,
}

/// What a company may do besides using its portal.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountPermissions {
    /// With agreements.
    pub agreement: AgreementPermissions,
}

impl From<Grants> for AccountPermissions {
    fn from(g: Grants) -> Self {
        Self {
            agreement: AgreementPermissions {
                program: ProgramPermissions { create: g.program_create },
                service: ServicePermissions { create: g.service_create, delegate: g.service_delegate },
            },
        }
    }
}

/// A company on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// `VA-123-456` or `PA-123-456`
    id: String,
    /// Its name.
    name: String,
    /// Vendor or provider.
    #[serde(rename = "type")]
    kind: String,
    /// What it is.
    role: Role,
    /// The owner's number for it.
    external_id: String,
    /// Path of its logo.
    icon: Option<String>,
    /// A few sentences.
    description: String,
    /// More of them, in Markdown.
    overview: String,
    /// Where it sits.
    headquarters: String,
    /// Codes of the countries it works in.
    countries: Vec<String>,
    /// Codes of the languages it speaks.
    languages: Vec<String>,
    /// Its websites.
    websites: Vec<String>,
    /// What it works for.
    industries: Vec<NamedRef>,
    /// There is no public catalogue, so it is in none.
    public: bool,
    /// Nor one through which products are offered to other providers.
    sourcing: bool,
    /// What it may do besides using its portal.
    permissions: AccountPermissions,
    /// Where it stands.
    status: AccountStatus,
    /// When it was created and changed.
    events: Events,
}

/// Industries by their ids.
pub fn industries_of(ids: &[String]) -> Vec<NamedRef> {
    let named = |id: &String| Some(NamedRef { id: id.clone(), name: industry_name(id)?.to_owned() });
    ids.iter().filter_map(named).collect()
}

impl From<Company> for Account {
    fn from(c: Company) -> Self {
        let p = c.profile;
        Self {
            id: c.id.to_string(),
            name: c.name,
            kind: c.role.wire_type().to_owned(),
            role: c.role,
            external_id: c.external_id.unwrap_or_default(),
            icon: c.icon,
            description: p.description,
            overview: p.overview,
            headquarters: p.headquarters,
            countries: p.countries,
            languages: p.languages,
            websites: p.websites,
            industries: industries_of(&p.industries),
            public: false,
            sourcing: false,
            permissions: c.grants.into(),
            status: c.status,
            events: c.events,
        }
    }
}

/// The companies that a token sees: its own, and the sub-accounts of that.
pub async fn accounts(caller: Caller) -> Result<HttpResponse, Error> {
    caller
        .list(&store::ACCOUNTS, |tx, actor, ids, _| {
            Ok(store::companies(tx, actor, ids)?.into_iter().map(Account::from).collect())
        })
        .await
}

/// One company.
pub async fn account(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    caller
        .one(move |tx, actor| {
            let found = store::companies(tx, actor, std::slice::from_ref(&id))?.pop();
            Ok(Account::from(found.ok_or_else(|| Refusal::not_found("account", id))?))
        })
        .await
}

/// Changes the own company. What is absent, read-only or unknown is passed over.
pub async fn edit_account(
    caller: Caller,
    req: HttpRequest,
    payload: web::Payload,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    own(caller.actor(), &id)?;
    let (caller, icon) = with_picture(caller, &req, payload, "icon").await?;
    let fields = match caller.fields() {
        Ok(fields) => fields,
        Err(e) => {
            settle(&caller, icon).await;
            return Err(e);
        }
    };
    let picture = icon.clone();
    let answer = caller
        .act(200, move |tx, actor| {
            own(actor, &id)?;
            actions::edit_company(tx, actor, None, logo(&fields, picture.as_ref()), |old| apply(&fields, old.words()))?;
            Ok(Account::from(actions::company(tx, actor)?))
        })
        .await;
    settle(&caller, icon).await;
    answer
}

/// A file takes the place of the logo, and null takes it away.
fn logo<'a>(fields: &Fields, picture: Option<&'a Upload>) -> Icon<'a> {
    match picture {
        Some(picture) => Icon::New(picture),
        None if fields.is_null("icon") => Icon::Remove,
        None => Icon::Keep,
    }
}

/// Puts what a body says over the words there are.
fn apply(fields: &Fields, mut words: CompanyWords) -> Result<CompanyWords, Refusal> {
    let mut problems = Problems::default();
    if let Some(name) = fields.text("name", &mut problems) {
        words.name = name;
    }
    for (name, slot) in [
        ("external_id", &mut words.external_id),
        ("description", &mut words.description),
        ("overview", &mut words.overview),
        ("headquarters", &mut words.headquarters),
    ] {
        if let Some(text) = fields.text_or_empty(name, &mut problems) {
            *slot = text;
        }
    }
    for (name, max, slot) in [
        ("countries", country::COUNTRIES.len(), &mut words.countries),
        ("languages", language::LANGUAGES.len(), &mut words.languages),
        ("websites", 100, &mut words.websites),
        ("industries", MAX_INDUSTRIES.max(100), &mut words.industries),
    ] {
        if let Some(texts) = texts(fields, name, max, &mut problems) {
            *slot = texts;
        }
    }
    problems.done()?;
    Ok(words)
}

/// A list of texts, or of objects with an id; null is an empty one, and nothing is said of an absent one.
fn texts(fields: &Fields, name: &str, max: usize, problems: &mut Problems) -> Option<Vec<String>> {
    if !fields.has(name) {
        return None;
    }
    let path = fields.path(name);
    let values = match fields.value(name) {
        None => return Some(vec![]),
        Some(Value::Array(values)) if values.len() <= max => values,
        Some(Value::Array(values)) => {
            let text = Text::new("This has {count} entries; at most {max} are allowed.");
            problems.add(&path, text.arg("count", values.len()).arg("max", max));
            return None;
        }
        Some(_) => {
            problems.add(&path, Text::new("This is not a list."));
            return None;
        }
    };
    let mut found = vec![];
    for (n, value) in values.iter().enumerate() {
        let text = value.as_str().or_else(|| value.get("id").and_then(Value::as_str));
        match text {
            Some(text) => found.push(text.to_owned()),
            None => problems.add(&format!("{path}.{n}"), Text::new("This is neither a text nor an object with an id.")),
        }
    }
    Some(found)
}

/// Every industry.
pub async fn industries(caller: Caller) -> Result<HttpResponse, Error> {
    let all = INDUSTRIES.iter().map(|(id, name)| NamedRef { id: (*id).to_owned(), name: (*name).to_owned() });
    caller.whole(&all.collect::<Vec<_>>())
}

/// One industry.
pub async fn industry(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = path.into_inner();
    caller
        .one(move |_, _| {
            let name = industry_name(&id).ok_or_else(|| Refusal::not_found("industry", &id))?;
            Ok(NamedRef { id, name: name.to_owned() })
        })
        .await
}

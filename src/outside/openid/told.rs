//! What a provider tells of somebody, as far as it is used.

use openidconnect::{AdditionalClaims, EndUserEmail, EndUserName, LocalizedClaim};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Wrong, wrong};
use crate::kit::Text;

/// Most groups that a provider may name of somebody. Who is in more is not let in: to read some of them only would take
/// groups away that the person has.
const MOST_GROUPS: usize = 1_000;
/// Most bytes of a group's name; a longer one is nobody's external id.
const LONGEST_GROUP: usize = 256;
/// Where a provider names the claims that it keeps elsewhere, because there is too much in them.
const ELSEWHERE: &str = "_claim_names";
/// Ways of signing in (RFC 8176) that are, or stand for, more than one factor.
const TWO_FACTORS: [&str; 2] = ["mfa", "mca"];
/// Ways that are a second factor beside a password.
const SECOND: [&str; 7] = ["otp", "hwk", "swk", "sms", "tel", "sc", "face"];

/// All claims of an ID token, or of what is told when it is asked for, by their names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Told {}

impl Told {
    /// The groups in a claim: a list of texts, or one text. What is no text is passed over. Nothing if there is no such claim, or
    /// none is asked for.
    pub fn groups(&self, claim: Option<&str>) -> Result<Option<Vec<String>>, Wrong> {
        let Some(claim) = claim else { return Ok(None) };
        let Some(value) = self.all.get(claim) else {
            let kept = self.all.get(ELSEWHERE).is_some_and(|names| names.get(claim).is_some());
            return if kept { Err(too_many(claim)) } else { Ok(None) };
        };
        let values = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        if values.len() > MOST_GROUPS {
            return Err(too_many(claim));
        }
        let texts = values.iter().filter_map(Value::as_str).filter(|text| text.len() <= LONGEST_GROUP);
        Ok(Some(texts.map(str::to_owned).collect()))
    }
}

fn too_many(claim: &str) -> Wrong {
    let text = "The provider names more of your groups than it sends, or than are read here ({max}). Its operator lets it send those \
                alone in {claim} that this portal has to know.";
    wrong(Text::new(text).arg("max", MOST_GROUPS).arg("claim", claim))
}

/// Who somebody is, as a provider tells it.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub email: Option<String>,
    pub verified: bool,
    pub name: Option<String>,
}

impl Known {
    pub fn of(
        email: Option<&EndUserEmail>,
        verified: Option<bool>,
        name: Option<&LocalizedClaim<EndUserName>>,
    ) -> Self {
        Self {
            email: email.map(|email| email.as_str().to_owned()),
            verified: verified == Some(true),
            name: name.and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
        }
    }

    /// This, and what another says where this says nothing. Whether an address was checked goes with the address.
    pub fn or(self, other: Self) -> Self {
        let name = self.name.or(other.name);
        match self.email {
            Some(_) => Self { name, ..self },
            None => Self { name, ..other },
        }
    }
}

/// Whether the words of a provider about a sign-in mean more than one factor.
pub(super) fn shows_two_factors(methods: Vec<&str>, context: Option<&str>) -> bool {
    let told = methods.iter().any(|m| TWO_FACTORS.contains(m));
    let both = methods.contains(&"pwd") && methods.iter().any(|m| SECOND.contains(m));
    let levels = [
        "phr",
        "phrh",
        "mfa",
        "https://refeds.org/profile/mfa",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    ];
    told || both || context.is_some_and(|acr| levels.contains(&acr))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_for_two_factors() {
        for (methods, context, two) in [
            (vec![], None, false),
            (vec!["pwd"], None, false),
            (vec!["otp"], None, false),
            (vec!["pwd", "otp"], None, true),
            (vec!["pwd", "mfa"], None, true),
            (vec!["hwk", "pin"], None, false),
            (vec![], Some("0"), false),
            (vec![], Some("phr"), true),
        ] {
            assert_eq!(shows_two_factors(methods.clone(), context), two, "{methods:?} {context:?}");
        }
    }

    #[test]
    fn groups_are_texts_and_not_too_many() {
        let told = |value: Value| Told { all: [("groups".to_owned(), value)].into_iter().collect() };
        let read = |value: Value| told(value).groups(Some("groups"));
        let many = |n: usize| Value::from((0..n).map(|n| format!("g{n}")).collect::<Vec<_>>());
        let long = "x".repeat(LONGEST_GROUP + 1);
        for (value, found) in [
            (json!(["a", "b"]), vec!["a", "b"]),
            (json!("a"), vec!["a"]),
            (json!([]), vec![]),
            (json!(null), vec![]),
            (json!(7), vec![]),
            (json!({ "a": "b" }), vec![]),
            (json!([1, "a", null, ["b"], { "c": 1 }, true, long]), vec!["a"]),
        ] {
            let expected: Vec<String> = found.into_iter().map(str::to_owned).collect();
            assert_eq!(read(value.clone()).unwrap(), Some(expected), "{value}");
        }
        assert_eq!(read(many(MOST_GROUPS)).unwrap().map(|all| all.len()), Some(MOST_GROUPS));
        assert!(read(many(MOST_GROUPS + 1)).is_err() && read(many(10_000)).is_err());
        assert_eq!(told(json!([])).groups(None).unwrap(), None);
        assert_eq!(told(json!([])).groups(Some("roles")).unwrap(), None);
        let kept = Told { all: json!({ "_claim_names": { "groups": "src1" } }).as_object().unwrap().clone() };
        assert!(kept.groups(Some("groups")).is_err() && kept.groups(Some("roles")).unwrap().is_none());
    }
}

//! What a company says about itself, and what it may do besides using its portal.

use url::Url;

use super::industry::industry_name;
use super::people::ContactTag;
use super::{AccountStatus, Grants};
use crate::kit::{AccountId, Events, NamedRef, Problems, Refusal, Role, Text, country, language};

/// Most characters of a company's name.
pub const MAX_NAME: usize = 64;
/// Most characters of the overview.
pub const MAX_OVERVIEW: usize = 20_000;
/// Most websites of a company.
pub const MAX_WEBSITES: usize = 10;
/// Most characters of one website's address.
const MAX_WEBSITE: usize = 200;
/// Most industries of a company.
pub const MAX_INDUSTRIES: usize = 10;
/// Most characters of the reason for which an account is closed or opened again.
pub const MAX_REASON: usize = 300;

crate::word_enum! {
    /// Who has closed an account. Those above them may open it again: the company above what its sub-accounts and itself
    /// have closed, the operator everything.
    pub enum Closer {
        /// Its own people.
        Own = "own",
        /// Those of the company above it.
        Above = "above",
        /// The operator of the deployment.
        Operator = "operator",
    }
}

impl Closer {
    /// Who that is.
    pub fn words(self) -> &'static str {
        match self {
            Self::Own => "Its own people",
            Self::Above => "The account above it",
            Self::Operator => "The operator of this portal",
        }
    }
}

/// What a company tells its partners about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CompanyProfile {
    /// A few sentences.
    pub description: String,
    /// More of them, in Markdown.
    pub overview: String,
    /// Where it sits.
    pub headquarters: String,
    /// Codes of the countries it works in.
    pub countries: Vec<String>,
    /// Codes of the languages it speaks.
    pub languages: Vec<String>,
    /// Addresses of its websites.
    pub websites: Vec<String>,
    /// Ids of the industries it works for.
    pub industries: Vec<String>,
}

/// A company as its own people, and those of the company above it, see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Which.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Where it stands.
    pub status: AccountStatus,
    /// Who has closed it, if it is closed.
    pub closed_by: Option<Closer>,
    /// The owner's number for it.
    pub external_id: Option<String>,
    /// Path of its logo.
    pub icon: Option<String>,
    /// What it tells about itself.
    pub profile: CompanyProfile,
    /// What it may do besides using its portal.
    pub grants: Grants,
    /// The company that it is a sub-account of.
    pub parent: Option<NamedRef>,
    /// When it was created and changed.
    pub events: Events,
    /// Counts the changes.
    pub revision: i64,
}

/// Somebody of a company whom its partners may turn to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// For what.
    pub tag: ContactTag,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// What somebody says about a company.
#[derive(Debug, Clone, Default)]
pub struct CompanyWords {
    /// Its name.
    pub name: String,
    /// The owner's number for it; may be empty.
    pub external_id: String,
    /// A few sentences; may be empty.
    pub description: String,
    /// Markdown; may be empty.
    pub overview: String,
    /// Where it sits; may be empty.
    pub headquarters: String,
    /// Codes or English names of countries.
    pub countries: Vec<String>,
    /// Codes or English names of languages.
    pub languages: Vec<String>,
    /// Addresses of websites.
    pub websites: Vec<String>,
    /// Ids of industries.
    pub industries: Vec<String>,
}

/// A company's words, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodCompany {
    /// Its name.
    pub name: String,
    /// The owner's number for it.
    pub external_id: Option<String>,
    /// What it tells about itself.
    pub profile: CompanyProfile,
}

impl Company {
    /// Whether it was closed, and not by the operator.
    pub fn is_closed_by_others(&self) -> bool {
        self.closed_by.is_some_and(|closer| closer != Closer::Operator)
    }

    /// The company that it is a sub-account of.
    pub fn above(&self) -> Option<AccountId> {
        self.parent.as_ref().and_then(|above| AccountId::parse(&above.id))
    }

    /// Its words, to be changed.
    pub fn words(&self) -> CompanyWords {
        let p = &self.profile;
        CompanyWords {
            name: self.name.clone(),
            external_id: self.external_id.clone().unwrap_or_default(),
            description: p.description.clone(),
            overview: p.overview.clone(),
            headquarters: p.headquarters.clone(),
            countries: p.countries.clone(),
            languages: p.languages.clone(),
            websites: p.websites.clone(),
            industries: p.industries.clone(),
        }
    }
}

impl CompanyWords {
    /// Checks everything at once.
    pub fn check(&self, problems: &mut Problems) -> GoodCompany {
        GoodCompany {
            name: problems.text("name", &self.name, MAX_NAME),
            external_id: problems.optional("external_id", &self.external_id, 100),
            profile: CompanyProfile {
                description: problems.optional("description", &self.description, 512).unwrap_or_default(),
                overview: problems.optional("overview", &self.overview, MAX_OVERVIEW).unwrap_or_default(),
                headquarters: problems.optional("headquarters", &self.headquarters, 256).unwrap_or_default(),
                countries: each(&self.countries, country::read, |value| {
                    problems.add(
                        "countries",
                        Text::new(
                            "There is no country {value}. Use a code of two letters, such as DE, or the English name.",
                        )
                        .arg("value", value),
                    );
                }),
                languages: each(&self.languages, language::read, |value| {
                    problems.add(
                        "languages",
                        Text::new(
                            "There is no language {value}. Use a code of two letters, such as en, or the English name.",
                        )
                        .arg("value", value),
                    );
                }),
                websites: self.websites(problems),
                industries: self.industries(problems),
            },
        }
    }

    fn websites(&self, problems: &mut Problems) -> Vec<String> {
        let good = each(&self.websites, website, |value| {
            let text = Text::new(
                "{value}: this is not the address of a website. It must begin with https:// or http://, name a host, have no \
                 password in it and at most {max} characters.",
            );
            problems.add("websites", text.arg("value", value).arg("max", MAX_WEBSITE));
        });
        too_many(problems, "websites", good.len(), MAX_WEBSITES);
        good
    }

    fn industries(&self, problems: &mut Problems) -> Vec<String> {
        let known = |id: &str| industry_name(id).map(|_| id.to_owned());
        let good = each(&self.industries, known, |value| {
            let text = Text::new("There is no industry {value}. See /industries.");
            problems.add("industries", text.arg("value", value));
        });
        too_many(problems, "industries", good.len(), MAX_INDUSTRIES);
        good
    }
}

fn too_many(problems: &mut Problems, field: &str, count: usize, max: usize) {
    problems.check(count <= max, field, || {
        Text::new("This has {count} entries; at most {max} are allowed.").arg("count", count).arg("max", max)
    });
}

/// What each text means, each meaning once; `wrong` is told of the others, all of them together.
fn each<T: Into<String>>(
    texts: &[String],
    read: impl Fn(&str) -> Option<T>,
    wrong: impl FnOnce(String),
) -> Vec<String> {
    let (mut good, mut bad): (Vec<String>, Vec<String>) = (vec![], vec![]);
    for text in texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()) {
        match read(text).map(Into::into) {
            Some(value) if good.contains(&value) => {}
            Some(value) => good.push(value),
            None => bad.push(shortened(text)),
        }
    }
    if !bad.is_empty() {
        wrong(bad.join(", "));
    }
    good
}

/// The beginning of what was typed, to be said again.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("“{}…”", text.get(..end).unwrap_or_default()),
        None => format!("“{text}”"),
    }
}

/// A website's address as it is kept: what a browser makes of the text, if it leads to a host and carries no password.
fn website(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let good = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    let kept = String::from(url);
    (good && kept.chars().count() <= MAX_WEBSITE).then_some(kept)
}

/// Refuses what a company may not do that has no right to agreements with resellers. The operator gives that right.
pub fn may_make_service_agreements(grants: Grants, company: &str) -> Result<(), Refusal> {
    if grants.service_create {
        return Ok(());
    }
    let text = Text::new(
        "{account} may not make service agreements, so it cannot invite resellers. Ask the operator of this portal, or \
         whoever invited {account}, for the right to do so.",
    );
    Err(Refusal::forbidden(text.arg("account", company)))
}

/// As [`may_make_service_agreements`], of agreements with vendors.
pub fn may_make_program_agreements(grants: Grants, company: &str) -> Result<(), Refusal> {
    if grants.program_create {
        return Ok(());
    }
    let text = Text::new(
        "{account} may not make program agreements, so it cannot invite vendors. Ask the operator of this portal, or \
         whoever invited {account}, for the right to do so.",
    );
    Err(Refusal::forbidden(text.arg("account", company)))
}

/// Refuses rights that an offer would give to a partner and that its issuer cannot give.
pub fn may_hand_on(own: Grants, given: Grants, problems: &mut Problems) {
    let wanted = [
        ("permissions.agreement.program.create", given.program_create, own.program_create),
        ("permissions.agreement.service.create", given.service_create, own.service_create),
        ("permissions.agreement.service.delegate", given.service_delegate, own.service_delegate),
    ];
    for (field, given, held) in wanted {
        problems.check(!given || (own.service_delegate && held), field, || {
            Text::new(
                "Your account may not give this right to others. Leave it out, or ask the operator of this portal for it.",
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(words: &CompanyWords) -> Result<GoodCompany, Vec<String>> {
        let mut problems = Problems::default();
        let good = words.check(&mut problems);
        problems.done().map(|()| good).map_err(|r| r.problems.into_iter().map(|p| p.field).collect())
    }

    fn named() -> CompanyWords {
        CompanyWords { name: "Alpha".to_owned(), ..CompanyWords::default() }
    }

    fn list(values: &[&str]) -> Vec<String> {
        values.iter().map(|v| (*v).to_owned()).collect()
    }

    #[test]
    fn lists_are_read_as_people_write_them() {
        let words = CompanyWords {
            countries: list(&["de", " Austria ", "DE", ""]),
            languages: list(&["German", "EN"]),
            websites: list(&["https://Alpha.example", "https://alpha.example/"]),
            industries: list(&["IND-10", "IND-10"]),
            ..named()
        };
        let profile = checked(&words).expect("good").profile;
        assert_eq!(profile.countries, ["DE", "AT"]);
        assert_eq!(profile.languages, ["de", "en"]);
        assert_eq!(profile.websites, ["https://alpha.example/"]);
        assert_eq!(profile.industries, ["IND-10"]);
    }

    #[test]
    fn websites_lead_to_hosts_and_do_nothing_else() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.example",
            "https://",
            "alpha.example",
            "https://me:secret@a.example",
            "https://me@a.example",
            " java\nscript:alert(1)",
        ] {
            let words = CompanyWords { websites: list(&[bad]), ..named() };
            assert_eq!(checked(&words), Err(list(&["websites"])), "{bad}");
        }
        let many: Vec<String> = (0..11).map(|n| format!("https://{n}.example")).collect();
        assert!(checked(&CompanyWords { websites: many, ..named() }).is_err());
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let words = CompanyWords {
            name: " ".to_owned(),
            external_id: "x".repeat(101),
            description: "x".repeat(513),
            overview: "x".repeat(MAX_OVERVIEW + 1),
            headquarters: "x".repeat(257),
            countries: list(&["Atlantis"]),
            languages: list(&["Klingon"]),
            websites: list(&["x"]),
            industries: list(&["IND-99"]),
        };
        let fields = checked(&words).expect_err("wrong");
        assert_eq!(
            fields,
            list(&[
                "name",
                "external_id",
                "description",
                "overview",
                "headquarters",
                "countries",
                "languages",
                "websites",
                "industries"
            ])
        );
    }

    #[test]
    fn only_what_is_held_can_be_given() {
        let all = Grants { program_create: true, service_create: true, service_delegate: true };
        let wrong = |own, given| {
            let mut problems = Problems::default();
            may_hand_on(own, given, &mut problems);
            problems.done().map_or_else(|r| r.problems.len(), |()| 0)
        };
        assert_eq!(wrong(all, all), 0);
        assert_eq!(wrong(Grants { service_delegate: false, ..all }, all), 3);
        assert_eq!(wrong(Grants { service_create: false, ..all }, all), 1);
        assert_eq!(wrong(Grants::default(), Grants::default()), 0);
    }
}

//! The fields of a form and the values of parameters: what each parameter is asked by, and what the answers say.

use std::collections::BTreeMap;

use super::{Address, Given, Param, ParamEdit, Structured};
use crate::flows::customers::model::Phone;
use crate::flows::products::model::ParameterKind;

/// What was typed into the fields of a form, by name.
pub type Answers = BTreeMap<String, Vec<String>>;

/// The parts of an address, in the order of asking.
pub const ADDRESS_PARTS: &[&str] = &["address_line1", "address_line2", "postal_code", "city", "state", "country"];

/// The field of a parameter, or the beginning of its fields' names.
pub fn field(param: &Param) -> String {
    format!("p.{}", param.name())
}

/// The first field of a parameter.
pub fn first_field(param: &Param) -> String {
    match param.definition.kind {
        ParameterKind::Address => part_field(param, ADDRESS_PARTS[0]),
        _ => field(param),
    }
}

/// The field of one part of an address.
pub fn part_field(param: &Param, part: &str) -> String {
    format!("{}.{part}", field(param))
}

/// Every field of a parameter.
pub fn fields(param: &Param) -> Vec<String> {
    match param.definition.kind {
        ParameterKind::Address => ADDRESS_PARTS.iter().map(|part| part_field(param, part)).collect(),
        _ => vec![field(param)],
    }
}

/// The field of the form that a problem of an edit belongs to: `p.site.structured_value` gives `p.site.address_line1`.
pub fn form_field(problem: &str, params: &[Param]) -> String {
    let name = problem.strip_suffix(".structured_value").or(problem.strip_suffix(".value")).unwrap_or(problem);
    // Some rules name a parameter as the API's body does.
    let is_meant = |p: &&Param| field(p) == name || name.strip_prefix("asset.params.") == Some(p.name());
    params.iter().find(is_meant).map_or_else(|| problem.to_owned(), first_field)
}

/// What was typed for a parameter; nothing if none of its fields was sent.
pub fn given(param: &Param, answers: &Answers) -> Option<Given> {
    let json = |text: serde_json::Result<String>| Given { text: None, json: text.ok() };
    let one = |name: &str| answers.get(name).and_then(|v| v.first()).cloned();
    match param.definition.kind {
        kind if kind.is_layout() => None,
        ParameterKind::Checkbox => {
            let chosen = answers.get(&field(param))?;
            let choices = &param.definition.constraints.choices;
            let boxes: BTreeMap<&str, bool> =
                choices.iter().map(|c| (c.value.as_str(), chosen.contains(&c.value))).collect();
            Some(json(serde_json::to_string(&boxes)))
        }
        ParameterKind::Address => {
            let part = |name: &str| one(&part_field(param, name));
            part(ADDRESS_PARTS[0])?;
            let text = |name: &str| part(name).unwrap_or_default().trim().to_owned();
            let address = Address {
                address_line1: text("address_line1"),
                address_line2: text("address_line2"),
                city: text("city"),
                state: text("state"),
                postal_code: text("postal_code"),
                country: text("country"),
            };
            Some(json(serde_json::to_string(&address)))
        }
        ParameterKind::Phone => Some(json(serde_json::to_string(&Phone::read(&one(&field(param))?)))),
        ParameterKind::Object => Some(Given { text: None, json: one(&field(param)) }),
        _ => one(&field(param)).map(Given::text),
    }
}

/// The edits that the answers of a form are.
pub fn edits(params: &[Param], answers: &Answers) -> Vec<ParamEdit> {
    let edit = |param: &Param| {
        let given = given(param, answers)?;
        Some(ParamEdit {
            path: field(param),
            name: param.name().to_owned(),
            given: Some(given),
            ..ParamEdit::default()
        })
    };
    params.iter().filter_map(edit).collect()
}

/// What stands in the fields of a parameter that has a value: name and value of each.
pub fn shown(param: &Param) -> Vec<(String, String)> {
    let name = field(param);
    match &param.answer.structured {
        Some(Structured::Choices(boxes)) => {
            boxes.iter().filter(|(_, on)| **on).map(|(value, _)| (name.clone(), value.clone())).collect()
        }
        Some(Structured::Phone(phone)) => vec![(name, phone.line())],
        Some(Structured::Address(a)) => {
            let values = [&a.address_line1, &a.address_line2, &a.postal_code, &a.city, &a.state, &a.country];
            ADDRESS_PARTS.iter().zip(values).map(|(part, value)| (part_field(param, part), value.clone())).collect()
        }
        Some(Structured::Object(text)) => vec![(name, text.clone())],
        None => param.answer.value.iter().map(|value| (name.clone(), value.clone())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::orders::model::{apply_edits, buyers_part};
    use crate::flows::products::model::{Choice, Constraints, Parameter, Phase, Scope};
    use crate::kit::{Events, ParameterId};

    fn param(kind: ParameterKind) -> Param {
        let choice = |value: &str| Choice { value: value.into(), label: value.into(), default: false };
        Param::new(&Parameter {
            id: ParameterId::parse("PRM-123-456-789-0001").unwrap(),
            name: "x".into(),
            title: "X".into(),
            description: String::new(),
            phase: Phase::Ordering,
            scope: Scope::Asset,
            kind,
            hint: String::new(),
            placeholder: String::new(),
            constraints: Constraints { choices: vec![choice("a"), choice("b")], ..Constraints::default() },
            preset: None,
            position: 1,
            events: Events::default(),
        })
    }

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        let mut answers = Answers::new();
        for (name, value) in pairs {
            answers.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        answers
    }

    #[test]
    fn what_is_shown_is_what_was_answered() {
        use ParameterKind::{Address, Checkbox, Choice, Email, Object, Phone};
        let site = [
            ("p.x.address_line1", "Gasse 1"),
            ("p.x.address_line2", ""),
            ("p.x.postal_code", "8001"),
            ("p.x.city", "Zürich"),
            ("p.x.state", ""),
            ("p.x.country", "CH"),
        ];
        let cases: [(ParameterKind, &[(&str, &str)]); 6] = [
            (Email, &[("p.x", "a@b.example")]),
            (Choice, &[("p.x", "b")]),
            (Checkbox, &[("p.x", "a"), ("p.x", "b")]),
            (Phone, &[("p.x", "+41 44 1234567")]),
            (Object, &[("p.x", "{\"a\":1}")]),
            (Address, &site),
        ];
        for (kind, typed) in cases {
            let mut params = vec![param(kind)];
            let edits = edits(&params, &answers(typed));
            apply_edits(&mut params, &edits, buyers_part).unwrap();
            assert_eq!(
                answers(typed),
                shown(&params[0]).iter().fold(Answers::new(), |mut all, (name, value)| {
                    all.entry(name.clone()).or_default().push(value.clone());
                    all
                }),
                "{kind}"
            );
        }
    }

    #[test]
    fn what_was_not_sent_is_not_answered_and_no_box_is_an_answer() {
        assert_eq!(given(&param(ParameterKind::Email), &Answers::new()), None);
        assert_eq!(given(&param(ParameterKind::Checkbox), &Answers::new()), None);
        assert_eq!(given(&param(ParameterKind::Heading), &answers(&[("p.x", "y")])), None);
        let none = Answers::from([("p.x".to_owned(), vec![])]);
        let json = given(&param(ParameterKind::Checkbox), &none).and_then(|g| g.json);
        assert_eq!(json.as_deref(), Some(r#"{"a":false,"b":false}"#));
    }

    #[test]
    fn problems_find_their_field() {
        for (kind, problem, found) in [
            (ParameterKind::Email, "p.x.value", "p.x"),
            (ParameterKind::Email, "asset.params.x.value", "p.x"),
            (ParameterKind::Address, "p.x.structured_value", "p.x.address_line1"),
            (ParameterKind::Email, "external_id", "external_id"),
        ] {
            assert_eq!(form_field(problem, &[param(kind)]), found);
        }
    }
}

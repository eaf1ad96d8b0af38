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

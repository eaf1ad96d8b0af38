//! Parameters as fields of a form, and what was typed into them.

use std::collections::BTreeMap;

use super::super::model::{Address, Given, Param, ParamEdit, Structured};
use crate::flows::products::model::ParameterKind;
use crate::kit::{Side, Text};
use crate::web::Posted;
use crate::web::form::{Choice, Field, Line, Width};

/// The lines of an address: the end of the field's name and its label.
const ADDRESS: [(&str, &str); 6] = [
    ("structured_value", "Street and number"),
    ("address_line2", "Address, second line"),
    ("postal_code", "Postal code"),
    ("city", "City"),
    ("state", "State or region"),
    ("country", "Country, two letters"),
];

/// Where a parameter stands in a form; refusals name the same place.
fn path(param: &Param) -> String {
    format!("asset.params.{}", param.name())
}

/// The fields of a parameter with the value that it has, as somebody on a side may read it.
pub(super) fn fields(param: &Param, all: &[Param], side: Side) -> Vec<Field> {
    let flags = param.flags(all);
    let path = path(param);
    let title = || Text::data(param.title());
    let value = param.value_for(side);
    let simple = format!("{path}.value");
    let structured = format!("{path}.structured_value");
    let choices = || -> Vec<Choice> {
        param.definition.constraints.choices.iter().map(|c| Choice::new(&c.value, Text::data(&c.label))).collect()
    };
    let line = |line: Line| Field::line(line, &simple, title()).value(&value);
    let mut fields = match param.definition.kind {
        ParameterKind::Heading | ParameterKind::Content => vec![],
        ParameterKind::Email => vec![line(Line::Email)],
        ParameterKind::Url => vec![line(Line::Url)],
        ParameterKind::Password => {
            let field = Field::password(&simple, title()).autocomplete("off");
            vec![if value.is_empty() { field } else { field.hint("Empty: it stays as it is.") }]
        }
        ParameterKind::Text | ParameterKind::Subdomain | ParameterKind::Domain => vec![line(Line::Text)],
        ParameterKind::Phone => {
            vec![Field::line(Line::Phone, &simple, title()).value(param.answer.plain(&param.definition))]
        }
        ParameterKind::Dropdown | ParameterKind::Choice => {
            let mut known = vec![Choice::new("", "Nothing chosen")];
            known.extend(choices());
            vec![Field::select(&simple, title(), known).value(&value)]
        }
        ParameterKind::Checkbox => {
            let checked: Vec<String> = match &param.answer.structured {
                Some(Structured::Choices(map)) => map.iter().filter(|(_, on)| **on).map(|(v, _)| v.clone()).collect(),
                _ => vec![],
            };
            let checked: Vec<&str> = checked.iter().map(String::as_str).collect();
            vec![Field::checks(&structured, title(), choices()).values(&checked)]
        }
        ParameterKind::Address => {
            let now = match &param.answer.structured {
                Some(Structured::Address(address)) => address.clone(),
                _ => Address::default(),
            };
            let values = [now.address_line1, now.address_line2, now.postal_code, now.city, now.state, now.country];
            let label =
                |word: &'static str| Text::new("{title}: {line:word}").arg("title", param.title()).arg("line", word);
            ADDRESS
                .iter()
                .zip(values)
                .map(|((end, word), value)| Field::text(format!("{path}.{end}"), label(word)).value(value).optional())
                .collect()
        }
        ParameterKind::Object => {
            let now = match &param.answer.structured {
                Some(Structured::Object(text)) => text.clone(),
                _ => String::new(),
            };
            vec![Field::area(&structured, title()).hint("A JSON object.").value(now)]
        }
    };
    for field in &mut fields {
        if !flags.required {
            field.required = false;
        }
        if flags.readonly {
            field.locked = Some(Text::new("It cannot be changed."));
        }
    }
    if let Some(first) = fields.first_mut() {
        let hint = [&param.definition.hint, &param.definition.description].into_iter().find(|h| !h.is_empty());
        if let (None, Some(hint)) = (&first.hint, hint) {
            first.hint = Some(Text::data(hint));
        }
        if !param.error.is_empty() {
            first.error = Some(Text::data(&param.error));
        }
        if param.definition.constraints.max_length.is_some_and(|max| max > 120) {
            first.width = Width::Full;
        }
    }
    fields
}

/// What was typed for the parameters of a form, which are the `wanted` ones.
pub(super) fn edits(all: &[Param], wanted: impl Fn(&Param) -> bool, posted: &Posted) -> Vec<ParamEdit> {
    all.iter().filter(|p| wanted(p) && !p.flags(all).readonly).filter_map(|p| edit(p, posted)).collect()
}

/// What was typed for a parameter; nothing for what the form does not have and for what was left as it is.
fn edit(param: &Param, posted: &Posted) -> Option<ParamEdit> {
    let path = path(param);
    let simple = format!("{path}.value");
    let given = match param.definition.kind {
        ParameterKind::Heading | ParameterKind::Content => return None,
        ParameterKind::Password => Given::text(Some(posted.get(&simple)).filter(|typed| !typed.is_empty())?),
        ParameterKind::Phone => {
            let typed = Some(posted.get(&simple)).filter(|_| posted.checked(&simple))?;
            // The parts of a number are kept as long as nobody touches it.
            Given::text(Some(typed).filter(|typed| *typed != param.answer.plain(&param.definition))?)
        }
        ParameterKind::Checkbox => {
            let chosen = posted.all(&format!("{path}.structured_value"));
            let known = param.definition.constraints.choices.iter();
            let map: BTreeMap<String, bool> =
                known.map(|c| (c.value.clone(), chosen.iter().any(|v| *v == c.value))).collect();
            Given { text: None, json: Some(Structured::Choices(map).json()) }
        }
        ParameterKind::Address => {
            let first = format!("{path}.structured_value");
            if !posted.checked(&first) {
                return None;
            }
            let [address_line1, address_line2, postal_code, city, state, country] =
                ADDRESS.map(|(end, _)| posted.get(&format!("{path}.{end}")).trim().to_owned());
            let address = Address { address_line1, address_line2, city, state, postal_code, country };
            Given { text: None, json: Some(Structured::Address(address).json()) }
        }
        ParameterKind::Object => {
            let name = format!("{path}.structured_value");
            let typed = posted.get(&name).to_owned();
            Given { text: None, json: Some(typed).filter(|_| posted.checked(&name)) }
        }
        _ if posted.checked(&simple) => Given::text(posted.get(&simple)),
        _ => return None,
    };
    Some(ParamEdit { path, name: param.name().to_owned(), given: Some(given), ..ParamEdit::default() })
}

//! The parameters of a product as a form: one input for each kind, with its hints, headings and explanations between.

use askama::Template;

use super::super::model::answers::{self, ADDRESS_PARTS, Answers};
use super::super::model::{MASK, Param, ParamEdit};
use crate::flows::customers::pages::countries;
use crate::flows::products::model::{ParameterKind, Preset};
use crate::kit::Text;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form, Line, Width};
use crate::web::markdown::Markdown;
use crate::web::{Error, Posted};

/// A part of the form.
#[derive(Debug)]
enum Block {
    /// A heading of the vendor's.
    Heading(String),
    /// An explanation of the vendor's.
    Words(Markdown),
    /// A field, by its name.
    Field(String),
    /// Several fields under one question.
    Group { legend: String, hint: Option<Text>, names: Vec<String> },
}

/// A form whose fields stand between headings and explanations.
#[derive(Debug, Template)]
#[template(path = "orders/parameters.html")]
pub struct ParameterForm {
    form: Form,
    blocks: Vec<Block>,
}

impl ParameterForm {
    /// A form with the fields of `params`, and then the other fields that the form has already. `all` are the parameters
    /// that those depend on.
    pub fn new(form: Form, params: &[&Param], all: &[Param]) -> Self {
        let mut blocks = vec![];
        let mut asked = vec![];
        for param in params {
            blocks.extend(block(param));
            asked.extend(fields(param, all));
        }
        blocks.extend(form.fields.iter().map(|field| Block::Field(field.name.clone())));
        asked.extend(form.fields.clone());
        Self { form: Form { fields: asked, ..form }, blocks }
    }

    /// The form itself.
    pub fn form(&mut self) -> &mut Form {
        &mut self.form
    }
}

/// The parameters that a customer or buyer is asked for: ordering ones that are not hidden now, with what stands between.
pub fn asked(params: &[Param]) -> Vec<&Param> {
    params.iter().filter(|p| p.is_ordering() && !p.flags(params).hidden).collect()
}

/// What was typed for these parameters. A password that was left empty stays as `old` has it.
pub fn typed(params: &[&Param], posted: &Posted, old: &Answers) -> Answers {
    let mut typed = Answers::new();
    for param in params.iter().filter(|p| p.takes_value()) {
        for name in answers::fields(param) {
            let mut values = posted.all(&name).to_vec();
            if param.is_secret() && values.iter().all(String::is_empty) {
                values = old.get(&name).cloned().unwrap_or_default();
            }
            if !values.is_empty() || param.definition.kind == ParameterKind::Checkbox {
                typed.insert(name, values);
            }
        }
    }
    typed
}

fn block(param: &Param) -> Option<Block> {
    let title = param.title().to_owned();
    Some(match param.definition.kind {
        ParameterKind::Heading => Block::Heading(title),
        ParameterKind::Content => {
            let words = param.definition.constraints.display_content.as_deref();
            Block::Words(Markdown::new(words.unwrap_or(&param.definition.description)))
        }
        ParameterKind::Address => Block::Group { legend: title, hint: hint(param), names: answers::fields(param) },
        _ => Block::Field(answers::field(param)),
    })
}

/// What helps to fill a parameter in.
fn hint(param: &Param) -> Option<Text> {
    let d = &param.definition;
    let words = if d.hint.is_empty() { &d.description } else { &d.hint };
    let example = &d.placeholder;
    let (min, max) = (d.constraints.min_length.filter(|n| *n > 0), d.constraints.max_length);
    match (words.is_empty(), example.is_empty()) {
        (false, false) => Some(Text::new("{hint} For example {example}.").arg("hint", words).arg("example", example)),
        (false, true) => Some(Text::data(words.clone())),
        (true, false) => Some(Text::new("For example {example}.").arg("example", example)),
        (true, true) => match (min, max) {
            (Some(min), Some(max)) => Some(Text::new("{min} to {max} characters.").arg("min", min).arg("max", max)),
            (Some(min), None) => Some(Text::new("At least {min} characters.").arg("min", min)),
            _ => None,
        },
    }
}

/// The fields of one parameter, with what stands in them and what is wrong.
pub fn fields(param: &Param, all: &[Param]) -> Vec<Field> {
    let kind = param.definition.kind;
    let flags = param.flags(all);
    let name = answers::field(param);
    let label = Text::data(param.title());
    let choices = &param.definition.constraints.choices;
    let shown = answers::shown(param);
    let values: Vec<&str> = shown.iter().filter(|(n, _)| *n == name).map(|(_, v)| v.as_str()).collect();
    let one = values.first().copied().unwrap_or_default();
    let options = |empty: Option<&'static str>| {
        let none = empty.map(|words| Choice::new("", words).selected(values.is_empty()));
        let each = choices
            .iter()
            .map(|c| Choice::new(&c.value, Text::data(&c.label)).selected(values.contains(&c.value.as_str())));
        none.into_iter().chain(each).collect::<Vec<_>>()
    };
    let mut field = match kind {
        ParameterKind::Heading | ParameterKind::Content => return vec![],
        ParameterKind::Address => return address(param, flags.required),
        ParameterKind::Dropdown => Field::select(name, label, options(Some("Choose…"))),
        ParameterKind::Choice => Field::radios(name, label, options((!flags.required).then_some("No answer"))),
        ParameterKind::Checkbox => Field::checks(name, label, options(None)),
        ParameterKind::Object => Field::area(name, label).rows(6).value(one),
        ParameterKind::Password => Field::password(name, label).autocomplete("new-password"),
        ParameterKind::Email => Field::email(name, label).value(one),
        ParameterKind::Phone => Field::line(Line::Phone, name, label).autocomplete("tel").value(one),
        ParameterKind::Url => Field::line(Line::Url, name, label).autocomplete("url").value(one),
        ParameterKind::Subdomain => {
            let field = Field::text(name, label).value(one);
            match choices.as_slice() {
                [only] => field.affix(Text::data(format!(".{}", only.value.trim_start_matches('.')))),
                _ => field,
            }
        }
        ParameterKind::Text | ParameterKind::Domain => {
            let long = param.definition.constraints.max_length.is_some_and(|max| max > 200) || one.contains('\n');
            if long { Field::area(name, label).rows(3).value(one) } else { Field::text(name, label).value(one) }
        }
    };
    field.required = flags.required;
    field.hint = match kind {
        ParameterKind::Password if !param.answer.is_empty() => {
            Some(Text::new("A password is kept already. Leave this empty to keep it."))
        }
        ParameterKind::Object => Some(hint(param).unwrap_or(Text::new("A JSON object, in braces."))),
        ParameterKind::Phone => Some(hint(param).unwrap_or(Text::new("With the country code first: +49 8382 123456."))),
        _ => hint(param),
    };
    if param.error.is_some() {
        field.error = param.error.clone();
    }
    if flags.readonly {
        field = field.locked("This cannot be changed here.");
    }
    vec![field]
}

fn address(param: &Param, required: bool) -> Vec<Field> {
    let shown = answers::shown(param);
    let preset = match &param.definition.preset {
        Some(Preset::Country { country }) => country.as_str(),
        _ => "",
    };
    let labels = ["Street and number", "More of the address", "Postal code", "City", "State or region", "Country"];
    ADDRESS_PARTS
        .iter()
        .zip(labels)
        .map(|(part, label)| {
            let name = answers::part_field(param, part);
            let value = shown.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str());
            let mut field = match *part {
                "country" => Field::select(name, label, countries(if value.is_empty() { preset } else { value })),
                "postal_code" => Field::text(name, label).width(Width::Small).value(value),
                _ => Field::text(name, label).value(value),
            };
            field.required = required && !matches!(*part, "address_line2" | "state");
            if *part == ADDRESS_PARTS[0] && param.error.is_some() {
                field.error = param.error.clone();
            }
            field
        })
        .collect()
}

/// The fields of a parameter in a form without headings between: each line of an address says whose it is.
pub(super) fn lone_fields(param: &Param, all: &[Param]) -> Vec<Field> {
    let mut fields = fields(param, all);
    if param.definition.kind == ParameterKind::Address {
        for field in &mut fields {
            let line = std::mem::take(&mut field.label);
            field.label = Text::new("{title}: {line:word}").arg("title", param.title()).arg("line", line);
        }
    }
    fields
}

/// What was typed for the parameters of a form, which are the `wanted` ones.
pub(super) fn edits(all: &[Param], wanted: impl Fn(&Param) -> bool, posted: &Posted) -> Vec<ParamEdit> {
    let on_form: Vec<&Param> = all.iter().filter(|p| wanted(p) && !p.flags(all).readonly).collect();
    let mut edits = answers::edits(all, &typed(&on_form, posted, &Answers::new()));
    // The parts of a telephone number are kept as long as nobody touches it.
    edits.retain(|edit| {
        let phone = on_form.iter().find(|p| p.definition.kind == ParameterKind::Phone && p.name() == edit.name);
        phone.is_none_or(|p| posted.get(&answers::field(p)) != p.answer.plain(&p.definition))
    });
    edits
}

/// Puts what is wrong with parameters at their fields.
pub(super) fn placed(error: Error, params: &[Param]) -> Error {
    match error.cause {
        Cause::Refused(mut refusal) => {
            for problem in &mut refusal.problems {
                problem.field = answers::form_field(&problem.field, params);
            }
            refusal.into()
        }
        cause => cause.into(),
    }
}

/// What people read for the value of a parameter on a page; a password is never shown.
pub fn said(param: &Param) -> String {
    if param.is_secret() && !param.answer.is_empty() {
        return MASK.to_owned();
    }
    param.answer.plain(&param.definition)
}

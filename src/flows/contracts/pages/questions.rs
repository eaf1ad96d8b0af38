//! The questions of a form, drawn as the fields of a page.

use askama::Template;

use crate::kit::schema::{Asked, LineFormat, Question, Schema, answer_field};
use crate::kit::{FieldProblem, Text};
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Line};
use crate::web::{Error, filters};

/// With more values than this, one of them is chosen from a list.
const FEW: usize = 6;

/// The fields that a form's questions are answered in. Those of a group say whose they are.
pub(super) fn fields(schema: &Schema) -> Vec<Field> {
    schema.leaves().map(|(group, question)| field(group, question)).collect()
}

fn field(group: Option<&Question>, question: &Question) -> Field {
    let name = answer_field(group, question);
    let title = &question.title;
    let label = match group {
        Some(group) => Text::new("{group}: {question}").arg("group", &group.title).arg("question", title),
        None => Text::data(title),
    };
    // What is asked in a group that may be left out need not be answered.
    let required = question.required && group.is_none_or(|group| group.required);
    let choices = |values: &[String]| values.iter().map(|v| Choice::new(v, Text::data(v))).collect::<Vec<_>>();
    let with_none = |words: &'static str, values: &[String]| {
        let mut all = vec![Choice::new("", words).selected(true)];
        all.extend(choices(values));
        all
    };
    let mut field = match &question.asked {
        Asked::Line(LineFormat::Email) => Field::email(name, label),
        Asked::Line(LineFormat::Link) => Field::line(Line::Url, name, label),
        Asked::Line(LineFormat::Day) => Field::date(name, label),
        Asked::Line(LineFormat::Plain) => Field::text(name, label),
        Asked::Lines => Field::area(name, label),
        Asked::One(values) if values.len() > FEW => Field::select(name, label, with_none("Choose…", values)),
        Asked::One(values) if required => Field::radios(name, label, choices(values)),
        Asked::One(values) => Field::radios(name, label, with_none("No answer", values)),
        Asked::Several(values) => Field::checks(name, label, choices(values)),
        Asked::Number(_) => Field::number(name, label),
        Asked::Flag(_) => Field::check(name, label.clone(), label),
        Asked::Group(_) => return Field::text(name, label).optional(),
    };
    field.required = match &question.asked {
        Asked::Flag(must) => *must,
        _ => required,
    };
    if !question.about.is_empty() {
        field = field.hint(Text::data(&question.about));
    }
    field
}

/// How a form looks, without being filled.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<fieldset class="panel" disabled><legend class="visually-hidden">{{ "How the form looks"|t }}</legend>{% if !title.is_empty() %}<p class="form-words"><b>{{ title }}</b></p>{% endif %}{% if !about.is_empty() %}<p class="form-words muted">{{ about }}</p>{% endif %}{% for field in fields %}{{ field }}
{% endfor %}</fieldset>"#
)]
pub(super) struct Look {
    title: String,
    about: String,
    fields: Vec<Field>,
}

impl Look {
    /// Of what a form asks, with what it presets.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut form = crate::web::form::Form::post("", "");
        form.fields = fields(schema);
        let presets = schema.filled(&schema.presets());
        if !presets.is_empty() {
            form.fill_pairs(&presets.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>());
        }
        Self { title: schema.title.clone(), about: schema.about.clone(), fields: form.fields }
    }
}

/// A schema as it was written.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<pre class="source" tabindex="0"><code>{{ text }}</code></pre>"#)]
pub(super) struct Source {
    pub text: String,
}

/// Puts what is wrong with a part of an answer at the field of the whole: a page has one field for a list of texts.
pub(super) fn at_fields(error: Error, schema: &Schema) -> Error {
    let names: Vec<String> = schema.leaves().map(|(group, question)| answer_field(group, question)).collect();
    match error.cause {
        Cause::Refused(mut refusal) => {
            for FieldProblem { field, .. } in &mut refusal.problems {
                let whole =
                    names.iter().find(|name| field.strip_prefix(name.as_str()).is_some_and(|r| r.starts_with('.')));
                if let Some(whole) = whole {
                    field.clone_from(whole);
                }
            }
            refusal.into()
        }
        cause => cause.into(),
    }
}

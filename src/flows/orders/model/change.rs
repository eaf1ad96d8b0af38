//! Changing the parameters of a request, and what is missing in it.

use super::MAX_ERROR;
use super::param::{Param, StructuredError, belongs, said};
use super::value::Given;
use crate::flows::products::model::Parameter;
use crate::kit::{Problems, Refusal, Text};

/// What somebody wants to change about one parameter; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParamEdit {
    /// Path of the parameter in the body, for refusals.
    pub path: String,
    /// The vendor's own id of it.
    pub name: String,
    /// A new value.
    pub given: Option<Given>,
    /// What is wrong with it; empty takes the mark away.
    pub error: Option<String>,
    /// The same as an entry of the product's messages.
    pub structured_error: Option<Option<StructuredError>>,
}

/// What changed about one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamChange {
    /// Its name.
    pub name: String,
    /// The value before, as everybody may read it; none if the value did not change.
    pub before: Option<String>,
    /// It was marked as wrong with these words; empty if a mark was taken away, none if neither.
    pub marked: Option<String>,
}

/// The parameters of a new request for a product.
pub fn fresh(parameters: &[Parameter]) -> Vec<Param> {
    parameters.iter().filter(|p| belongs(p)).map(Param::new).collect()
}

/// Applies edits; `may` says for each parameter whether this reader may write its value, and whether they may mark it.
/// Gives what changed.
///
/// # Errors
/// Every parameter that is unknown, not theirs or wrong, at once. Then nothing was changed for good: drop the list.
pub fn apply_edits(
    params: &mut [Param],
    edits: &[ParamEdit],
    may: impl Fn(&Param) -> May,
) -> Result<Vec<ParamChange>, Refusal> {
    let mut problems = Problems::default();
    let mut changes = vec![];
    for edit in edits {
        let Some(param) = params.iter_mut().find(|p| p.name() == edit.name || p.definition.id == *edit.name.as_str())
        else {
            problems.add(
                &edit.path,
                Text::new("The request has no parameter {name}. Check its id.").arg("name", &edit.name),
            );
            continue;
        };
        let may = may(param);
        let mut change = ParamChange { name: param.name().to_owned(), before: None, marked: None };
        if let Some(given) = &edit.given
            && may != May::Pass
        {
            let before = param.clone();
            match param.answered(given) {
                Err(text) => problems.add(&field(edit, given), text),
                Ok(true) if may == May::Read => {
                    let text = Text::new("{name} cannot be changed here. Leave it out or send the value that it has.")
                        .arg("name", param.name());
                    problems.add(&field(edit, given), text);
                }
                Ok(true) => {
                    change.before = Some(before.plain_for_all());
                    // A new value answers the complaint about the old one.
                    param.error = None;
                    param.structured_error = None;
                }
                Ok(false) => {}
            }
        }
        if may == May::Judge {
            if let Some(error) = &edit.error {
                let error =
                    problems.optional(&format!("{}.value_error", edit.path), error, MAX_ERROR).unwrap_or_default();
                // Clients that send the whole object send back what they were told.
                if error != param.error_in_english() {
                    param.error = said(&error);
                    change.marked = Some(error);
                }
            }
            if let Some(structured) = &edit.structured_error {
                param.structured_error = structured.clone();
            }
        }
        if change.before.is_some() || change.marked.is_some() {
            changes.push(change);
        }
    }
    problems.done().map(|()| changes)
}

fn field(edit: &ParamEdit, given: &Given) -> String {
    format!("{}.{}", edit.path, if given.json.is_some() { "structured_value" } else { "value" })
}

/// What somebody may do with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Whatever they send for it is passed over.
    Pass,
    /// They may send the value it has, not another.
    Read,
    /// They may write its value.
    Write,
    /// They may write its value and mark it as wrong.
    Judge,
}

/// The parameters of a phase that are required, take a value and have none.
pub fn missing(params: &[Param], wanted: impl Fn(&Param) -> bool) -> Vec<&Param> {
    params.iter().filter(|p| wanted(p) && p.takes_value() && p.answer.is_empty() && p.flags(params).required).collect()
}

/// The parameters that are marked as wrong.
pub fn marked(params: &[Param]) -> impl Iterator<Item = &Param> {
    params.iter().filter(|p| p.error.is_some())
}

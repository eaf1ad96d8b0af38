//! Parameters in the forms of requests and subscriptions.

use super::super::model::answers::{self, Answers};
use super::super::model::{Param, ParamEdit};
use super::parameters;
use crate::flows::products::model::ParameterKind;
use crate::kit::Text;
use crate::web::error::Cause;
use crate::web::form::Field;
use crate::web::{Error, Posted};

/// The fields of a parameter, with what stands in them and what is wrong.
pub(super) fn fields(param: &Param, all: &[Param]) -> Vec<Field> {
    let mut fields = parameters::fields(param, all);
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
    let typed = parameters::typed(&on_form, posted, &Answers::new());
    let mut edits = answers::edits(all, &typed);
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

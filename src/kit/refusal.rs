//! A business answer of "no": what is wrong, with which field, and what to do about it.

use rust_decimal::Decimal;

use super::Text;

/// One thing that is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldProblem {
    /// Path of the field as the API and the form name it, `asset.items`; empty when no single field is at fault.
    pub field: String,
    /// What is wrong and what would be right.
    pub text: Text,
}

/// What kind of no it is; decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// 404: no such object, or not yours to see.
    NotFound,
    /// 403: you may see it, but not do this.
    Forbidden,
    /// 400: the values sent are wrong.
    Invalid,
    /// 400: the object is not in a state for this.
    WrongState,
    /// 409: somebody was faster, or such a thing exists already.
    Conflict,
    /// 413: too large.
    TooLarge,
    /// 429: too often; wait.
    TooMany,
    /// 503: the answer takes longer than anybody should wait.
    TooSlow,
}

/// Why an action was not done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of no.
    pub code: Code,
    /// The API's error code, `VAL_001`.
    pub wire: &'static str,
    /// At least one problem.
    pub problems: Vec<FieldProblem>,
    /// Facts that a program can use, such as the id of the object in the way.
    pub params: Vec<(&'static str, String)>,
}

impl Refusal {
    /// The first thing that is wrong, for a page without fields.
    pub fn first(&self) -> Text {
        self.problems.first().map(|problem| problem.text.clone()).unwrap_or_default()
    }

    fn new(code: Code, wire: &'static str, field: &str, text: Text) -> Self {
        Self { code, wire, problems: vec![FieldProblem { field: field.to_owned(), text }], params: vec![] }
    }

    /// There is no such object that you may see.
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        let text =
            Text::new("There is no {what:word} {id} that you can see. Check the id and the account you work in.")
                .arg("what", what)
                .arg("id", id);
        Self::new(Code::NotFound, "SYS_404", "", text)
    }

    /// An object that is there has no such version, or none with what was asked for.
    pub fn no_version(number: impl ToString, id: impl ToString) -> Self {
        let text = Text::new("There is no version {number} of {id} that you can see. Check the number.");
        Self::new(Code::NotFound, "SYS_404", "", text.arg("number", number).arg("id", id))
    }

    /// You may not do this.
    pub fn forbidden(text: Text) -> Self {
        Self::new(Code::Forbidden, "AUTH_002", "", text)
    }

    /// One field is wrong.
    pub fn field(field: &str, text: Text) -> Self {
        Self::new(Code::Invalid, "VAL_001", field, text)
    }

    /// Several fields are wrong. The list must not be empty.
    pub fn fields(problems: Vec<FieldProblem>) -> Self {
        Self { code: Code::Invalid, wire: "VAL_001", problems, params: vec![] }
    }

    /// The object is in a state that does not allow this.
    pub fn state(text: Text) -> Self {
        Self::new(Code::WrongState, "VAL_001", "", text)
    }

    /// Somebody else was faster, or the thing exists already.
    pub fn conflict(text: Text) -> Self {
        Self::new(Code::Conflict, "VAL_002", "", text)
    }

    /// The form was opened before somebody else changed the object.
    pub fn stale(what: &'static str, id: impl ToString) -> Self {
        let text = Text::new(
            "Somebody changed {what:word} {id} while you had it open. Reload it, look at the change, and send yours again.",
        )
        .arg("what", what)
        .arg("id", id.to_string());
        Self::new(Code::Conflict, "VAL_003", "", text).with("object", id)
    }

    /// What was sent is larger than the limit.
    pub fn too_large(text: Text) -> Self {
        Self::new(Code::TooLarge, "VAL_001", "", text)
    }

    /// Too many tries.
    pub fn too_many(text: Text) -> Self {
        Self::new(Code::TooMany, "AUTH_003", "", text)
    }

    /// The answer would take longer than so many milliseconds.
    pub fn too_slow(most: i64) -> Self {
        let text = Text::new(
            "This was stopped because it took longer than {seconds:number} s. Ask for less at once: add a filter, or choose a shorter time. \
             The operator can allow more with CAUSEWAY_LIMITS=read_milliseconds.",
        );
        let seconds = Decimal::new(most, 3).normalize();
        Self::new(Code::TooSlow, "SYS_503", "", text.arg("seconds", seconds))
    }

    /// With another error code on the wire.
    #[must_use]
    pub fn wire(mut self, code: &'static str) -> Self {
        self.wire = code;
        self
    }

    /// With a fact for programs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self.code {
            Code::NotFound => 404,
            Code::Forbidden => 403,
            Code::Invalid | Code::WrongState => 400,
            Code::Conflict => 409,
            Code::TooLarge => 413,
            Code::TooMany => 429,
            Code::TooSlow => 503,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, p) in self.problems.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            if !p.field.is_empty() {
                write!(f, "{}: ", p.field)?;
            }
            f.write_str(&p.text.to_string())?;
        }
        Ok(())
    }
}

/// Collects what is wrong with the fields of a form or a body, so that everything is said at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldProblem>);

impl Problems {
    /// Notes a problem.
    pub fn add(&mut self, field: &str, text: Text) {
        self.0.push(FieldProblem { field: field.to_owned(), text });
    }

    /// Notes a problem if something does not hold.
    pub fn check(&mut self, holds: bool, field: &str, text: impl FnOnce() -> Text) {
        if !holds {
            self.add(field, text());
        }
    }

    /// A text of `1..=max` characters after trimming; notes a problem and gives what there is otherwise.
    pub fn text(&mut self, field: &str, value: &str, max: usize) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.add(field, Text::new("This field is required."));
        }
        self.optional(field, value, max).unwrap_or_default()
    }

    /// A text of at most `max` characters after trimming; none if empty.
    pub fn optional(&mut self, field: &str, value: &str, max: usize) -> Option<String> {
        let value = value.trim();
        let count = value.chars().count();
        if count > max {
            self.add(
                field,
                Text::new("This is {count} characters long; at most {max} are allowed. Shorten it.")
                    .arg("count", count)
                    .arg("max", max),
            );
        }
        if value.chars().any(|c| c == '\0' || (c.is_control() && !"\n\r\t".contains(c))) {
            self.add(field, Text::new("This contains a control character. Remove it."));
        }
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Everything was fine, or the refusal that says what was not.
    pub fn done(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::fields(self.0)) }
    }

    /// Whether nothing was noted so far.
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }
}

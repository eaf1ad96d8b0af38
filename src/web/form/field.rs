//! One field of a form.

use askama::Template;

use crate::kit::text::Text;
use crate::web::filters;
use crate::web::part::parts;

/// A value that can be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// Its words.
    pub label: Text,
    /// A smaller line under them; not in a drop-down list.
    pub hint: Option<Text>,
    /// True if it is chosen.
    pub selected: bool,
    /// Why it cannot be chosen now.
    pub not_now: Option<Text>,
}

impl Choice {
    /// A value.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, selected: false, not_now: None }
    }

    /// With a smaller line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Chosen or not.
    #[must_use]
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Cannot be chosen now.
    #[must_use]
    pub fn not_now(mut self, reason: impl Into<Text>) -> Self {
        self.not_now = Some(reason.into());
        self
    }
}

/// What a line takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Words.
    Text,
    /// An e-mail address.
    Email,
    /// A password: what was typed is never sent back.
    Password,
    /// A whole or decimal number, written with a point. Not `type=number`, which loses digits and what is wrong.
    Number,
    /// A web address.
    Url,
    /// A telephone number.
    Phone,
    /// A day, sent as `2026-11-20`.
    Date,
    /// A day and time without zone, sent as `2026-11-20T15:32`.
    DateTime,
    /// A colour, sent as `#2f5bd0`.
    Colour,
}

impl Line {
    fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Url => "url",
            Self::Phone => "tel",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Colour => "color",
        }
    }
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line.
    Line {
        /// What it takes.
        line: Line,
        /// The value.
        value: String,
    },
    /// Several lines.
    Area {
        /// The value.
        value: String,
        /// How many lines are shown.
        rows: u8,
    },
    /// One of many, in a drop-down list.
    Select(Vec<Choice>),
    /// One of a few.
    Radios(Vec<Choice>),
    /// Any of a few.
    Checks(Vec<Choice>),
    /// Yes or no.
    Check(Choice),
    /// A file, with a bar for its transfer.
    File {
        /// Ends of names and media types: `.xlsx,.csv`.
        accept: String,
        /// The largest file, in bytes.
        limit: u64,
    },
}

/// How wide a field is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// A few digits.
    Small,
    /// A name or address.
    #[default]
    Medium,
    /// All there is.
    Full,
}

/// A field.
#[derive(Clone, Debug, Template)]
#[template(path = "web/field.html")]
pub struct Field {
    /// Its name in the form.
    pub name: String,
    /// Its label.
    pub label: Text,
    /// What helps to fill it in.
    pub hint: Option<Text>,
    /// What is wrong with it.
    pub error: Option<Text>,
    /// False if it may stay empty; said beside the label.
    pub required: bool,
    /// How it is filled in.
    pub control: Control,
    /// How wide it is.
    pub width: Width,
    /// A unit or end behind the line: `days`, `.halden.example`.
    pub affix: Option<Text>,
    /// What the browser may fill in: `email`, `current-password`.
    pub autocomplete: Option<&'static str>,
    /// Why it cannot be changed now; its value is shown and not sent.
    pub locked: Option<Text>,
    /// What the browser offers while somebody types; anything else may be typed too.
    pub offers: Vec<String>,
    /// True for what programs read: no browser is to correct its spelling or to translate it.
    pub code: bool,
}

impl Field {
    fn new(name: impl Into<String>, label: impl Into<Text>, control: Control) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: None,
            error: None,
            required: true,
            control,
            width: Width::default(),
            affix: None,
            autocomplete: None,
            locked: None,
            offers: Vec::new(),
            code: false,
        }
    }

    /// One line of that kind.
    pub fn line(line: Line, name: impl Into<String>, label: impl Into<Text>) -> Self {
        Self::new(name, label, Control::Line { line, value: String::new() })
    }

    /// A line of words.
    pub fn text(name: impl Into<String>, label: impl Into<Text>) -> Self {
        Self::line(Line::Text, name, label)
    }

    /// An e-mail address.
    pub fn email(name: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { autocomplete: Some("email"), ..Self::line(Line::Email, name, label) }
    }

    /// A password.
    pub fn password(name: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { autocomplete: Some("current-password"), ..Self::line(Line::Password, name, label) }
    }

    /// A number.
    pub fn number(name: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { width: Width::Small, ..Self::line(Line::Number, name, label) }
    }

    /// A day.
    pub fn date(name: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { width: Width::Small, ..Self::line(Line::Date, name, label) }
    }

    /// Several lines.
    pub fn area(name: impl Into<String>, label: impl Into<Text>) -> Self {
        let control = Control::Area { value: String::new(), rows: 4 };
        Self { width: Width::Full, ..Self::new(name, label, control) }
    }

    /// One of many. To start with nothing chosen, let the first choice have the empty value.
    pub fn select(name: impl Into<String>, label: impl Into<Text>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Control::Select(choices))
    }

    /// One of a few.
    pub fn radios(name: impl Into<String>, label: impl Into<Text>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, Control::Radios(choices))
    }

    /// Any of a few.
    pub fn checks(name: impl Into<String>, label: impl Into<Text>, choices: Vec<Choice>) -> Self {
        Self { required: false, ..Self::new(name, label, Control::Checks(choices)) }
    }

    /// Yes or no: sends `yes` or nothing. `label` names it in the summary of errors, `words` stand beside the box.
    pub fn check(name: impl Into<String>, label: impl Into<Text>, words: impl Into<Text>) -> Self {
        Self { required: false, ..Self::new(name, label, Control::Check(Choice::new("yes", words))) }
    }

    /// A file of at most `limit` bytes.
    pub fn file(name: impl Into<String>, label: impl Into<Text>, accept: impl Into<String>, limit: u64) -> Self {
        Self::new(name, label, Control::File { accept: accept.into(), limit })
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With this value; for choices the value that is chosen, for a check box `yes`.
    #[must_use]
    pub fn value(mut self, value: impl ToString) -> Self {
        self.set(&[&value.to_string()]);
        self
    }

    /// With these values chosen.
    #[must_use]
    pub fn values(mut self, values: &[&str]) -> Self {
        self.set(values);
        self
    }

    /// It needs an answer: of boxes, one at least that is ticked.
    #[must_use]
    pub fn needed(mut self) -> Self {
        self.required = true;
        self
    }

    /// It may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// How wide it is.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// A unit or end behind the line.
    #[must_use]
    pub fn affix(mut self, affix: impl Into<Text>) -> Self {
        self.affix = Some(affix.into());
        self
    }

    /// So many lines are shown.
    #[must_use]
    pub fn rows(mut self, lines: u8) -> Self {
        if let Control::Area { rows, .. } = &mut self.control {
            *rows = lines;
        }
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// What the browser offers while somebody types.
    #[must_use]
    pub fn offers(mut self, values: Vec<String>) -> Self {
        self.offers = values;
        self
    }

    /// What programs read is typed here.
    #[must_use]
    pub fn code(mut self) -> Self {
        self.code = true;
        self
    }

    /// It cannot be changed now.
    #[must_use]
    pub fn locked(mut self, reason: impl Into<Text>) -> Self {
        self.locked = Some(reason.into());
        self
    }

    /// Takes over what was typed.
    pub(super) fn set(&mut self, values: &[&str]) {
        match &mut self.control {
            Control::Line { line: Line::Password, .. } | Control::File { .. } => {}
            Control::Line { value, .. } | Control::Area { value, .. } => {
                if let Some(last) = values.last() {
                    (*last).clone_into(value);
                }
            }
            Control::Check(choice) => choice.selected = !values.is_empty(),
            Control::Select(choices) | Control::Radios(choices) | Control::Checks(choices) => {
                for choice in choices {
                    choice.selected = values.contains(&choice.value.as_str());
                }
            }
        }
    }

    /// The id of its control, made of its name.
    #[must_use]
    pub fn id(&self) -> String {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
        format!("f-{}", self.name.chars().map(plain).collect::<String>())
    }

    /// The id of what gets the focus from the summary of errors: of a group its first choice.
    pub(super) fn focus_id(&self) -> String {
        match self.control {
            Control::Radios(_) | Control::Checks(_) => format!("{}-1", self.id()),
            _ => self.id(),
        }
    }

    /// True for several controls under one label.
    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios(_) | Control::Checks(_))
    }

    fn width_class(&self) -> &'static str {
        match self.width {
            Width::Small => " w-s",
            Width::Medium => " w-m",
            Width::Full => "",
        }
    }

    /// The ids of what describes the control: hint, error, reason.
    fn described_by(&self) -> Option<String> {
        let id = self.id();
        let parts = [(self.hint.is_some(), 'h'), (self.error.is_some(), 'e'), (self.locked.is_some(), 'l')];
        let ids: Vec<String> =
            parts.into_iter().filter(|(set, _)| *set).map(|(_, end)| format!("{id}-{end}")).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

parts!(Field);

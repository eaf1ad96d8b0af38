//! The status of an object: a shape, a word, and a tone where a person must notice.

use askama::Template;

use super::part::parts;
use crate::kit::text::Text;
use crate::web::filters;

/// What a colour means. Without a tone things are ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Somebody works on it, or should.
    Act,
    /// Done well.
    Ok,
    /// A target is near, or something is not as it should be.
    Warn,
    /// A target is missed, or something failed.
    Bad,
}

impl Tone {
    /// The value of `data-tone`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The icon of a notice in this tone.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Act => "info-circle",
            Self::Ok => "circle-check",
            Self::Warn => "alert-triangle",
            Self::Bad => "alert-circle",
        }
    }
}

/// A status as people see it. Each flow maps its states to one of the shapes below, so that the same shape means the
/// same everywhere.
///
/// ```
/// use causeway::web::status::Status;
/// let status = Status::waiting("Pending");
/// ```
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="stat"{% if let Some(tone) = tone %} data-tone="{{ tone.name() }}"{% endif %}>{{ icon|icon }}{{ word }}</span>"#
)]
pub struct Status {
    /// The word.
    pub word: Text,
    /// The shape: the name of an icon.
    pub icon: &'static str,
    /// The colour, if it means something.
    pub tone: Option<Tone>,
}

impl Status {
    /// A status of any shape.
    pub fn new(word: impl Into<Text>, icon: &'static str, tone: Option<Tone>) -> Self {
        Self { word: word.into(), icon, tone }
    }

    /// Not handed in yet: draft, unlisted.
    pub fn draft(word: impl Into<Text>) -> Self {
        Self::new(word, "circle-dashed", None)
    }

    /// Waits for a decision: pending, ready, submitted.
    pub fn waiting(word: impl Into<Text>) -> Self {
        Self::new(word, "circle-dot", Some(Tone::Act))
    }

    /// Waits for an answer from somebody else: inquiring.
    pub fn asking(word: impl Into<Text>) -> Self {
        Self::new(word, "help-circle", None)
    }

    /// Waits for a date: scheduled.
    pub fn scheduled(word: impl Into<Text>) -> Self {
        Self::new(word, "clock", None)
    }

    /// The program works on it: processing, deploying.
    pub fn working(word: impl Into<Text>) -> Self {
        Self::new(word, "progress", Some(Tone::Act))
    }

    /// Goes on, but somebody should look: revoking, terminating, suspended.
    pub fn caution(word: impl Into<Text>) -> Self {
        Self::new(word, "alert-circle", Some(Tone::Warn))
    }

    /// Well: approved, active, accepted.
    pub fn good(word: impl Into<Text>) -> Self {
        Self::new(word, "circle-check", Some(Tone::Ok))
    }

    /// Not well: rejected, failed, invalid.
    pub fn bad(word: impl Into<Text>) -> Self {
        Self::new(word, "circle-x", Some(Tone::Bad))
    }

    /// Over, without praise or blame: closed, terminated, cancelled.
    pub fn ended(word: impl Into<Text>) -> Self {
        Self::new(word, "circle-minus", None)
    }
}

parts!(Status);

//! What the program logs while a test runs: a line of level ERROR fails the test that caused it.

use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

static ERRORS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static WATCHING: OnceLock<()> = OnceLock::new();
/// Everything that was logged since a test asked for it.
static LINES: Mutex<Option<String>> = Mutex::new(None);

/// Keeps every line from now on, with the spans it stands in.
pub fn keep_lines() {
    *LINES.lock().unwrap_or_else(PoisonError::into_inner) = Some(String::new());
}

/// The lines that were kept.
pub fn kept_lines() -> String {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone().expect("keep_lines was called")
}

fn keep(name: &str, record: impl FnOnce(&mut Line)) {
    if let Some(lines) = LINES.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        let mut line = Line(name.to_owned());
        record(&mut line);
        lines.push_str(&line.0);
        lines.push('\n');
    }
}

/// Starts listening, once in a process.
pub fn watch() {
    WATCHING.get_or_init(|| {
        let subscriber = tracing_subscriber::registry().with(Errors);
        tracing::subscriber::set_global_default(subscriber).expect("only the tests install a subscriber");
    });
}

/// The error lines since the last call.
pub fn take_errors() -> Vec<String> {
    std::mem::take(&mut *ERRORS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether this process runs one test only, so that what it logs was caused by that test. True under nextest.
pub fn one_test_per_process() -> bool {
    std::env::var("NEXTEST_EXECUTION_MODE").is_ok_and(|mode| mode == "process-per-test")
}

struct Errors;

impl<S: Subscriber> Layer<S> for Errors {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        keep(span.metadata().name(), |line| span.record(line));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        keep("more", |line| values.record(line));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        keep(event.metadata().target(), |line| event.record(line));
        let own = ["causeway", "actix"].iter().any(|name| event.metadata().target().starts_with(name));
        if own && *event.metadata().level() == Level::ERROR {
            let mut line = Line(event.metadata().target().to_owned());
            event.record(&mut line);
            ERRORS.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
        }
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

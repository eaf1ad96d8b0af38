//! Whether something is real business, a trial, or a vendor's look at its own product.

use super::{Problems, Text};

crate::word_enum! {
    /// What a connection is for, and with it the subscriptions, requests, customers and usage files that go through it.
    /// Totals leave out what is not production.
    pub enum Environment { Production = "production", Test = "test", Preview = "preview" }
}

impl Environment {
    /// The words of a filter, and what people read for each.
    pub const CHOICES: &'static [(&'static str, &'static str)] = &[
        (Self::Production.as_str(), Self::Production.title()),
        (Self::Test.as_str(), Self::Test.title()),
        (Self::Preview.as_str(), Self::Preview.title()),
    ];

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Test => "Test",
            Self::Preview => "Preview",
        }
    }

    /// Whether it counts in totals, and needs no mark where it is shown.
    pub const fn is_production(self) -> bool {
        matches!(self, Self::Production)
    }

    /// Reads the word that a client sent; notes a problem with the field if it is none.
    pub fn read(problems: &mut Problems, field: &str, word: &str) -> Option<Self> {
        let known = Self::parse(word);
        problems.check(known.is_some(), field, || {
            Text::new("{word} is not an environment. Use production, test or preview.").arg("word", word)
        });
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_environment_can_be_filtered_by() {
        let words: Vec<&str> = Environment::CHOICES.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, Environment::WORDS);
    }

    #[test]
    fn another_word_is_refused_by_name() {
        let mut problems = Problems::default();
        assert_eq!(Environment::read(&mut problems, "type", "TEST"), Some(Environment::Test));
        assert_eq!(Environment::read(&mut problems, "type", "staging"), None);
        let told = problems.done().unwrap_err().to_string();
        assert_eq!(told, "type: staging is not an environment. Use production, test or preview.");
    }
}

//! Who reads, and how: language, number format, time zone and the present moment.
//!
//! A [`Locale`] is a catalogue of translated [`Text`]s, `locales/<tag>.json`. English needs no catalogue, its sentences
//! are the keys. `en-XA` is made from English by putting accents on it and brackets round it, so that a test can see
//! which words on a page never went through a text.
//!
//! A [`Reader`] is a locale with a time zone and the present moment; everything a person reads is put into words by it:
//!
//! ```
//! use causeway::kit::locale::Reader;
//! let reader = Reader::new("en", "Europe/Berlin", 1_763_647_200_000_000_i64);
//! assert_eq!(reader.time(1_763_647_000_000_000_i64), "Today, 14:56");
//! assert_eq!(reader.number("-18204.5000".parse().unwrap_or_default()), "−18,204.5000");
//! ```
//!
//! A catalogue looks like this; `number` and single texts may be left out:
//!
//! ```json
//! { "name": "Deutsch", "number": { "group": ".", "decimal": "," }, "texts": { "Sign in": "Anmelden" } }
//! ```

mod dates;
mod numbers;

pub use dates::{Dates, exact, iso};

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::text::{Form, Piece, Text, pieces};

/// The pseudo-locale in which every text is bracketed and accented.
pub const PSEUDO: &str = "en-XA";

/// Forms within forms are followed this deep; a catalogue needs two.
const DEPTH: u8 = 3;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Catalogues;

static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(|| {
    let mut all = vec![Locale::built_in("en", "English"), Locale::built_in(PSEUDO, "⟦Pseudo⟧")];
    for file in Catalogues::iter() {
        let Some(tag) = file.strip_suffix(".json") else { continue };
        let Some(content) = Catalogues::get(&file) else { continue };
        // A catalogue that cannot be read is left out; a test of this module keeps such a file from being built in.
        if let Ok(locale) = Locale::from_json(tag, &content.data) {
            all.push(locale);
        }
    }
    all
});

/// A language with its number format and translated texts.
#[derive(Debug)]
pub struct Locale {
    tag: String,
    name: String,
    group: String,
    decimal: String,
    texts: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    name: String,
    #[serde(default)]
    number: Separators,
    texts: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Separators {
    group: String,
    decimal: String,
}

impl Default for Separators {
    fn default() -> Self {
        Self { group: ",".to_owned(), decimal: ".".to_owned() }
    }
}

impl Locale {
    fn built_in(tag: &str, name: &str) -> Self {
        let Separators { group, decimal } = Separators::default();
        Self { tag: tag.to_owned(), name: name.to_owned(), group, decimal, texts: HashMap::new() }
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// What is wrong with the JSON.
    pub fn from_json(tag: &str, json: &[u8]) -> Result<Self, serde_json::Error> {
        let Catalogue { name, number, texts } = serde_json::from_slice(json)?;
        Ok(Self { tag: tag.to_owned(), name, group: number.group, decimal: number.decimal, texts })
    }

    /// English, which is always there.
    #[must_use]
    pub fn english() -> &'static Self {
        &LOCALES[0]
    }

    /// The locale of a tag: exactly, else of its language, else English. Case does not matter.
    #[must_use]
    pub fn find(tag: &str) -> &'static Self {
        let language = tag.split(['-', '_']).next().unwrap_or(tag);
        let named = |wanted: &str| LOCALES.iter().find(|locale| locale.tag.eq_ignore_ascii_case(wanted));
        named(tag).or_else(|| named(language)).unwrap_or_else(|| Self::english())
    }

    /// All locales a person can choose, English first; the pseudo-locale is not among them.
    pub fn choices() -> impl Iterator<Item = &'static Self> {
        LOCALES.iter().filter(|locale| locale.tag != PSEUDO)
    }

    /// The tag for the `lang` attribute.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The language's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn is_pseudo(&self) -> bool {
        self.tag == PSEUDO
    }

    fn translated<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// Which of the plural forms the number takes, by the rule of the language.
    fn plural_form(&self, number: Decimal) -> usize {
        let language = self.tag.split('-').next().unwrap_or_default();
        let Ok(n) = u128::try_from(number.abs().normalize()) else { return usize::MAX };
        if !number.fract().is_zero() {
            return usize::MAX;
        }
        let few = (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100));
        match language {
            "ja" | "ko" | "zh" | "vi" | "th" | "id" => 0,
            "fr" => usize::from(n > 1),
            "cs" | "sk" => match n {
                1 => 0,
                2..=4 => 1,
                _ => 2,
            },
            "pl" => match n {
                1 => 0,
                _ if few => 1,
                _ => 2,
            },
            "ru" | "uk" => match n {
                _ if n % 10 == 1 && n % 100 != 11 => 0,
                _ if few => 1,
                _ => 2,
            },
            _ => usize::from(n != 1),
        }
    }
}

/// A moment, as every type that means one can tell it.
pub trait Moment {
    /// Microseconds since 1970 in UTC.
    fn micros(&self) -> i64;
}

impl Moment for i64 {
    fn micros(&self) -> i64 {
        *self
    }
}

impl<T: Moment + ?Sized> Moment for &T {
    fn micros(&self) -> i64 {
        (**self).micros()
    }
}

/// Somebody who reads: in a language, in a time zone, now.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The language.
    pub locale: &'static Locale,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// The present moment, in microseconds since 1970 in UTC.
    pub now: i64,
    /// How dates are written.
    pub dates: Dates,
}

impl Reader {
    /// A reader by the tags of language and zone (IANA name). An unknown language reads English, an unknown zone is UTC.
    #[must_use]
    pub fn new(locale: &str, zone: &str, now: impl Moment) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        Self { locale: Locale::find(locale), zone, now: now.micros(), dates: Dates::Words }
    }

    /// With another way to write dates.
    #[must_use]
    pub fn dates(mut self, dates: Dates) -> Self {
        self.dates = dates;
        self
    }

    /// English in UTC, at no particular time.
    #[must_use]
    pub fn plain() -> Self {
        Self { locale: Locale::english(), zone: TimeZone::UTC, now: 0, dates: Dates::Words }
    }

    /// Puts a text into words.
    #[must_use]
    pub fn text(&self, text: &Text) -> String {
        self.put(text, &mut |value| value)
    }

    /// Like [`Reader::text`], with `mark` applied to the value of each argument and `words` to everything else.
    ///
    /// For markup: the caller escapes both and may set the values apart.
    pub fn marked(&self, text: &Text, words: impl Fn(&str) -> String, mark: impl Fn(&str) -> String) -> String {
        // The values are taken out first, so that nothing in them is taken for words of the sentence.
        let mut values = Vec::new();
        let sentence = self.put(text, &mut |value| {
            values.push(value);
            '\u{0}'.to_string()
        });
        let mut parts = sentence.split('\u{0}').map(&words);
        let mut out = parts.next().unwrap_or_default();
        for (value, rest) in values.iter().zip(parts) {
            out.push_str(&mark(value));
            out.push_str(&rest);
        }
        out
    }

    fn put(&self, text: &Text, value: &mut dyn FnMut(String) -> String) -> String {
        let sentence = self.locale.translated(text.key());
        if !self.locale.is_pseudo() && !sentence.contains('{') {
            return sentence.to_owned();
        }
        let found = pieces(sentence);
        let mut out = String::with_capacity(sentence.len() + 16);
        let bracketed = self.locale.is_pseudo()
            && found.iter().any(|piece| !matches!(piece, Piece::Place { form: Form::Plain | Form::Text, .. }));
        if bracketed {
            out.push('⟦');
        }
        self.write_pieces(&mut out, &found, text, None, value, DEPTH);
        if bracketed {
            out.push('⟧');
        }
        out
    }

    fn write_pieces(
        &self,
        out: &mut String,
        found: &[Piece<'_>],
        text: &Text,
        counted: Option<&str>,
        value: &mut dyn FnMut(String) -> String,
        depth: u8,
    ) {
        for piece in found {
            match piece {
                Piece::Words(words) if self.locale.is_pseudo() => out.extend(words.chars().map(accented)),
                Piece::Words(words) => out.push_str(words),
                Piece::Place { name, form } => {
                    let Some(given) = text.value(name) else {
                        out.push('{');
                        out.push_str(name);
                        out.push('}');
                        continue;
                    };
                    match form {
                        Form::Plural(forms) if depth > 0 => {
                            let number = given.parse::<Decimal>().unwrap_or_default();
                            let form = forms.get(self.locale.plural_form(number)).or(forms.last()).copied();
                            self.write_pieces(
                                out,
                                &pieces(form.unwrap_or_default()),
                                text,
                                Some(name),
                                value,
                                depth - 1,
                            );
                        }
                        Form::Text => match serde_json::from_str::<Text>(given) {
                            Ok(inner) => out.push_str(&self.put(&inner, value)),
                            Err(_) => out.push_str(&value(given.to_owned())),
                        },
                        Form::Plain if counted == Some(name) => out.push_str(&value(self.shown_number(given))),
                        _ => out.push_str(&value(self.shown(given, form))),
                    }
                }
            }
        }
    }

    fn shown(&self, given: &str, form: &Form<'_>) -> String {
        let moment = || given.parse::<i64>().ok();
        match form {
            Form::Word => self.put(&Text::kept(given), &mut |value| value),
            Form::Number => self.shown_number(given),
            Form::Day => moment().map(|at| self.day(at)).unwrap_or_else(|| given.to_owned()),
            Form::Time => moment().map(|at| self.time(at)).unwrap_or_else(|| given.to_owned()),
            Form::Plain | Form::Text | Form::Plural(_) => given.to_owned(),
        }
    }

    fn shown_number(&self, given: &str) -> String {
        given.parse().map_or_else(|_| given.to_owned(), |number| self.number(number))
    }
}

/// The letter with an accent, for the pseudo-locale.
fn accented(letter: char) -> char {
    const PLAIN: &str = "AaCcEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";
    const ACCENTED: &str = "ÅåÇçÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž";
    match PLAIN.chars().position(|plain| plain == letter) {
        Some(at) => ACCENTED.chars().nth(at).unwrap_or(letter),
        None => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(tag: &'static str, json: &str) -> Reader {
        let locale = Locale::from_json(tag, json.as_bytes()).expect("the catalogue is well formed");
        Reader { locale: Box::leak(Box::new(locale)), zone: TimeZone::UTC, now: 0, dates: Dates::Words }
    }

    #[test]
    fn the_key_is_the_english_text() {
        assert_eq!(Reader::plain().text(&Text::new("Sign in")), "Sign in");
    }

    #[test]
    fn a_catalogue_replaces_words_numbers_and_order() {
        let german = reader(
            "de",
            r#"{ "name": "Deutsch", "number": { "group": ".", "decimal": "," },
                 "texts": { "{who} changed {count|one item|{count} items} to {state:word}":
                            "{state:word}: {count|ein Artikel|{count} Artikel}, geändert von {who}",
                            "Pending": "Offen" } }"#,
        );
        let text = Text::new("{who} changed {count|one item|{count} items} to {state:word}")
            .arg("who", "Mara")
            .arg("count", 1200)
            .arg("state", "Pending");
        assert_eq!(german.text(&text), "Offen: 1.200 Artikel, geändert von Mara");
        assert_eq!(Reader::plain().text(&text), "Mara changed 1,200 items to Pending");
        assert_eq!(Reader::plain().text(&text.arg("count", 1)), "Mara changed one item to Pending");
    }

    #[test]
    fn plural_rules_of_some_languages() {
        let form = |tag: &str, n: i64| Locale::built_in(tag, "").plural_form(n.into());
        assert_eq!([0, 1, 2, 5, 21].map(|n| form("en", n)), [1, 0, 1, 1, 1]);
        assert_eq!([0, 1, 2].map(|n| form("fr", n)), [0, 0, 1]);
        assert_eq!([1, 3, 5, 12, 22].map(|n| form("pl", n)), [0, 1, 2, 2, 1]);
        assert_eq!([1, 2, 11, 21].map(|n| form("uk", n)), [0, 1, 2, 0]);
        assert_eq!([0, 1, 9].map(|n| form("ja", n)), [0, 0, 0]);
        let half = "1.5".parse::<Decimal>().expect("a number");
        assert_eq!(Locale::built_in("en", "").plural_form(half), usize::MAX);
    }

    #[test]
    fn the_pseudo_locale_marks_words_and_leaves_data() {
        let reader = Reader::new(PSEUDO, "UTC", 0_i64);
        assert_eq!(reader.text(&Text::new("Sent to {who}").arg("who", "Nord AS")), "⟦Šéñţ ţö Nord AS⟧");
        assert_eq!(reader.text(&Text::data("Nord AS")), "Nord AS");
        assert_eq!(reader.text(&Text::new("Pending")), "⟦Péñdîñĝ⟧");
        let inner = Text::new("Sent to {who}").arg("who", "Nord AS");
        assert_eq!(reader.text(&Text::new("No: {why:text}").part("why", &inner)), "⟦Ñö: ⟦Šéñţ ţö Nord AS⟧⟧");
    }

    #[test]
    fn marked_values_are_set_apart_and_never_read_as_words() {
        let text = Text::new("{who} marked {field} wrong").arg("who", "<b>\u{0}").arg("field", "E-mail");
        let html = Reader::plain().marked(&text, |words| words.to_uppercase(), |value| format!("[{value}]"));
        assert_eq!(html, "[<b>\u{0}] MARKED [E-mail] WRONG");
    }

    #[test]
    fn tags_fall_back_to_language_then_english() {
        assert_eq!(Locale::find("EN-us").tag(), "en");
        assert_eq!(Locale::find("xx").tag(), "en");
        assert_eq!(Locale::find("en-xa").tag(), PSEUDO);
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(Reader::new("en", "Mars/Olympus", 0_i64).zone, TimeZone::UTC);
    }

    #[test]
    fn every_catalogue_is_readable_and_keeps_the_arguments() {
        for file in Catalogues::iter().filter(|file| file.ends_with(".json")) {
            let content = Catalogues::get(&file).expect("it was listed");
            let locale = Locale::from_json(&file, &content.data).unwrap_or_else(|error| panic!("{file}: {error}"));
            for (key, translated) in &locale.texts {
                assert_eq!(names(key), names(translated), "{file}: arguments of {key:?}");
            }
        }
    }

    fn names(key: &str) -> Vec<String> {
        let mut names: Vec<String> = pieces(key)
            .iter()
            .filter_map(|piece| match piece {
                Piece::Place { name, .. } => Some((*name).to_owned()),
                Piece::Words(_) => None,
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

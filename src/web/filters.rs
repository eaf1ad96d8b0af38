//! The filters of all templates: words of the reader's language, times, numbers, icons, ids, people.
//!
//! A module whose structs derive `Template` says `use crate::web::filters;`. Every page and fragment is rendered by
//! [`super::layout::render`], which tells the filters who reads; without a reader they fail.
//!
//! | in a template | becomes |
//! |---|---|
//! | `{{ "Nothing here yet"\|t }}`, `{{ page.title\|t }}` or just `{{ page.title }}` | the text in the reader's language |
//! | `{{ "{count\|one row\|{count} rows}"\|with("count", rows)\|t }}` | the same with arguments |
//! | `{{ event.what\|rich }}` | the same, the arguments in `<b>` |
//! | `{{ row.created\|time }}`, `time_long`, `day`, `clock`, `since` | a `time` element with the exact moment as title |
//! | `{{ row.created\|time_text }}`, `day_text`, `since_text` | the words alone, for attributes and within texts |
//! | `{{ sum\|number }}`, `money`, `signed`, `size` | digits with the reader's separators |
//! | `{{ "check"\|icon }}`, `{{ "x"\|icon_large }}` | an icon |
//! | `{{ request.id\|copy }}` | an id with a button that copies it |
//! | `{{ name\|person }}`, `{{ name\|initials }}` | a face with the name; the initials alone |
//! | `{{ "css/app.css"\|asset }}` | the address of a file of ours |

#![expect(missing_docs, reason = "the attribute of a filter makes a type of it and leaves its words out")]

use std::borrow::Cow;
use std::fmt;

use askama::{FastWritable, Template, Values};
use rust_decimal::Decimal;

use super::icons::{self, Svg};
use super::part::parts;
use crate::kit::locale::{self, Moment, Reader};
use crate::kit::text::Text;
use crate::web::filters;

/// The name under which the reader stands among a template's values.
pub(super) const READER: &str = "reader";

/// What can be put into words: a text, or the literal key of one. Data of somebody's is neither: see [`Text::data`].
pub trait Words {
    /// The text.
    fn words(&self) -> Cow<'_, Text>;
}

impl Words for Text {
    fn words(&self) -> Cow<'_, Text> {
        Cow::Borrowed(self)
    }
}

impl Words for &'static str {
    fn words(&self) -> Cow<'_, Text> {
        Cow::Owned(Text::new(self))
    }
}

impl<T: Words + ?Sized> Words for &T {
    fn words(&self) -> Cow<'_, Text> {
        (**self).words()
    }
}

/// What is a number.
pub trait Number {
    /// Its exact value.
    fn decimal(&self) -> Decimal;
}

impl<T: Number + ?Sized> Number for &T {
    fn decimal(&self) -> Decimal {
        (**self).decimal()
    }
}

macro_rules! numbers {
    ($($type:ty)+) => { $(impl Number for $type {
        fn decimal(&self) -> Decimal {
            Decimal::from(*self)
        }
    })+ };
}
numbers!(u8 u16 u32 u64 usize i32 i64 Decimal);

/// A text writes itself for the reader; `|t` is needed only for literal keys.
impl FastWritable for Text {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&reader(values)?.text(self))?)
    }
}

fn reader(values: &dyn Values) -> askama::Result<&Reader> {
    askama::get_value::<Reader>(values, READER)
}

/// The text in the reader's language.
#[askama::filter_fn]
pub fn t<T: Words>(text: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.text(&text.words()))
}

/// The text with one more argument.
#[askama::filter_fn]
pub fn with<T: Words, V: ToString>(text: T, _: &dyn Values, name: &str, value: V) -> askama::Result<Text> {
    Ok(text.words().into_owned().arg(name.to_owned(), value.to_string()))
}

/// The text with its arguments set in `<b>`.
#[askama::filter_fn]
pub fn rich<T: Words>(text: T, values: &dyn Values) -> askama::Result<askama::filters::Safe<String>> {
    let marked = reader(values)?.marked(&text.words(), escaped, |value| format!("<b>{}</b>", escaped(value)));
    Ok(askama::filters::Safe(marked))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

/// A moment with its exact time behind it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ iso }}" title="{{ exact }}"{% if live %} data-since{% endif %}>{{ words }}</time>"#
)]
pub struct Time {
    iso: String,
    exact: String,
    words: String,
    live: bool,
}

impl Time {
    fn new(at: impl Moment, words: String) -> Self {
        Self { iso: locale::iso(&at), exact: locale::exact(&at), words, live: false }
    }
}

/// `18 Nov, 16:40` as a `time` element.
#[askama::filter_fn]
pub fn time<T: Moment>(at: T, values: &dyn Values) -> askama::Result<Time> {
    let words = reader(values)?.time(&at);
    Ok(Time::new(at, words))
}

/// `Wed 18 Nov 2026, 10:11` as a `time` element.
#[askama::filter_fn]
pub fn time_long<T: Moment>(at: T, values: &dyn Values) -> askama::Result<Time> {
    let words = reader(values)?.time_long(&at);
    Ok(Time::new(at, words))
}

/// `18 Nov 2026` as a `time` element.
#[askama::filter_fn]
pub fn day<T: Moment>(at: T, values: &dyn Values) -> askama::Result<Time> {
    let words = reader(values)?.day(&at);
    Ok(Time::new(at, words))
}

/// `14:58` as a `time` element.
#[askama::filter_fn]
pub fn clock<T: Moment>(at: T, values: &dyn Values) -> askama::Result<Time> {
    let words = reader(values)?.clock(&at);
    Ok(Time::new(at, words))
}

/// `2 d 5 h` ago as a `time` element that the page's script keeps up to date.
#[askama::filter_fn]
pub fn since<T: Moment>(at: T, values: &dyn Values) -> askama::Result<Time> {
    let words = reader(values)?.since(&at);
    Ok(Time { live: true, ..Time::new(at, words) })
}

/// `18 Nov, 16:40`, the words alone.
#[askama::filter_fn]
pub fn time_text<T: Moment>(at: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.time(at))
}

/// `18 Nov 2026`, the words alone.
#[askama::filter_fn]
pub fn day_text<T: Moment>(at: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.day(at))
}

/// `2 d 5 h`, the words alone.
#[askama::filter_fn]
pub fn since_text<T: Moment>(at: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.since(at))
}

/// A number with the decimals it has.
#[askama::filter_fn]
pub fn number<T: Number>(number: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.number(number.decimal()))
}

/// An amount with two decimals or more.
#[askama::filter_fn]
pub fn money<T: Number>(amount: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.money(amount.decimal()))
}

/// A change with its sign.
#[askama::filter_fn]
pub fn signed<T: Number>(change: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.signed(change.decimal()))
}

/// A number for the axis of a chart.
#[askama::filter_fn]
pub fn compact<T: Number>(number: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.compact(number.decimal()))
}

/// The size of a file.
#[askama::filter_fn]
pub fn size(bytes: &u64, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.size(*bytes))
}

/// The tag of the reader's language; the value is not looked at.
#[askama::filter_fn]
pub fn language<T>(_page: T, values: &dyn Values) -> askama::Result<String> {
    Ok(reader(values)?.locale.tag().to_owned())
}

/// The texts which the page's script needs, as attributes.
#[derive(Template)]
#[template(path = "web/script_words.html")]
pub struct ScriptWords {
    now: i64,
}

/// The texts which the page's script needs, as attributes; the value is not looked at.
#[askama::filter_fn]
pub fn script_words<T>(_page: T, values: &dyn Values) -> askama::Result<ScriptWords> {
    Ok(ScriptWords { now: reader(values)?.now })
}

/// An icon by its name.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> askama::Result<Svg> {
    Ok(icons::svg(name))
}

/// An icon by its name, in the size of a heading.
#[askama::filter_fn]
pub fn icon_large(name: &str, _: &dyn Values) -> askama::Result<Svg> {
    Ok(icons::svg(name).large())
}

/// The address of one of our own files, with the hash of its content in the name.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> askama::Result<String> {
    Ok(super::assets::url(name))
}

/// An id that can be copied.
#[derive(Template)]
#[template(path = "web/copy.html")]
pub struct Copy {
    id: String,
}

/// An id with a button that copies it.
#[askama::filter_fn]
pub fn copy<T: ToString>(id: T, _: &dyn Values) -> askama::Result<Copy> {
    Ok(Copy { id: id.to_string() })
}

/// Somebody's name with their initials.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<span class="person"><span class="face" aria-hidden="true">{{ initials }}</span>{{ name }}</span>"#
)]
pub struct Person {
    name: String,
    initials: String,
}

/// A person by their name.
#[askama::filter_fn]
pub fn person<T: ToString>(name: T, _: &dyn Values) -> askama::Result<Person> {
    let name = name.to_string();
    Ok(Person { initials: first_letters(&name), name })
}

/// The initials of a name.
#[askama::filter_fn]
pub fn initials<T: ToString>(name: T, _: &dyn Values) -> askama::Result<String> {
    Ok(first_letters(&name.to_string()))
}

/// The first letters of the first and the last word of a name, at most two.
#[must_use]
pub fn first_letters(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

parts!(Time, Copy, Person, ScriptWords);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::layout::render;

    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"{{ "{count|one row|{count} rows}"|with("count", rows)|t }} {{ title }} {{ title|t }} {{ who|rich }} {{ at|day }} {{ sum|money }} {{ name|person }} {{ "check"|icon }}"#
    )]
    struct Sample {
        rows: u64,
        title: Text,
        who: Text,
        at: i64,
        sum: Decimal,
        name: &'static str,
    }

    fn sample() -> Sample {
        Sample {
            rows: 1200,
            title: Text::new("A < B"),
            who: Text::new("{who} & others").arg("who", "<i>"),
            at: 0,
            sum: Decimal::from(5),
            name: "O'Hara \"Bo\" Ølund",
        }
    }

    #[test]
    fn everything_is_put_into_words_and_escaped() -> askama::Result<()> {
        let html = render(&sample(), &Reader::plain())?;
        assert!(
            html.starts_with("1,200 rows A &#60; B A &#60; B <b>&lt;i&gt;</b> &amp; others <time datetime="),
            "{html}"
        );
        assert!(html.contains(r#"title="1970-01-01 00:00:00 UTC">1 Jan 1970</time> 5.00 "#), "{html}");
        assert!(html.contains(r#"aria-hidden="true">OØ</span>O&#39;Hara &#34;Bo&#34; Ølund</span>"#), "{html}");
        assert!(html.ends_with(r##"<use href="#i-check"/></svg>"##), "{html}");
        Ok(())
    }

    #[test]
    fn a_template_without_a_reader_fails() {
        assert!(sample().render().is_err());
    }

    #[test]
    fn initials_of_all_kinds_of_names() {
        let letters = ["Mara Lindqvist", "plato", "  ", "(nobody) here", "李 小龙", "ßen al Šmid"].map(first_letters);
        assert_eq!(letters, ["ML", "P", "", "NH", "李小", "SSŠ"]);
    }
}

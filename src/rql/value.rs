//! The forms a value may have: quoted, a bare word, `null()`, `empty()`, a tuple; and what is forgiven.
//!
//! One widely used client never quotes, so `eq(mpn,A/B (x), 2nd)` arrives as it stands. Inside brackets such a value is
//! read up to the bracket that closes the operator.

use super::error::Error;
use super::filter::{Filter, Value};
use super::parse::Parser;
use super::source::{Ch, could_be_form, form_text, text};
use crate::kit::Text;

/// What stands where a value may stand.
pub(super) enum Operand {
    /// One value.
    Value(Value),
    /// `t(…)`: conditions on properties below the one compared.
    Tuple(Filter),
}

/// Where a value stands, which decides what ends it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// Last in `eq(prop,…)`: commas are part of it.
    Last,
    /// In a list: a comma ends it.
    Listed,
    /// After `prop=`.
    Infix,
}

impl Spot {
    fn is_end(self, ch: Option<Ch>) -> bool {
        match (self, ch) {
            (Spot::Infix, None) => true,
            (_, None) => false,
            (Spot::Last, Some(ch)) => ch.c == ')',
            (Spot::Listed, Some(ch)) => matches!(ch.c, ')' | ','),
            (Spot::Infix, Some(ch)) => matches!(ch.c, ')' | ',' | '|' | ';') || ch.is_and(),
        }
    }
}

impl Parser {
    /// A value or a tuple.
    pub(super) fn operand(&mut self, spot: Spot) -> Result<Operand, Error> {
        if self.looking_at("t(") {
            let start = self.at;
            self.at += 1;
            let tuple = self.tuple()?;
            if !spot.is_end(self.peek()) {
                return Err(self.unreadable(start));
            }
            return Ok(Operand::Tuple(tuple));
        }
        self.value(spot).map(Operand::Value)
    }

    /// A value.
    pub(super) fn value(&mut self, spot: Spot) -> Result<Value, Error> {
        for (word, value) in [("null()", Value::Null), ("empty()", Value::Empty)] {
            if self.looking_at(word) && spot.is_end(self.peek_at(word.len())) {
                self.at += word.len();
                return Ok(value);
            }
        }
        let start = self.at;
        let quote = self.peek().map(|ch| ch.c).filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote {
            if let Some(value) = self.quoted(quote)
                && spot.is_end(self.peek())
            {
                return Ok(Value::Quoted(value));
            }
            self.at = start;
        }
        let end = self.end_of_bare(spot).ok_or_else(|| self.unreadable(start))?;
        let bare = self.slice(start, end);
        let second_quote = quote.is_some_and(|quote| bare.iter().skip(1).any(|ch| ch.c == quote));
        let Some(first) = bare.first() else { return Err(self.missing_value()) };
        if second_quote || quote == Some('"') || first.c.is_whitespace() || (spot == Spot::Infix && stray_equals(bare))
        {
            return Err(self.unreadable(start));
        }
        let value = text(bare);
        self.at = end;
        Ok(Value::text(value))
    }

    /// The texts a bare infix value may stand for. A plus in form-encoded text is a space, but an unencoded plus may
    /// as well be meant: where the text does not tell, both readings.
    pub(super) fn infix_readings(&mut self) -> Result<Vec<Operand>, Error> {
        let start = self.at;
        let operand = self.operand(Spot::Infix)?;
        let written = self.slice(start, self.at);
        let inner_plus = written.iter().skip(1).any(|ch| ch.c == '+' && !ch.encoded);
        let second = (inner_plus && could_be_form(written)).then(|| form_text(written));
        let mut readings = vec![operand];
        readings.extend(second.map(|text| Operand::Value(Value::text(text))));
        Ok(readings)
    }

    /// A quoted text; the quote itself is written twice. Leaves the position behind it.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let c = self.peek()?.c;
            self.at += 1;
            if c != quote {
                out.push(c);
            } else if self.peek().is_some_and(|next| next.c == quote) {
                out.push(quote);
                self.at += 1;
            } else {
                return Some(out);
            }
        }
    }

    /// Where the bare value that begins here ends.
    fn end_of_bare(&self, spot: Spot) -> Option<usize> {
        let mut open = 0_usize;
        let mut at = self.at;
        loop {
            let ch = self.ch(at);
            if open == 0 && spot.is_end(ch) {
                break;
            }
            match ch.map(|ch| ch.c) {
                None => return if spot == Spot::Last { self.last_bracket() } else { None },
                Some('(') => open += 1,
                Some(')') => open -= 1,
                Some(_) => {}
            }
            at += 1;
        }
        let followed_well =
            |ch: Option<Ch>| ch.is_none_or(|ch| matches!(ch.c, ',' | ')' | '|' | ';' | '=') || ch.is_and());
        if spot == Spot::Last && !followed_well(self.ch(at + 1)) { self.last_bracket() } else { Some(at) }
    }

    /// For a value with a bracket too many or too few: the bracket before the next `&`. Only where the operator stands
    /// alone, as nothing else could tell where the value ends.
    fn last_bracket(&self) -> Option<usize> {
        if self.depth > 0 {
            return None;
        }
        let mut end = self.at;
        while self.ch(end).is_some_and(|ch| !ch.is_and()) {
            end += 1;
        }
        let end = end.checked_sub(1).filter(|&end| self.ch(end).is_some_and(|ch| ch.c == ')'))?;
        let has = |bracket: char| self.slice(self.at, end).iter().any(|ch| ch.c == bracket);
        (!(has('(') && has(')'))).then_some(end)
    }

    fn missing_value(&self) -> Error {
        let text = "A value is missing after {before}. For the empty text write empty(), for no value null().";
        Error::bad_query(Text::new(text).arg("before", self.before(self.at)))
    }

    fn unreadable(&self, start: usize) -> Error {
        let text = "The value at {at} cannot be read: put it in quotes, and close every bracket.";
        Error::bad_query(Text::new(text).arg("at", self.after(start)))
    }
}

/// Whether an equals sign stands where it cannot be the padding at the end of an encoded value.
fn stray_equals(bare: &[Ch]) -> bool {
    let body = bare.iter().rposition(|ch| !ch.is_equals()).map_or(0, |last| last + 1);
    body == 0 || bare.get(..body).unwrap_or_default().iter().any(|ch| ch.is_equals())
}

//! The parts of a query that are not conditions: `limit`, `offset`, `search`, `ordering(…)`, `select(…)`.
//!
//! They may stand anywhere a condition may, as long as all of the query has to hold: never among alternatives or
//! behind a `not`.

use super::error::Error;
use super::filter::{Filter, Op, Value};
use super::legacy::is_property;
use super::parse::Parser;
use super::value::Operand;
use super::{MAX_ORDERING, Pick, Query, Sort};
use crate::kit::Text;

const PAGING: &str = "Limit and offset are set incorrectly.";
const SEARCH_DEEP: &str = "Filter \"search\" can be applied only on top level.";

/// What has been met so far.
#[derive(Default)]
pub(super) struct Asides {
    /// How many; so that a group can tell whether one of them stood in it.
    pub(super) count: usize,
    last: Option<Aside>,
    limit: bool,
    offset: bool,
    ordering: bool,
    select: bool,
    /// `ordering=…` and `order_by=…`, which step back behind `ordering(…)`.
    old_ordering: Vec<Sort>,
}

#[derive(Clone, Copy)]
enum Aside {
    Paging,
    Search,
    Shape,
}

impl Parser {
    pub(super) fn finish(mut self) -> Query {
        if !self.asides.ordering {
            self.query.ordering = self.asides.old_ordering;
        }
        self.query
    }

    fn met(&mut self, aside: Aside) {
        self.asides.count += 1;
        self.asides.last = Some(aside);
    }

    /// Refuses what stood among alternatives or behind a `not`.
    pub(super) fn no_asides_since(&self, count: usize) -> Result<(), Error> {
        if self.asides.count == count {
            return Ok(());
        }
        Err(match self.asides.last {
            Some(Aside::Paging) => Error::fixed(Text::new(PAGING)),
            Some(Aside::Search) => Error::fixed(Text::new(SEARCH_DEEP)),
            _ => {
                let text = "ordering(…) and select(…) stand beside the conditions: take them out of or(…) and not(…).";
                Error::bad_query(Text::new(text))
            }
        })
    }

    /// Takes `property op operand` if the property is one of the special ones.
    pub(super) fn aside(&mut self, property: &str, op: Op, operand: &Operand) -> Result<bool, Error> {
        if self.in_tuple {
            return Ok(false);
        }
        if op != Op::Eq {
            self.refuse_aside(property, op.name())?;
            return Ok(false);
        }
        let text = match operand {
            Operand::Value(Value::Null) => "",
            Operand::Value(value) => value.as_text().unwrap_or_default(),
            Operand::Tuple(_) => {
                self.refuse_aside(property, op.name())?;
                return Ok(false);
            }
        };
        match property {
            "limit" => {
                let again = std::mem::replace(&mut self.asides.limit, true);
                self.query.limit = count(text).map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
                self.paged(again)?;
            }
            "offset" => {
                let again = std::mem::replace(&mut self.asides.offset, true);
                self.query.offset = count(text);
                self.paged(again)?;
            }
            "search" => self.search(text)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn paged(&mut self, again: bool) -> Result<(), Error> {
        self.met(Aside::Paging);
        if again { Err(Error::fixed(Text::new(PAGING))) } else { Ok(()) }
    }

    /// The special properties know equality only.
    pub(super) fn refuse_aside(&self, property: &str, lookup: &str) -> Result<(), Error> {
        match property {
            "limit" | "offset" if !self.in_tuple => Err(Error::fixed(Text::new(PAGING))),
            "search" if !self.in_tuple => {
                Err(Error::fixed(Text::new("Bad search filter: {name}.").arg("name", lookup)))
            }
            _ => Ok(()),
        }
    }

    /// `search=text`; quotes around all of it are taken off, nothing means no search.
    pub(super) fn search(&mut self, text: &str) -> Result<(), Error> {
        let mut wanted = text.trim();
        self.met(Aside::Search);
        if let Some(inner) = search_in_quotes(wanted) {
            wanted = inner.trim();
        }
        if self.query.search.is_some() && !wanted.is_empty() {
            return Err(Error::bad_query(Text::new("The query has two searches: put the words into one.")));
        }
        if !wanted.is_empty() {
            self.query.search = Some(wanted.to_owned());
        }
        Ok(())
    }

    /// `ordering(a,-b)`, standing at the bracket.
    pub(super) fn ordering(&mut self) -> Result<Option<Filter>, Error> {
        let properties = self.signed_properties()?;
        if std::mem::replace(&mut self.asides.ordering, true) {
            return Err(two_orderings());
        }
        self.query.ordering = ordered(properties)?;
        self.met(Aside::Shape);
        Ok(None)
    }

    /// The older `ordering=a,-b`.
    pub(super) fn old_ordering(&mut self, text: &str) -> Result<(), Error> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let properties: Vec<(bool, String)> = parts
            .map(|part| match part.strip_prefix('-') {
                Some(name) => (true, name.to_owned()),
                None => (false, part.strip_prefix('+').unwrap_or(part).to_owned()),
            })
            .collect();
        if let Some((_, name)) = properties.iter().find(|(_, name)| !is_property(name)) {
            return Err(Error::bad_ordering(name));
        }
        if !self.asides.old_ordering.is_empty() && !properties.is_empty() {
            return Err(two_orderings());
        }
        if !properties.is_empty() {
            self.asides.old_ordering = ordered(properties)?;
        }
        Ok(())
    }

    /// `select(a,-b)`, standing at the bracket.
    pub(super) fn select(&mut self) -> Result<Option<Filter>, Error> {
        let properties = self.signed_properties()?;
        if std::mem::replace(&mut self.asides.select, true) {
            let text = "Bad select filter: query can contain only one select operation.";
            return Err(Error::fixed(Text::new(text)));
        }
        let picks: Vec<Pick> = properties.into_iter().map(|(dropped, path)| Pick { path, dropped }).collect();
        let within =
            |path: &str, above: &str| path.strip_prefix(above).is_some_and(|r| r.is_empty() || r.starts_with('.'));
        for dropped in picks.iter().filter(|pick| pick.dropped) {
            if picks.iter().any(|pick| !pick.dropped && within(&pick.path, &dropped.path)) {
                return Err(Error::fixed(Text::new("Bad select filter: incompatible properties.")));
            }
        }
        self.query.select = picks;
        self.met(Aside::Shape);
        Ok(None)
    }

    /// `([+-]prop,…)`; whether each has a minus.
    fn signed_properties(&mut self) -> Result<Vec<(bool, String)>, Error> {
        self.expect('(')?;
        let mut properties = vec![];
        if self.take(')') {
            return Ok(properties);
        }
        loop {
            let minus = self.take('-');
            if !minus {
                self.take('+');
            }
            properties.push((minus, self.property()?));
            if !self.take(',') {
                break;
            }
        }
        self.expect(')')?;
        Ok(properties)
    }
}

fn ordered(properties: Vec<(bool, String)>) -> Result<Vec<Sort>, Error> {
    if properties.len() > MAX_ORDERING {
        let text = Text::new("Bad ordering filter: max allowed number is {name}.");
        return Err(Error::fixed(text.arg("name", MAX_ORDERING)));
    }
    Ok(properties.into_iter().map(|(descending, property)| Sort { property, descending }).collect())
}

fn two_orderings() -> Error {
    Error::fixed(Text::new("Bad ordering filter: query can contain only one ordering operation."))
}

/// A number of rows; anything else asks for the default. Larger numbers than fit mean the largest.
fn count(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// What stands within the quotes around the whole of a search.
pub(super) fn search_in_quotes(text: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// An operator at the front of a text, as in `search=ge=x`.
pub(super) fn search_op(text: &str) -> Option<Op> {
    let written = |op: &Op| text.strip_prefix(op.name()).is_some_and(|rest| rest.starts_with('='));
    Op::ALL.into_iter().find(|op| op.is_infix() && written(op))
}

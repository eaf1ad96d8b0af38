//! The grammar: terms joined by `&` and `,`, alternatives in brackets, operators.

use super::asides::Asides;
use super::error::{Error, shortened};
use super::filter::{Filter, Op};
use super::legacy;
use super::source::{Ch, form_text, text};
use super::value::{Operand, Spot};
use super::{MAX_CONDITIONS, MAX_DEPTH, Query};
use crate::kit::Text;

/// Reads the whole of a query.
pub(super) fn parse(source: &[Ch]) -> Result<Query, Error> {
    let mut parser = Parser::new(source);
    parser.query.filter = Filter::all(parser.chains()?);
    match parser.peek() {
        None => Ok(parser.finish()),
        Some(_) => Err(parser.unexpected()),
    }
}

/// Reads from the front; parts that are not conditions go into `query` as they are met.
pub(super) struct Parser {
    pub(super) source: Vec<Ch>,
    pub(super) at: usize,
    pub(super) depth: usize,
    conditions: usize,
    /// Within `t(…)`, where no property is special.
    pub(super) in_tuple: bool,
    pub(super) asides: Asides,
    pub(super) query: Query,
}

impl Parser {
    pub(super) fn new(source: &[Ch]) -> Self {
        Parser {
            source: source.to_vec(),
            at: 0,
            depth: 0,
            conditions: 0,
            in_tuple: false,
            asides: Asides::default(),
            query: Query::default(),
        }
    }

    /// Begins anew on another text; what was met so far stays.
    pub(super) fn restart(&mut self, source: &[Ch]) {
        self.source = source.to_vec();
        self.at = 0;
        self.depth = 0;
    }

    /// One term, and nothing behind it.
    pub(super) fn term_to_end(&mut self) -> Result<Option<Filter>, Error> {
        let filter = self.term()?;
        if self.peek().is_some() { Err(self.unexpected()) } else { Ok(filter) }
    }

    /// Chains joined by commas, until something else.
    fn chains(&mut self) -> Result<Vec<Filter>, Error> {
        let mut filters: Vec<Filter> = self.chain()?.0.into_iter().collect();
        while self.take(',') {
            filters.extend(self.chain()?.0);
        }
        Ok(filters)
    }

    /// Terms joined by `&`; and whether there was more than one.
    fn chain(&mut self) -> Result<(Option<Filter>, bool), Error> {
        let mut filters: Vec<Filter> = self.term()?.into_iter().collect();
        let mut joined = false;
        while self.peek().is_some_and(Ch::is_and) {
            self.at += 1;
            joined = true;
            filters.extend(self.term()?);
        }
        Ok((Filter::all(filters), joined))
    }

    fn term(&mut self) -> Result<Option<Filter>, Error> {
        match self.peek() {
            Some(Ch { c: '(', .. }) => self.nested(Parser::group),
            Some(ch) if ch.c.is_ascii_alphabetic() => {
                let name = self.name();
                match self.peek() {
                    Some(Ch { c: '(', .. }) => {
                        let filter = self.call(&name)?;
                        self.bare_equals();
                        Ok(filter)
                    }
                    Some(Ch { c: '=', .. }) => self.infix(&name),
                    _ => Err(self.unexpected()),
                }
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Steps over the `=` that libraries put behind a parameter without a value, `eq(a,b)=&limit=1`.
    fn bare_equals(&mut self) {
        if self.depth == 0 && self.peek().is_some_and(Ch::is_equals) && self.peek_at(1).is_none_or(Ch::is_and) {
            self.at += 1;
        }
    }

    /// Runs `inner` one level deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth == MAX_DEPTH {
            let text = "The query nests brackets more than {limit} deep: write it flatter.";
            return Err(Error::bad_query(Text::new(text).arg("limit", MAX_DEPTH)));
        }
        self.depth += 1;
        let out = inner(self);
        self.depth -= 1;
        out
    }

    /// `( … )`: alternatives if the first separator is `|` or `;`, otherwise a conjunction.
    fn group(&mut self) -> Result<Option<Filter>, Error> {
        self.expect('(')?;
        let asides = self.asides.count;
        let (first, joined) = self.chain()?;
        let mut filters: Vec<Filter> = first.into_iter().collect();
        let separator = self.peek().map(|ch| ch.c);
        let filter = match separator {
            Some(bar @ ('|' | ';')) if !joined => {
                while self.take(bar) {
                    filters.extend(self.term()?);
                }
                self.no_asides_since(asides)?;
                Filter::any(filters)
            }
            _ => {
                if self.take(',') {
                    filters.extend(self.chains()?);
                }
                Filter::all(filters)
            }
        };
        self.expect(')')?;
        Ok(filter)
    }

    /// `name( … )`, standing at the bracket.
    fn call(&mut self, name: &str) -> Result<Option<Filter>, Error> {
        if let Some(op) = Op::named(name) {
            return self.comparison(op);
        }
        match name {
            "and" => Ok(Filter::all(self.nested(Parser::arguments)?)),
            "or" => {
                let asides = self.asides.count;
                let filters = self.nested(Parser::arguments)?;
                self.no_asides_since(asides)?;
                Ok(Filter::any(filters))
            }
            "not" => self.nested(Parser::negation),
            "in" | "out" => self.list(name == "out").map(Some),
            "range" => self.range().map(Some),
            "t" => self.tuple().map(Some),
            "ordering" => self.ordering(),
            "select" => self.select(),
            _ => {
                let text = "{name} is not an operator. There are eq, ne, gt, ge, lt, le, in, out, like, ilike, range, \
                            and, or, not, ordering, select.";
                Err(Error::bad_query(Text::new(text).arg("name", shortened(name))))
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Filter>, Error> {
        self.expect('(')?;
        let filters = self.chains()?;
        self.expect(')')?;
        Ok(filters)
    }

    fn negation(&mut self) -> Result<Option<Filter>, Error> {
        self.expect('(')?;
        let asides = self.asides.count;
        let inner = self.chain()?.0;
        self.no_asides_since(asides)?;
        self.expect(')')?;
        Ok(inner.map(Filter::negated))
    }

    /// `eq(prop,value)` and its like.
    fn comparison(&mut self, op: Op) -> Result<Option<Filter>, Error> {
        self.expect('(')?;
        let property = self.property()?;
        self.expect(',')?;
        let operand = self.operand(Spot::Last)?;
        self.expect(')')?;
        if self.aside(&property, op, &operand)? {
            return Ok(None);
        }
        self.condition(property, op, operand).map(Some)
    }

    /// `prop=value`, `prop=op=value` or `prop=v1,v2`, standing at the equals sign.
    fn infix(&mut self, property: &str) -> Result<Option<Filter>, Error> {
        self.at += 1;
        if self.depth == 0 && matches!(property, "ordering" | "order_by") {
            let part = self.up_to_next_and();
            self.old_ordering(&text(&part))?;
            return Ok(None);
        }
        let explicit = self.infix_op();
        let op = explicit.unwrap_or(Op::Eq);
        if self.depth == 0 && property == "search" && op == Op::Eq {
            let part = self.up_to_next_and();
            self.search(&form_text(&part))?;
            return Ok(None);
        }
        if explicit.is_none() {
            return self.bare_infix(property);
        }
        let operand = self.operand(Spot::Infix)?;
        if self.aside(property, op, &operand)? {
            return Ok(None);
        }
        self.condition(property.to_owned(), op, operand).map(Some)
    }

    /// What follows `prop=` if it is no operator.
    fn bare_infix(&mut self, property: &str) -> Result<Option<Filter>, Error> {
        let start = self.at;
        let mut readings = self.infix_readings()?;
        if let Some(first) = readings.first()
            && self.aside(property, Op::Eq, first)?
        {
            return Ok(None);
        }
        while let Some(more) = self.next_word() {
            readings.extend(more);
        }
        if let Some((base, lookup)) = legacy::split_lookup(property) {
            self.count_condition()?;
            return legacy::condition(base, lookup, &legacy::value_text(self.slice(start, self.at)));
        }
        match readings.len() {
            1 => readings.pop().map(|operand| self.condition(property.to_owned(), Op::Eq, operand)).transpose(),
            _ => self.membership(property.to_owned(), false, readings).map(Some),
        }
    }

    /// The next value of `prop=v1,v2`; none if another term begins behind the comma.
    fn next_word(&mut self) -> Option<Vec<Operand>> {
        let before = self.at;
        if !self.take(',') {
            return None;
        }
        let readings = self.infix_readings().ok();
        let is_word = self.slice(before, self.at).iter().all(|ch| !matches!(ch.c, '(' | ')') && !ch.is_equals());
        let readings = readings.filter(|_| is_word);
        if readings.is_none() {
            self.at = before;
        }
        readings
    }

    /// `op=` after `prop=`.
    fn infix_op(&mut self) -> Option<Op> {
        let start = self.at;
        while self.peek().is_some_and(|ch| ch.c.is_ascii_lowercase()) {
            self.at += 1;
        }
        let op = Op::named(&text(self.slice(start, self.at))).filter(|op| op.is_infix());
        if op.is_some() && self.take('=') {
            return op;
        }
        self.at = start;
        None
    }

    /// `in(prop,(v,…))` or `out(…)`.
    fn list(&mut self, negated: bool) -> Result<Filter, Error> {
        self.expect('(')?;
        let property = self.property()?;
        self.expect(',')?;
        self.expect('(')?;
        let mut operands = vec![self.operand(Spot::Listed)?];
        while self.take(',') {
            operands.push(self.operand(Spot::Listed)?);
        }
        self.expect(')')?;
        self.expect(')')?;
        self.refuse_aside(&property, if negated { "out" } else { "in" })?;
        self.membership(property, negated, operands)
    }

    /// `range(prop,min,max)`, both ends included.
    fn range(&mut self) -> Result<Filter, Error> {
        self.expect('(')?;
        let property = self.property()?;
        self.expect(',')?;
        let min = self.value(Spot::Listed)?;
        self.expect(',')?;
        let max = self.value(Spot::Listed)?;
        self.expect(')')?;
        self.refuse_aside(&property, "range")?;
        self.count_condition()?;
        Ok(Filter::And(vec![Filter::compare(property.clone(), Op::Ge, min), Filter::compare(property, Op::Le, max)]))
    }

    /// `(cond,…)` after the `t` of a tuple.
    pub(super) fn tuple(&mut self) -> Result<Filter, Error> {
        self.nested(|parser| {
            let outer = std::mem::replace(&mut parser.in_tuple, true);
            let filters = parser.tuple_items();
            parser.in_tuple = outer;
            filters
        })
    }

    fn tuple_items(&mut self) -> Result<Filter, Error> {
        self.expect('(')?;
        let mut filters = vec![];
        loop {
            let start = self.at;
            let name = self.property()?;
            let filter = match self.peek().map(|ch| ch.c) {
                Some('=') => self.infix(&name)?,
                Some('(') if Op::named(&name).is_some() || matches!(name.as_str(), "in" | "out") => self.call(&name)?,
                _ => {
                    self.at = start;
                    return Err(self.unexpected());
                }
            };
            filters.extend(filter);
            if !self.take(',') {
                break;
            }
        }
        self.expect(')')?;
        Filter::all(filters).ok_or_else(|| self.unexpected())
    }

    fn condition(&mut self, property: String, op: Op, operand: Operand) -> Result<Filter, Error> {
        self.count_condition()?;
        match (operand, op) {
            (Operand::Value(value), _) => Ok(Filter::Compare { property, op, value }),
            (Operand::Tuple(inner), Op::Eq) => Ok(inner.under(&property)),
            (Operand::Tuple(inner), Op::Ne) => Ok(inner.under(&property).negated()),
            (Operand::Tuple(_), _) => {
                let text = Text::new("{op} cannot compare {property} with t(…): use eq, ne, in or out.");
                Err(Error::bad_query(text.arg("op", op.name()).arg("property", shortened(&property))))
            }
        }
    }

    fn membership(&mut self, property: String, negated: bool, operands: Vec<Operand>) -> Result<Filter, Error> {
        self.count_condition()?;
        let mut values = vec![];
        let mut filters = vec![];
        for operand in operands {
            match operand {
                Operand::Value(value) => values.push(value),
                Operand::Tuple(inner) => filters.push(inner.under(&property)),
            }
        }
        if filters.is_empty() {
            return Ok(Filter::In { property, negated, values });
        }
        if !values.is_empty() {
            filters.insert(0, Filter::In { property, negated: false, values });
        }
        let any = Filter::any(filters).ok_or_else(|| self.unexpected())?;
        Ok(if negated { any.negated() } else { any })
    }

    pub(super) fn count_condition(&mut self) -> Result<(), Error> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            let text = "The query has more than {limit} conditions: put values of one property into one in(…), or \
                        ask in parts.";
            return Err(Error::bad_query(Text::new(text).arg("limit", MAX_CONDITIONS)));
        }
        Ok(())
    }
}

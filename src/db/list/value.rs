//! Values of a query as values of a field.

use super::collection::{Field, Kind};
use super::plan::{Comparison, Node, Operand, Test};
use crate::kit::{Amount, Text, Time};
use crate::rql::{Error, Op, Pattern, Value};

const SECOND: i64 = 1_000_000;

/// Where a value came from, for its error.
struct Given<'a> {
    field: &'static Field,
    property: &'a str,
    lookup: &'a str,
    old_style: bool,
}

/// What `op(property,value)` asks of the field.
pub(super) fn compared(
    field: &'static Field,
    property: &str,
    op: Op,
    value: &Value,
    old_style: bool,
) -> Result<Node, Error> {
    let given = Given { field, property, lookup: op.name(), old_style };
    match op {
        Op::Eq => given.equal(value),
        Op::Ne => Ok(not(given.equal(value)?)),
        Op::Gt => given.sized(Comparison::Above, value),
        Op::Ge => given.sized(Comparison::From, value),
        Op::Lt => given.sized(Comparison::Below, value),
        Op::Le => given.sized(Comparison::UpTo, value),
        Op::Like | Op::Ilike => given.pattern(value, op == Op::Ilike),
    }
}

/// What `in(property,(values))` or `out(…)` asks of the field.
pub(super) fn listed(
    field: &'static Field,
    property: &str,
    lookup: &str,
    values: &[Value],
    old_style: bool,
) -> Result<Node, Error> {
    let given = Given { field, property, lookup, old_style };
    let mut operands = vec![];
    let mut others = vec![];
    for value in values {
        if let (Kind::Choice(words), Some(word)) = (field.kind, value.as_text())
            && known_word(words, word).is_none()
        {
            // Sent by clients that know other words than we do: no row has it.
            continue;
        }
        match given.equal(value)? {
            Node::Is(_, Test::Compare(Comparison::Equal, operand)) => operands.push(operand),
            other => others.push(other),
        }
    }
    if !operands.is_empty() {
        others.push(Node::Is(field, Test::OneOf(operands)));
    }
    let any = if others.len() == 1 { others.remove(0) } else { Node::Any(others) };
    Ok(if lookup == "out" { not(any) } else { any })
}

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

fn known_word(words: &'static [&'static str], given: &str) -> Option<&'static str> {
    words.iter().copied().find(|word| word.eq_ignore_ascii_case(given))
}

impl Given<'_> {
    fn equal(&self, value: &Value) -> Result<Node, Error> {
        if *value == Value::Null {
            return Ok(self.is(Test::Null));
        }
        let text = self.text(value)?;
        match self.field.kind {
            Kind::Text => Ok(self.compare(Comparison::Equal, Operand::Text(text.to_owned()))),
            Kind::Choice(words) => match known_word(words, text) {
                Some(word) => Ok(self.compare(Comparison::Equal, Operand::Text(word.to_owned()))),
                None => {
                    let sentence = Text::new("{value} is not one of {allowed}.").arg("allowed", words.join(", "));
                    Err(self.error(text, sentence))
                }
            },
            Kind::Flag => match text {
                "true" | "True" => Ok(self.is(Test::Flag(true))),
                "false" | "False" => Ok(self.is(Test::Flag(false))),
                "1" if self.old_style => Ok(self.is(Test::Flag(true))),
                "0" if self.old_style => Ok(self.is(Test::Flag(false))),
                _ => Err(self.error(text, Text::new("{value} is neither true nor false."))),
            },
            Kind::Int | Kind::Amount => Ok(self.compare(Comparison::Equal, self.number(text)?)),
            Kind::Time => {
                let (from, until) = self.span(text)?;
                Ok(Node::All(vec![self.compare(Comparison::From, from), self.compare(Comparison::Below, until)]))
            }
        }
    }

    fn sized(&self, comparison: Comparison, value: &Value) -> Result<Node, Error> {
        let text = self.text(value)?;
        match self.field.kind {
            Kind::Time => {
                let (from, until) = self.span(text)?;
                Ok(match comparison {
                    Comparison::From => self.compare(Comparison::From, from),
                    Comparison::Below => self.compare(Comparison::Below, from),
                    Comparison::Above => self.compare(Comparison::From, until),
                    Comparison::UpTo | Comparison::Equal => self.compare(Comparison::Below, until),
                })
            }
            Kind::Int | Kind::Amount => Ok(self.compare(comparison, self.number(text)?)),
            // Not reached: these kinds do not have the operators.
            Kind::Text | Kind::Choice(_) | Kind::Flag => Err(self.error(text, Text::new("{value} has no size."))),
        }
    }

    fn pattern(&self, value: &Value, folded: bool) -> Result<Node, Error> {
        let text = self.text(value)?;
        let pattern = Pattern::parse(text).map_err(|_| {
            self.error(
                text,
                Text::new("Two stars side by side are no pattern: one * stands for any text, \\* for a star."),
            )
        })?;
        Ok(self.is(Test::Matches { pattern, folded }))
    }

    /// The text of a value that has to have one.
    fn text<'v>(&self, value: &'v Value) -> Result<&'v str, Error> {
        match value {
            Value::Plain(text) | Value::Quoted(text) => Ok(text),
            Value::Empty if self.field.kind == Kind::Text => Ok(""),
            Value::Empty => {
                Err(self.error("empty()", Text::new("{value} is for texts only. For no value write null().")))
            }
            Value::Null => {
                Err(self.error("null()", Text::new("{value} can be compared with eq, ne, in and out only.")))
            }
        }
    }

    fn number(&self, text: &str) -> Result<Operand, Error> {
        let text = text.trim();
        if self.field.kind == Kind::Int {
            let whole = text.parse().map(Operand::Int);
            return whole.map_err(|_| self.error(text, Text::new("{value} is not a whole number.")));
        }
        let amount = Amount::parse(text).map(|amount| Operand::Text(amount.to_string()));
        amount.map_err(|_| self.error(text, Text::new("{value} is not a number like 12.50.")))
    }

    /// The first moment that a time means and the first behind it. The wire shows whole seconds, so a time without a
    /// fraction means all of its second: what a client was shown, it can ask for.
    fn span(&self, text: &str) -> Result<(Operand, Operand), Error> {
        // Form decoding upstream turns the plus of a zone into a space.
        let spaced = || text.contains('T').then(|| Time::parse(&text.trim().replace(' ', "+"))).flatten();
        let Some(Time(from)) = Time::parse(text).or_else(spaced) else {
            let sentence = "{value} is not a time like 2021-01-31 or 2021-01-31T12:00:00+00:00.";
            return Err(self.error(text, Text::new(sentence)));
        };
        let until = from.saturating_add(if text.contains('.') { 1 } else { SECOND });
        if self.field.json.is_none() {
            return Ok((Operand::Int(from), Operand::Int(until)));
        }
        // Kept as the wire writes it: round up to whole seconds, which compare as text.
        let wire = |at: i64| Time(at.saturating_add(SECOND - 1).div_euclid(SECOND).saturating_mul(SECOND)).wire();
        Ok((Operand::Text(wire(from)), Operand::Text(wire(until))))
    }

    fn is(&self, test: Test) -> Node {
        Node::Is(self.field, test)
    }

    fn compare(&self, comparison: Comparison, operand: Operand) -> Node {
        self.is(Test::Compare(comparison, operand))
    }

    fn error(&self, value: &str, sentence: Text) -> Error {
        let shown = crate::rql::shortened(value);
        Error::value(self.property, self.lookup, value, sentence.arg("value", shown))
    }
}

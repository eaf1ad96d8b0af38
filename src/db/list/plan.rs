//! A query held against a collection: properties found, operators allowed, values of the right kind.

use super::collection::{Collection, Field, Kind, Place};
use super::value;
use super::{Rules, Unknown};
use crate::db::{Error, Result};
use crate::kit::Text;
use crate::rql::{self, Filter, Op, Pattern, Query, Value};

/// What a statement has to say. Conditions are positive; `ne` and `out` are a [`Node::Not`].
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    /// All of them; none at all is true.
    All(Vec<Node>),
    /// One of them; none at all is false.
    Any(Vec<Node>),
    /// Not so, or without a value.
    Not(Box<Node>),
    /// One field.
    Is(&'static Field, Test),
}

/// What is asked of a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// It has no value.
    Null,
    /// It is true, or false.
    Flag(bool),
    /// It compares so.
    Compare(Comparison, Operand),
    /// It is one of these.
    OneOf(Vec<Operand>),
    /// It matches; whatever the case, if `folded`.
    Matches {
        /// What it has to look like.
        pattern: Pattern,
        /// `ilike` rather than `like`.
        folded: bool,
    },
}

/// A comparison that databases have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// `=`
    Equal,
    /// `>`
    Above,
    /// `>=`
    From,
    /// `<`
    Below,
    /// `<=`
    UpTo,
}

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    /// Text; a decimal too.
    Text(String),
    /// Number or microseconds.
    Int(i64),
}

/// A query that fits its collection.
#[derive(Debug)]
pub(super) struct Plan {
    /// What the rows have to be.
    pub filter: Node,
    /// The order, most significant first, and whether it falls.
    pub order: Vec<(&'static Field, bool)>,
    /// Properties the collection does not know.
    pub ignored: Vec<String>,
}

/// Holds a query against a collection.
pub(super) fn plan(collection: &Collection, query: &Query, rules: &Rules<'_>) -> Result<Plan> {
    let mut reader = Reader { collection, rules, old_style: query.old_style, ignored: vec![] };
    let mut all = vec![];
    for (name, text) in rules.within {
        let field = collection.field(name).ok_or_else(|| undeclared(collection, name))?;
        all.push(value::compared(field, name, Op::Eq, &Value::Quoted((*text).to_owned()), false).map_err(refused)?);
    }
    if let Some((name, at)) = rules.after {
        let field = collection.field(name).ok_or_else(|| undeclared(collection, name))?;
        all.push(Node::Is(field, Test::Compare(Comparison::Above, Operand::Int(at.0))));
    }
    if let Some(filter) = &query.filter {
        all.extend(reader.filter(filter).map_err(refused)?);
    }
    if let Some(text) = &query.search {
        all.extend(reader.search(text).map_err(refused)?);
    }
    let order = ordered(collection, query)?;
    Ok(Plan { filter: Node::All(all), order, ignored: reader.ignored })
}

fn refused(error: rql::Error) -> Error {
    Error::Refused(error.into())
}

fn undeclared(collection: &Collection, name: &str) -> Error {
    Error::Outside(format!("the list {} does not declare {name}", collection.name))
}

fn ordered(collection: &Collection, query: &Query) -> Result<Vec<(&'static Field, bool)>> {
    let mut order: Vec<(&'static Field, bool)> = vec![];
    let mut add = |field: &'static Field, falling| {
        if order.iter().all(|(known, _)| known.name != field.name) {
            order.push((field, falling));
        }
    };
    for sort in &query.ordering {
        let field = collection.field(&sort.property).filter(|field| field.orderable && !field.internal);
        add(field.ok_or_else(|| refused(rql::Error::bad_ordering(&sort.property)))?, sort.descending);
    }
    if query.ordering.is_empty() {
        for name in collection.order {
            let (plain, falling) = name.strip_prefix('-').map_or((*name, false), |plain| (plain, true));
            add(collection.field(plain).ok_or_else(|| undeclared(collection, plain))?, falling);
        }
    }
    Ok(order)
}

struct Reader<'a> {
    collection: &'a Collection,
    rules: &'a Rules<'a>,
    old_style: bool,
    ignored: Vec<String>,
}

impl Reader<'_> {
    /// The filter; none if nothing of it is known here.
    fn filter(&mut self, filter: &Filter) -> std::result::Result<Option<Node>, rql::Error> {
        match filter {
            Filter::And(inner) => Ok(self.several(inner)?.map(Node::All)),
            Filter::Or(inner) => Ok(self.several(inner)?.map(Node::Any)),
            Filter::Not(inner) => Ok(self.filter(inner)?.map(|node| Node::Not(Box::new(node)))),
            Filter::Compare { property, op, value } => {
                // Whether there is a value may be asked of every field.
                let lookup = if *value == Value::Null && matches!(op, Op::Eq | Op::Ne) { "" } else { op.name() };
                let Some(field) = self.field(property, lookup)? else { return Ok(None) };
                value::compared(field, property, *op, value, self.old_style).map(Some)
            }
            Filter::In { property, negated, values } => {
                let lookup = if *negated { "out" } else { "in" };
                let Some(field) = self.field(property, lookup)? else { return Ok(None) };
                value::listed(field, property, lookup, values, self.old_style).map(Some)
            }
        }
    }

    /// The text anywhere in one of the searchable fields.
    fn search(&mut self, text: &str) -> std::result::Result<Option<Node>, rql::Error> {
        let pattern = Pattern::containing(text);
        let fields = self.collection.fields.iter().filter(|field| field.searchable);
        let looks = |field| Node::Is(field, Test::Matches { pattern: pattern.clone(), folded: true });
        let nodes: Vec<Node> = fields.map(looks).collect();
        if !nodes.is_empty() {
            return Ok(Some(Node::Any(nodes)));
        }
        match self.rules.unknown {
            Unknown::Ignore => {
                self.ignored.push("search".to_owned());
                Ok(None)
            }
            Unknown::Refuse => {
                let text = Text::new("This list cannot be searched. Remove the search.");
                Err(rql::Error::lookup("search", "eq", text))
            }
        }
    }

    fn several(&mut self, inner: &[Filter]) -> std::result::Result<Option<Vec<Node>>, rql::Error> {
        let mut nodes = vec![];
        for filter in inner {
            nodes.extend(self.filter(filter)?);
        }
        Ok((!nodes.is_empty()).then_some(nodes))
    }

    /// The field, if the operator suits it; none if the property is unknown and that is forgiven.
    fn field(&mut self, property: &str, lookup: &str) -> std::result::Result<Option<&'static Field>, rql::Error> {
        match self.collection.field(property).filter(|field| !field.internal) {
            Some(field) if lookup.is_empty() || field.lookups.contains(&lookup) => Ok(Some(field)),
            Some(field) => {
                let text = Text::new("{lookup} cannot be used here. Use {allowed}.").arg("lookup", lookup);
                Err(rql::Error::lookup(property, lookup, text.arg("allowed", field.lookups.join(", "))))
            }
            None if self.rules.unknown == Unknown::Ignore => {
                self.ignored.push(property.to_owned());
                Ok(None)
            }
            None => {
                let text = Text::new("This list has no filter of that name. Remove it.");
                Err(rql::Error::lookup(property, lookup, text))
            }
        }
    }
}

impl Node {
    /// The to-many relation that all of it is about, so that it can be asked of one related row.
    pub(super) fn relation(&self) -> Option<&'static str> {
        match self {
            Node::Is(field, _) => match field.place {
                Place::Many(relation) => Some(relation),
                _ => None,
            },
            Node::Not(_) => None,
            Node::All(inner) | Node::Any(inner) => {
                let first = inner.first()?.relation()?;
                inner.iter().all(|node| node.relation() == Some(first)).then_some(first)
            }
        }
    }

    /// Calls `each` with every field.
    pub(super) fn visit(&self, each: &mut impl FnMut(&'static Field)) {
        match self {
            Node::All(inner) | Node::Any(inner) => inner.iter().for_each(|node| node.visit(each)),
            Node::Not(inner) => inner.visit(each),
            Node::Is(field, _) => each(field),
        }
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Kind {
    /// Whether it is compared as text, which needs a collation on PostgreSQL.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Choice(_))
    }
}

//! The tree of conditions.

/// A condition or a combination of conditions.
///
/// The reader never builds a group of one or a group directly inside one of its own kind; [`Filter::all`] and
/// [`Filter::any`] keep it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// At least one of them.
    Or(Vec<Filter>),
    /// Rows the inner filter does not match, those without a value included.
    Not(Box<Filter>),
    /// One property against one value.
    Compare {
        /// The property as it was written.
        property: String,
        /// How.
        op: Op,
        /// With what.
        value: Value,
    },
    /// One property against a list.
    In {
        /// The property as it was written.
        property: String,
        /// `out(…)`: none of the values, rather than one of them.
        negated: bool,
        /// The list; never empty.
        values: Vec<Value>,
    },
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal; true for rows without a value.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Matches a pattern, case-sensitive.
    Like,
    /// Matches a pattern, whatever the case.
    Ilike,
}

impl Op {
    /// Every comparison.
    pub const ALL: [Op; 8] = [Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le, Op::Like, Op::Ilike];

    /// Its name in the language.
    pub const fn name(self) -> &'static str {
        match self {
            Op::Eq => "eq",
            Op::Ne => "ne",
            Op::Gt => "gt",
            Op::Ge => "ge",
            Op::Lt => "lt",
            Op::Le => "le",
            Op::Like => "like",
            Op::Ilike => "ilike",
        }
    }

    /// The comparison of that name; `gte` and `lte` are understood too.
    pub(super) fn named(name: &str) -> Option<Op> {
        match name {
            "gte" => Some(Op::Ge),
            "lte" => Some(Op::Le),
            _ => Op::ALL.into_iter().find(|op| op.name() == name),
        }
    }

    /// Whether it may stand between two equals signs (`created=ge=2021-01-01`).
    pub(super) fn is_infix(self) -> bool {
        !matches!(self, Op::Like | Op::Ilike)
    }
}

/// A value, and how it was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A bare word.
    Plain(String),
    /// In quotes, or with characters that should have stood in quotes.
    Quoted(String),
    /// `null()`: no value.
    Null,
    /// `empty()`: the empty text.
    Empty,
}

impl Value {
    /// A text: plain where that can be read back, quoted otherwise.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if is_plain(&text) { Value::Plain(text) } else { Value::Quoted(text) }
    }

    /// The text of it; none for `null()`.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Plain(text) | Value::Quoted(text) => Some(text),
            Value::Empty => Some(""),
            Value::Null => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::text(text)
    }
}

/// What the published grammar reads without quotes, less the space.
fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '*' | '+' | '\\');
    text.starts_with(word) && text.chars().all(|c| word(c) || matches!(c, '.' | ':' | '@'))
}

impl Filter {
    /// `property op value`.
    pub fn compare(property: impl Into<String>, op: Op, value: impl Into<Value>) -> Self {
        Filter::Compare { property: property.into(), op, value: value.into() }
    }

    /// `eq(property,value)`.
    pub fn eq(property: impl Into<String>, value: impl Into<Value>) -> Self {
        Filter::compare(property, Op::Eq, value)
    }

    /// `in(property,(values))`; none if there is no value.
    pub fn one_of<V: Into<Value>>(property: impl Into<String>, values: impl IntoIterator<Item = V>) -> Option<Self> {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        (!values.is_empty()).then(|| Filter::In { property: property.into(), negated: false, values })
    }

    /// All of the filters; none if there are none.
    pub fn all(filters: impl IntoIterator<Item = Filter>) -> Option<Self> {
        let mut flat = vec![];
        for filter in filters {
            match filter {
                Filter::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Filter::And(flat)) } else { flat.pop() }
    }

    /// At least one of the filters; none if there are none.
    pub fn any(filters: impl IntoIterator<Item = Filter>) -> Option<Self> {
        let mut flat = vec![];
        for filter in filters {
            match filter {
                Filter::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Filter::Or(flat)) } else { flat.pop() }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        Filter::Not(Box::new(self))
    }

    /// The property all its conditions are about; none if there are several.
    pub fn property(&self) -> Option<&str> {
        match self {
            Filter::Compare { property, .. } | Filter::In { property, .. } => Some(property),
            Filter::Not(inner) => inner.property(),
            Filter::And(inner) | Filter::Or(inner) => {
                let first = inner.first()?.property()?;
                let same = |filter: &Filter| filter.property().is_some_and(|other| same_property(first, other));
                inner.iter().all(same).then_some(first)
            }
        }
    }

    /// Whether a condition wants the property to be this word. A negation wants nothing.
    #[must_use]
    pub fn wants(&self, of: &str, word: &str) -> bool {
        let is = |value: &Value| value.as_text().is_some_and(|text| text.eq_ignore_ascii_case(word));
        match self {
            Filter::And(inner) | Filter::Or(inner) => inner.iter().any(|filter| filter.wants(of, word)),
            Filter::Not(_) => false,
            Filter::Compare { property, op, value } => *op == Op::Eq && same_property(property, of) && is(value),
            Filter::In { property, negated, values } => {
                !negated && same_property(property, of) && values.iter().any(is)
            }
        }
    }

    /// The filter with `prefix.` before each property, for `prefix=t(…)`.
    pub(super) fn under(self, prefix: &str) -> Self {
        let all = |inner: Vec<Filter>| inner.into_iter().map(|filter| filter.under(prefix)).collect();
        match self {
            Filter::And(inner) => Filter::And(all(inner)),
            Filter::Or(inner) => Filter::Or(all(inner)),
            Filter::Not(inner) => Filter::Not(Box::new(inner.under(prefix))),
            Filter::Compare { property, op, value } => {
                Filter::Compare { property: format!("{prefix}.{property}"), op, value }
            }
            Filter::In { property, negated, values } => {
                Filter::In { property: format!("{prefix}.{property}"), negated, values }
            }
        }
    }
}

/// Whether two spellings name the same property: `asset__product__id` is `asset.product.id`.
pub fn same_property(one: &str, other: &str) -> bool {
    one == other || one.replace("__", ".") == other.replace("__", ".")
}

//! Collections as data: what a list is made of, and which properties a query may name.
//!
//! A store declares its collections as constants that read like the table in the API's documentation. No SQL is
//! written twice: a join is written once and named, a field says which join it lives in, and only what a query uses
//! ends up in the statement.

/// What a query may ask of a list.
#[derive(Debug)]
pub struct Collection {
    /// Its name in errors and logs, `requests`.
    pub name: &'static str,
    /// Table and alias of the listed object, `request r`. The alias `p` is the party row's.
    pub from: &'static str,
    /// SQL of the object's id, `r.id`.
    pub id: &'static str,
    /// Which rows an account may see.
    pub scope: Scope,
    /// To-one relations, those that others need before those others.
    pub joins: &'static [Join],
    /// To-many relations.
    pub many: &'static [Many],
    /// The properties.
    pub fields: &'static [Field],
    /// Order of the list where the query names none, `["-created"]`.
    pub order: &'static [&'static str],
}

/// Which rows an account may see. There is no scope that forgets to ask.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// The objects of this kind that have a `party` row for the account. The list starts from `party p`, whose primary
    /// key (account_id, kind, object_id) makes every id occur once; the object's own table is joined only if needed.
    Party(&'static str),
    /// The rows whose column, given as SQL, holds the account's id.
    Owner(&'static str),
    /// A condition of its own, in which `{account}` stands for the account's id. It must not multiply rows: write
    /// `exists (…)`, not a join.
    Sql(&'static str),
    /// The same for everyone: countries, units, locales.
    Public,
}

/// A relation to at most one row.
#[derive(Debug, Clone, Copy)]
pub struct Join {
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
    pub(super) outer: bool,
    pub(super) needs: &'static [&'static str],
}

impl Join {
    /// A relation that always has its row: `Join::inner("product", "product pr on pr.id = r.product_id")`. Where the
    /// row may be missing this would lose objects; use [`Join::left`].
    pub const fn inner(name: &'static str, sql: &'static str) -> Self {
        Join { name, sql, outer: false, needs: &[] }
    }

    /// A relation that may have no row; its fields are nullable.
    pub const fn left(name: &'static str, sql: &'static str) -> Self {
        Join { name, sql, outer: true, needs: &[] }
    }

    /// The joins its condition refers to, instead of the listed object; `"party"` for the party row.
    #[must_use]
    pub const fn after(self, joins: &'static [&'static str]) -> Self {
        Join { needs: joins, ..self }
    }
}

/// A relation to any number of rows. Conditions on its fields mean "one of the rows is so"; several that have to hold
/// together are asked of the same row.
#[derive(Debug, Clone, Copy)]
pub struct Many {
    pub(super) name: &'static str,
    pub(super) from: &'static str,
    pub(super) on: &'static str,
    pub(super) needs: &'static [&'static str],
    /// The path of a list in the JSON document `from`, whose texts are the rows.
    pub(super) elements: Option<&'static str>,
}

impl Many {
    /// The texts of a list in a JSON document, `Many::elements("countries", "m.doc", "countries", "country")`: each is
    /// `country.value`.
    pub const fn elements(name: &'static str, document: &'static str, list: &'static str, alias: &'static str) -> Self {
        Many { name, from: document, on: alias, needs: &[], elements: Some(list) }
    }

    /// `Many::new("params", "asset_param ap", "ap.asset_id = a.id")`.
    pub const fn new(name: &'static str, from: &'static str, on: &'static str) -> Self {
        Many { name, from, on, needs: &[], elements: None }
    }

    /// The joins its condition refers to, instead of the listed object; `"party"` for the party row.
    #[must_use]
    pub const fn after(self, joins: &'static [&'static str]) -> Self {
        Many { needs: joins, ..self }
    }
}

/// What kind of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, compared byte by byte.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// True or false.
    Flag,
    /// Whole number.
    Int,
    /// A moment: microseconds in UTC.
    Time,
    /// Exact decimal: `numeric` on PostgreSQL, canonical text on SQLite.
    Amount,
}

/// Where a field's SQL lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The listed object's id.
    Id,
    /// The listed object.
    Object,
    /// The party row.
    Party,
    /// The join of this name.
    Join(&'static str),
    /// The to-many relation of this name.
    Many(&'static str),
}

/// A property of the objects of a collection. In its SQL `{account}` stands for the account that reads, as in a scope:
/// what a partner has with the reader. Lists with the scope `Public` have no reader.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
    pub(super) kind: Kind,
    pub(super) place: Place,
    pub(super) json: Option<&'static str>,
    pub(super) folded: Option<&'static str>,
    pub(super) lookups: &'static [&'static str],
    pub(super) nullable: bool,
    pub(super) orderable: bool,
    pub(super) searchable: bool,
    pub(super) internal: bool,
}

impl Field {
    /// The name by which queries ask for it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The operators that it can be filtered by.
    #[must_use]
    pub const fn lookups(&self) -> &'static [&'static str] {
        self.lookups
    }

    /// Whether a list can be ordered by it.
    #[must_use]
    pub const fn is_orderable(&self) -> bool {
        self.orderable
    }

    /// Whether queries from outside may name it.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        !self.internal
    }

    const fn new(name: &'static str, sql: &'static str, kind: Kind) -> Self {
        let lookups: &[&str] = match kind {
            Kind::Text | Kind::Choice(_) => &["eq", "ne", "like", "ilike", "in", "out"],
            Kind::Flag => &["eq", "ne", "in", "out"],
            Kind::Int | Kind::Time | Kind::Amount => &["eq", "ne", "ge", "gt", "le", "lt", "in", "out"],
        };
        Field {
            name,
            sql,
            kind,
            place: Place::Object,
            json: None,
            folded: None,
            lookups,
            nullable: false,
            orderable: false,
            searchable: false,
            internal: false,
        }
    }

    /// The object's id, under the name `id`; needs no join even in a party list.
    pub const fn id() -> Self {
        Field { place: Place::Id, ..Field::new("id", "", Kind::Text) }
    }

    /// A text.
    pub const fn text(name: &'static str, sql: &'static str) -> Self {
        Field::new(name, sql, Kind::Text)
    }

    /// A text that no object has here, but that clients ask for: whoever asks for one finds nothing.
    pub const fn nothing(name: &'static str) -> Self {
        Field::text(name, "cast(null as text)").nullable()
    }

    /// One of a set of words; an unknown word is refused.
    pub const fn choice(name: &'static str, sql: &'static str, words: &'static [&'static str]) -> Self {
        Field::new(name, sql, Kind::Choice(words))
    }

    /// True or false.
    pub const fn flag(name: &'static str, sql: &'static str) -> Self {
        Field::new(name, sql, Kind::Flag)
    }

    /// A whole number.
    pub const fn int(name: &'static str, sql: &'static str) -> Self {
        Field::new(name, sql, Kind::Int)
    }

    /// A moment, or a date kept as its midnight in UTC.
    pub const fn time(name: &'static str, sql: &'static str) -> Self {
        Field::new(name, sql, Kind::Time)
    }

    /// An exact decimal.
    pub const fn amount(name: &'static str, sql: &'static str) -> Self {
        Field::new(name, sql, Kind::Amount)
    }

    /// The same under another name.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Field { name, ..self }
    }

    /// It stands in the party row: its SQL begins with `p.`.
    #[must_use]
    pub const fn of_party(self) -> Self {
        Field { place: Place::Party, ..self }
    }

    /// It stands in the join of this name.
    #[must_use]
    pub const fn via(self, join: &'static str) -> Self {
        Field { place: Place::Join(join), ..self }
    }

    /// It stands in the to-many relation of this name; it cannot be ordered by.
    #[must_use]
    pub const fn many(self, relation: &'static str) -> Self {
        Field { place: Place::Many(relation), ..self }
    }

    /// Its SQL is a JSON document, in which it stands at this path, `created.by.id`. No index helps here. A moment is
    /// kept as the wire writes it, in whole seconds.
    #[must_use]
    pub const fn json(self, path: &'static str) -> Self {
        Field { json: Some(path), nullable: true, ..self }
    }

    /// A column that holds the text as `kit::fold` writes it, for `ilike` and search beyond ASCII.
    #[must_use]
    pub const fn folded(self, sql: &'static str) -> Self {
        Field { folded: Some(sql), ..self }
    }

    /// Some objects have no value. They come last in ascending order.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Field { nullable: true, ..self }
    }

    /// Lists may be ordered by it.
    #[must_use]
    pub const fn orderable(self) -> Self {
        Field { orderable: true, ..self }
    }

    /// `search=` looks here.
    #[must_use]
    pub const fn searchable(self) -> Self {
        Field { searchable: true, ..self }
    }

    /// Only these operators: `.only(&["eq", "in"])`. `null()` is always understood.
    #[must_use]
    pub const fn only(self, lookups: &'static [&'static str]) -> Self {
        Field { lookups, ..self }
    }

    /// Not for clients: only for `Rules::within`.
    #[must_use]
    pub const fn internal(self) -> Self {
        Field { internal: true, ..self }
    }
}

impl Collection {
    /// The property of this name; `asset__product__id` finds `asset.product.id` if there is no other.
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        let exact = |name: &str| self.fields.iter().find(|field| field.name == name);
        exact(name).or_else(|| if name.contains("__") { exact(&name.replace("__", ".")) } else { None })
    }

    /// Whether the list starts from the party row.
    pub(super) fn is_by_party(&self) -> bool {
        matches!(self.scope, Scope::Party(_))
    }

    /// SQL of the id that needs the fewest joins.
    pub(super) fn id_sql(&self) -> &'static str {
        if self.is_by_party() { "p.object_id" } else { self.id }
    }
}

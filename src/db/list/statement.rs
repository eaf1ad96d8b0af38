//! The SQL of a plan, for either database: tables, order, window.

use diesel::sql_types::{BigInt, Text};

use super::collection::{Collection, Field, Kind, Place};
use super::condition;
use super::plan::{Operand, Plan};
use crate::db::{AnyConn, Error, MultiBackend, Result};

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

impl Dialect {
    /// Of this connection.
    pub(super) fn of(conn: &AnyConn) -> Self {
        match conn {
            AnyConn::Pg(_) => Dialect::Postgres,
            AnyConn::Sqlite(_) => Dialect::Sqlite,
        }
    }
}

/// Text with `$1`, `$2`, … in the order of appearance, and their values.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// The SQL.
    pub text: String,
    /// The values.
    pub binds: Vec<Operand>,
}

/// A statement with its values, ready to run.
pub(super) type Bound = diesel::query_builder::BoxedSqlQuery<'static, MultiBackend, diesel::query_builder::SqlQuery>;

impl Statement {
    /// For diesel.
    pub(super) fn bound(self) -> Bound {
        let start = diesel::sql_query(self.text).into_boxed::<MultiBackend>();
        self.binds.into_iter().fold(start, |query, operand| match operand {
            Operand::Text(text) => query.bind::<Text, _>(text),
            Operand::Int(number) => query.bind::<BigInt, _>(number),
        })
    }
}

/// Which rows, and in which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Rows to pass over, from the end if `backwards`.
    pub skip: i64,
    /// Rows wanted.
    pub take: i64,
    /// Read the list from its end.
    pub backwards: bool,
}

/// Writes the statements of one plan.
pub(super) struct Writer<'a> {
    pub(super) collection: &'a Collection,
    pub(super) account: Option<&'a str>,
    pub(super) plan: &'a Plan,
    pub(super) dialect: Dialect,
}

impl<'a> Writer<'a> {
    pub(super) fn new(collection: &'a Collection, account: Option<&'a str>, plan: &'a Plan, dialect: Dialect) -> Self {
        Writer { collection, account, plan, dialect }
    }

    /// `select count(*)`.
    pub(super) fn count(&self) -> Result<Statement> {
        self.statement("count(*) as total", false)
    }

    /// The ids of a window.
    pub(super) fn ids(&self, window: Window) -> Result<Statement> {
        let mut statement = self.statement(&format!("{} as id", self.collection.id_sql()), true)?;
        statement.text.push_str(" order by ");
        statement.text.push_str(&self.order(window.backwards));
        statement.text.push_str(&format!(" limit {} offset {}", window.take, window.skip));
        Ok(statement)
    }

    fn statement(&self, columns: &str, with_order: bool) -> Result<Statement> {
        let condition = condition::of(self)?;
        let text = format!("select {columns} from {} where {}", self.tables(with_order)?, condition.text);
        Ok(Statement { text, binds: condition.binds })
    }

    /// The tables that the conditions, and the order if wanted, need.
    fn tables(&self, with_order: bool) -> Result<String> {
        let mut needed =
            Needed { collection: self.collection, joins: vec![false; self.collection.joins.len()], object: false };
        let mut places = vec![];
        self.plan.filter.visit(&mut |field| places.push(field.place));
        if with_order {
            places.extend(self.plan.order.iter().map(|(field, _)| field.place));
        }
        for place in places {
            needed.place(place)?;
        }
        let mut text =
            if self.collection.is_by_party() { "party p".to_owned() } else { self.collection.from.to_owned() };
        if self.collection.is_by_party() && needed.object {
            text.push_str(&format!(" join {} on {} = p.object_id", self.collection.from, self.collection.id));
        }
        for (join, _) in self.collection.joins.iter().zip(&needed.joins).filter(|(_, needed)| **needed) {
            text.push_str(if join.outer { " left join " } else { " join " });
            text.push_str(join.sql);
        }
        Ok(text)
    }

    /// The order, always ended by the id so that pages neither overlap nor leave gaps. An index for a list ends in the
    /// sorted column (times falling, the rest rising) and the id; the id's direction follows from that.
    fn order(&self, backwards: bool) -> String {
        let mut parts = vec![];
        let mut id_falls = false;
        for (field, falls) in &self.plan.order {
            let column = self.column(field);
            let column = if field.kind.is_text() { self.bytewise(&column) } else { column };
            let nulls = match (field.nullable, falls ^ backwards) {
                (false, _) => "",
                (true, false) => " nulls last",
                (true, true) => " nulls first",
            };
            parts.push(format!("{column}{}{nulls}", if falls ^ backwards { " desc" } else { "" }));
            id_falls = falls ^ (field.kind == Kind::Time);
            if field.place == Place::Id {
                return parts.join(", ");
            }
        }
        let id = self.bytewise(self.collection.id_sql());
        parts.push(format!("{id}{}", if id_falls ^ backwards { " desc" } else { "" }));
        parts.join(", ")
    }

    /// The field's value.
    pub(super) fn column(&self, field: &Field) -> String {
        let sql = if field.place == Place::Id { self.collection.id_sql() } else { field.sql };
        // Every scope but that of everybody's lists binds the account first.
        let sql = sql.replace("{account}", "$1");
        let value = match (field.json, self.dialect) {
            (None, _) => sql,
            (Some(path), Dialect::Sqlite) => format!("({sql} ->> '$.{path}')"),
            (Some(path), Dialect::Postgres) => {
                let cast = match field.kind {
                    Kind::Text | Kind::Choice(_) | Kind::Time => "",
                    Kind::Flag => "::boolean",
                    Kind::Int => "::bigint",
                    Kind::Amount => "::numeric",
                };
                let text = format!("({sql} #>> '{{{}}}'){cast}", path.replace('.', ","));
                if field.kind == Kind::Time { self.bytewise(&text) } else { text }
            }
        };
        match (field.kind, self.dialect) {
            (Kind::Amount, Dialect::Sqlite) => format!("{value} collate decimal"),
            _ => value,
        }
    }

    /// Text that is ordered by its bytes; SQLite does so anyway.
    pub(super) fn bytewise(&self, sql: &str) -> String {
        match self.dialect {
            Dialect::Postgres => format!("{sql} collate \"C\""),
            Dialect::Sqlite => sql.to_owned(),
        }
    }
}

/// Which joins a statement needs.
struct Needed<'a> {
    collection: &'a Collection,
    joins: Vec<bool>,
    object: bool,
}

impl Needed<'_> {
    fn place(&mut self, place: Place) -> Result<()> {
        match place {
            Place::Id | Place::Party => Ok(()),
            Place::Object => {
                self.object = true;
                Ok(())
            }
            Place::Join(name) => self.join(name),
            Place::Many(name) => {
                let many = self.collection.many.iter().find(|many| many.name == name);
                self.all(many.ok_or_else(|| self.undeclared(name))?.needs)
            }
        }
    }

    fn join(&mut self, name: &str) -> Result<()> {
        if name == "party" {
            return Ok(());
        }
        let at = self.collection.joins.iter().position(|join| join.name == name);
        let at = at.ok_or_else(|| self.undeclared(name))?;
        let (Some(join), Some(mark)) = (self.collection.joins.get(at), self.joins.get_mut(at)) else { return Ok(()) };
        // Marked before its own needs are met, so that joins that need each other do not run in a circle.
        if std::mem::replace(mark, true) { Ok(()) } else { self.all(join.needs) }
    }

    fn all(&mut self, names: &[&str]) -> Result<()> {
        if names.is_empty() {
            self.object = true;
        }
        names.iter().try_for_each(|name| self.join(name))
    }

    fn undeclared(&self, name: &str) -> Error {
        Error::Outside(format!("the list {} does not declare the relation {name}", self.collection.name))
    }
}

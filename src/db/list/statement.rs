//! The SQL of a plan, for either database.
//!
//! Conditions are written so that both databases decide alike: text by bytes, `not` by "is not true" (a row without a
//! value is not equal to anything), decimals by their value.

use diesel::sql_types::{BigInt, Text};

use super::collection::{Collection, Field, Kind, Place, Scope};
use super::plan::{Comparison, Node, Operand, Plan, Test};
use crate::db::{AnyConn, Error, MultiBackend, Result};
use crate::kit::fold;
use crate::rql::Pattern;

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
    collection: &'a Collection,
    account: Option<&'a str>,
    plan: &'a Plan,
    dialect: Dialect,
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
        let mut conditions = Conditions { writer: self, text: String::new(), binds: vec![] };
        conditions.scope()?;
        conditions.node(&self.plan.filter)?;
        let Conditions { text, binds, .. } = conditions;
        Ok(Statement { text: format!("select {columns} from {}{text}", self.tables(with_order)?), binds })
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
    fn column(&self, field: &Field) -> String {
        let sql = if field.place == Place::Id { self.collection.id_sql() } else { field.sql };
        let value = match (field.json, self.dialect) {
            (None, _) => sql.to_owned(),
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
    fn bytewise(&self, sql: &str) -> String {
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

/// The `where` of a statement, as it grows.
struct Conditions<'a> {
    writer: &'a Writer<'a>,
    text: String,
    binds: Vec<Operand>,
}

impl Conditions<'_> {
    fn push(&mut self, sql: &str) {
        self.text.push_str(sql);
    }

    fn bind(&mut self, operand: Operand) {
        self.binds.push(operand);
        self.text.push_str(&format!("${}", self.binds.len()));
    }

    fn bind_account(&mut self) -> Result<()> {
        let Some(account) = self.writer.account else {
            let name = self.writer.collection.name;
            return Err(Error::Outside(format!("the list {name} was asked for without an account")));
        };
        self.bind(Operand::Text(account.to_owned()));
        Ok(())
    }

    /// ` where …`, ready for the filter.
    fn scope(&mut self) -> Result<()> {
        self.push(" where ");
        match self.writer.collection.scope {
            Scope::Party(kind) => {
                self.push("p.account_id = ");
                self.bind_account()?;
                self.push(" and p.kind = ");
                self.bind(Operand::Text(kind.to_owned()));
                self.push(" and ");
            }
            Scope::Owner(column) => {
                self.push(column);
                self.push(" = ");
                self.bind_account()?;
                self.push(" and ");
            }
            Scope::Sql(condition) => {
                self.push("(");
                for (at, part) in condition.split("{account}").enumerate() {
                    if at > 0 {
                        self.bind_account()?;
                    }
                    self.push(part);
                }
                self.push(") and ");
            }
            Scope::Public => {}
        }
        Ok(())
    }

    fn node(&mut self, node: &Node) -> Result<()> {
        match node {
            Node::Not(inner) => {
                self.push("(");
                self.node(inner)?;
                self.push(") is not true");
                Ok(())
            }
            Node::All(inner) => self.all(inner),
            Node::Any(inner) => self.joined(inner, " or ", "false"),
            Node::Is(field, test) => match field.place {
                Place::Many(relation) => self.related(relation, std::slice::from_ref(&node)),
                _ => {
                    self.test(field, test);
                    Ok(())
                }
            },
        }
    }

    fn joined(&mut self, nodes: &[Node], word: &str, none: &str) -> Result<()> {
        if nodes.is_empty() {
            self.push(none);
            return Ok(());
        }
        self.push("(");
        for (at, node) in nodes.iter().enumerate() {
            if at > 0 {
                self.push(word);
            }
            self.node(node)?;
        }
        self.push(")");
        Ok(())
    }

    /// All nodes; those about one to-many relation are asked of one related row.
    fn all(&mut self, nodes: &[Node]) -> Result<()> {
        let mut done: Vec<&str> = vec![];
        let mut first = true;
        for node in nodes {
            let relation = node.relation();
            if relation.is_some_and(|name| done.contains(&name)) {
                continue;
            }
            self.push(if first { "(" } else { " and " });
            first = false;
            match relation {
                Some(name) => {
                    done.push(name);
                    match nodes.iter().filter(|node| node.relation() == relation).collect::<Vec<_>>().as_slice() {
                        [one] => self.node(one)?,
                        several => self.related(name, several)?,
                    }
                }
                None => self.node(node)?,
            }
        }
        self.push(if first { "true" } else { ")" });
        Ok(())
    }

    /// One related row for which all nodes hold. "No value", asked alone, is true without a row as well.
    fn related(&mut self, relation: &str, nodes: &[&Node]) -> Result<()> {
        let many = self.writer.collection.many.iter().find(|many| many.name == relation);
        let Some(many) = many else {
            let name = self.writer.collection.name;
            return Err(Error::Outside(format!("the list {name} does not declare the relation {relation}")));
        };
        let only_null = nodes.iter().all(|node| matches!(node, Node::Is(_, Test::Null)));
        let exists = format!("exists (select 1 from {} where {}", many.from, many.on);
        if only_null {
            self.push(&format!("(not {exists}) or "));
        }
        self.push(&exists);
        for node in nodes {
            self.push(" and ");
            self.of_row(node);
        }
        self.push(if only_null { "))" } else { ")" });
        Ok(())
    }

    /// A node about one related row.
    fn of_row(&mut self, node: &Node) {
        let (inner, word, none) = match node {
            Node::Is(field, test) => return self.test(field, test),
            Node::All(inner) => (inner, " and ", "true"),
            Node::Any(inner) => (inner, " or ", "false"),
            // Not reached: a negation is about no single row.
            Node::Not(_) => return self.push("false"),
        };
        self.push(if inner.is_empty() { none } else { "(" });
        for (at, node) in inner.iter().enumerate() {
            if at > 0 {
                self.push(word);
            }
            self.of_row(node);
        }
        self.push(if inner.is_empty() { "" } else { ")" });
    }

    fn test(&mut self, field: &'static Field, test: &Test) {
        let column = self.writer.column(field);
        match test {
            Test::Null => self.push(&format!("{column} is null")),
            Test::Flag(value) => self.push(&format!("{column} = {value}")),
            Test::Compare(comparison, operand) => {
                let sign = match comparison {
                    Comparison::Equal => "=",
                    Comparison::Above => ">",
                    Comparison::From => ">=",
                    Comparison::Below => "<",
                    Comparison::UpTo => "<=",
                };
                self.push(&format!("{column} {sign} "));
                self.operand(field, operand);
            }
            Test::OneOf(operands) => {
                self.push(&format!("{column} in ("));
                for (at, operand) in operands.iter().enumerate() {
                    if at > 0 {
                        self.push(", ");
                    }
                    self.operand(field, operand);
                }
                self.push(")");
            }
            Test::Matches { pattern, folded: false } => self.matches(&column, pattern),
            Test::Matches { pattern, folded: true } => match field.folded {
                Some(folded) => self.matches(folded, &pattern.map(fold)),
                // Without a folded column only ASCII letters fold, on both databases.
                None => {
                    let lower = format!("lower({})", self.writer.bytewise(&column));
                    self.matches(&lower, &pattern.map(str::to_ascii_lowercase));
                }
            },
        }
    }

    fn operand(&mut self, field: &Field, operand: &Operand) {
        self.bind(operand.clone());
        if field.kind == Kind::Amount && self.writer.dialect == Dialect::Postgres {
            self.push("::numeric");
        }
    }

    /// `like` on PostgreSQL; `glob` on SQLite, whose `like` knows no case.
    fn matches(&mut self, column: &str, pattern: &Pattern) {
        if let Some(text) = pattern.exact() {
            self.push(&format!("{column} = "));
            return self.bind(Operand::Text(text.to_owned()));
        }
        let (word, star, special): (&str, &str, &[char]) = match self.writer.dialect {
            Dialect::Postgres => ("like", "%", &['%', '_', '\\']),
            Dialect::Sqlite => ("glob", "*", &['*', '?', '[']),
        };
        let literal = |piece: &String| {
            let mut out = String::new();
            for c in piece.chars() {
                match self.writer.dialect {
                    Dialect::Postgres if special.contains(&c) => out.extend(['\\', c]),
                    Dialect::Sqlite if special.contains(&c) => out.extend(['[', c, ']']),
                    _ => out.push(c),
                }
            }
            out
        };
        let pieces: Vec<String> = pattern.pieces().iter().map(literal).collect();
        self.push(&format!("{column} {word} "));
        self.bind(Operand::Text(pieces.join(star)));
    }
}

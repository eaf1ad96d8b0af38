//! The condition of a statement: the scope, then what the query wants.
//!
//! It is written so that both databases decide alike: text by bytes, `not` by "is not true" (a row without a value is
//! not equal to anything), decimals by their value.

use super::collection::{Field, Kind, Place, Scope};
use super::plan::{Comparison, Node, Operand, Test};
use super::statement::{Dialect, Statement, Writer};
use crate::db::{Error, Result};
use crate::kit::fold;
use crate::rql::Pattern;

/// What stands behind `where`, and its values.
pub(super) fn of(writer: &Writer<'_>) -> Result<Statement> {
    let mut conditions = Conditions { writer, text: String::new(), binds: vec![] };
    conditions.scope()?;
    conditions.node(&writer.plan.filter)?;
    let Conditions { text, binds, .. } = conditions;
    Ok(Statement { text, binds })
}

/// The condition as it grows.
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

    /// The scope and an `and`, ready for the filter.
    fn scope(&mut self) -> Result<()> {
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
        let (from, on) = (many.from, many.on);
        let rows = match (many.elements, self.writer.dialect) {
            (None, _) => format!("{from} where {on}"),
            (Some(list), Dialect::Sqlite) => format!("json_each({from}, '$.{list}') {on} where true"),
            (Some(list), Dialect::Postgres) => {
                format!("jsonb_array_elements_text({from} -> '{list}') as {on}(value) where true")
            }
        };
        let exists = format!("exists (select 1 from {rows}");
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

//! Statements written as text with typed parameters.
//!
//! For what diesel's query builder cannot spell or would prepare anew at each call: pages, queues, counters. The text
//! consists of constant pieces, the parameters carry their SQL types, each database gets its own placeholders, and the
//! prepared statement is cached under its text.

use std::marker::PhantomData;

use diesel::{
    QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    result::{DatabaseErrorKind, Error},
    sql_types::{BigInt, Binary, Text},
    sqlite::Sqlite,
};
use uuid::Uuid;

use super::types::{Instant, Key};
use crate::domain::{ids::ObjectId, timestamp::Timestamp};

/// A statement whose rows have the SQL type `ST`.
#[derive(Clone, Debug)]
pub struct Sql<ST = ()> {
    parts: Vec<Part>,
    is_cached: bool,
    row: PhantomData<ST>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(&'static str),
    Key(ObjectId),
    Time(Timestamp),
    Int(i64),
    Bytes(Vec<u8>),
    Str(String),
}

impl<ST> Sql<ST> {
    /// Begins with this text.
    pub fn new(text: &'static str) -> Self {
        Self { parts: vec![Part::Text(text)], is_cached: true, row: PhantomData }
    }

    /// Goes on with this text.
    pub fn sql(mut self, text: &'static str) -> Self {
        self.parts.push(Part::Text(text));
        self
    }

    /// An id as a parameter.
    pub fn key(mut self, id: impl Into<Uuid>) -> Self {
        self.parts.push(Part::Key(ObjectId(id.into())));
        self
    }

    /// A time as a parameter.
    pub fn time(mut self, time: Timestamp) -> Self {
        self.parts.push(Part::Time(time));
        self
    }

    /// A number as a parameter.
    pub fn int(mut self, number: impl Into<i64>) -> Self {
        self.parts.push(Part::Int(number.into()));
        self
    }

    /// Bytes as a parameter.
    pub fn bytes(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.parts.push(Part::Bytes(bytes.into()));
        self
    }

    /// A text as a parameter.
    pub fn str(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Str(text.into()));
        self
    }

    /// Goes on with another statement's pieces.
    pub fn append<Other>(mut self, other: Sql<Other>) -> Self {
        self.parts.extend(other.parts);
        self.is_cached &= other.is_cached;
        self
    }

    /// A list of parameters, comma-separated, which nothing is in if it is empty; the caller bounds its length. Each
    /// length is another text, so the statement is not cached.
    pub fn keys<I: Into<Uuid>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.is_cached = false;
        let mut is_empty = true;
        for id in ids {
            if !is_empty {
                self = self.sql(", ");
            }
            self = self.key(id);
            is_empty = false;
        }
        // PostgreSQL takes no empty list
        if is_empty { self.sql("NULL") } else { self }
    }
}

impl<ST: 'static> QueryId for Sql<ST> {
    type QueryId = ();
    // the text is the key of the statement cache
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Sql<ST> {
    type SqlType = ST;
}

impl<ST, C> RunQueryDsl<C> for Sql<ST> {}

macro_rules! fragment {
    ($database:ident) => {
        impl<ST> QueryFragment<$database> for Sql<ST> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $database>) -> QueryResult<()> {
                if !self.is_cached {
                    out.unsafe_to_cache_prepared();
                }
                for part in &self.parts {
                    match part {
                        Part::Text(text) => out.push_sql(text),
                        Part::Key(id) => out.push_bind_param::<Key, _>(id)?,
                        Part::Time(time) => out.push_bind_param::<Instant, _>(time)?,
                        Part::Int(number) => out.push_bind_param::<BigInt, _>(number)?,
                        Part::Bytes(bytes) => out.push_bind_param::<Binary, _>(bytes)?,
                        Part::Str(text) => out.push_bind_param::<Text, _>(text)?,
                    }
                }
                Ok(())
            }
        }
    };
}

fragment!(Sqlite);
fragment!(Pg);

/// Whether the error is a unique constraint's on this column of this table.
pub fn is_taken(error: &Error, table: &str, column: &str) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, about) = error else { return false };
    match about.constraint_name() {
        Some(name) => name == format!("{table}_{column}_key") || name == format!("{table}_pkey"),
        // SQLite names the columns in its message
        None => about.message().contains(&format!("{table}.{column}")),
    }
}

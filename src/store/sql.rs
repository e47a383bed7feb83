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
    sql_types::{BigInt, Binary, Bool, Nullable, Text},
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
    Value(Value),
}

/// A parameter.
#[derive(Clone, Debug)]
pub enum Value {
    Key(Option<ObjectId>),
    Time(Option<Timestamp>),
    Int(Option<i64>),
    Bool(bool),
    Bytes(Vec<u8>),
    Str(Option<String>),
}

macro_rules! values {
    ($($from:ty => $variant:ident($value:ident => $made:expr);)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                Self::$variant($made)
            }
        }
    )*};
}

values! {
    Timestamp => Time(time => Some(time));
    Option<Timestamp> => Time(time => time);
    i64 => Int(number => Some(number));
    i32 => Int(number => Some(number.into()));
    Option<i32> => Int(number => number.map(i64::from));
    bool => Bool(is_so => is_so);
    &[u8] => Bytes(bytes => bytes.to_vec());
    &str => Str(text => Some(text.to_owned()));
    Option<&str> => Str(text => text.map(str::to_owned));
    &Option<String> => Str(text => text.clone());
}

impl Value {
    /// An id.
    pub fn key(id: impl Into<Uuid>) -> Self {
        Self::Key(Some(ObjectId(id.into())))
    }

    /// An id, or none.
    pub fn optional_key(id: Option<impl Into<Uuid>>) -> Self {
        Self::Key(id.map(|id| ObjectId(id.into())))
    }
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
    pub fn key(self, id: impl Into<Uuid>) -> Self {
        self.value(Value::key(id))
    }

    /// A time as a parameter.
    pub fn time(self, time: Timestamp) -> Self {
        self.value(time)
    }

    /// A number as a parameter.
    pub fn int(self, number: impl Into<i64>) -> Self {
        self.value(number.into())
    }

    /// Bytes as a parameter.
    pub fn bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.value(Value::Bytes(bytes.into()))
    }

    /// A text as a parameter.
    pub fn str(self, text: impl Into<String>) -> Self {
        self.value(Value::Str(Some(text.into())))
    }

    /// A parameter.
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.parts.push(Part::Value(value.into()));
        self
    }

    /// Parameters, comma-separated; always as many for the same text.
    pub fn values<const N: usize>(mut self, values: [Value; N]) -> Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self = self.sql(", ");
            }
            self = self.value(value);
        }
        self
    }

    /// Goes on with another statement's pieces.
    pub fn append<Other>(mut self, other: Sql<Other>) -> Self {
        self.parts.extend(other.parts);
        self.is_cached &= other.is_cached;
        self
    }

    /// A list of texts as parameters, comma-separated; the caller bounds its length, which is not nothing.
    pub fn strs<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        for (index, text) in texts.into_iter().enumerate() {
            self = if index > 0 { self.sql(", ") } else { self };
            self = self.str(text);
        }
        self.not_kept()
    }

    /// Not to be kept prepared, since its text is hardly ever the same.
    pub fn not_kept(mut self) -> Self {
        self.is_cached = false;
        self
    }

    /// A list of parameters, comma-separated, which nothing is in if it is empty; the caller bounds its length. Each
    /// length is another text, so the statement is not kept but for the shortest.
    pub fn keys<I: Into<Uuid>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        let mut count = 0;
        for id in ids {
            if count > 0 {
                self = self.sql(", ");
            }
            self = self.key(id);
            count += 1;
        }
        self.is_cached &= count <= 1;
        // PostgreSQL takes no empty list
        if count == 0 { self.sql("NULL") } else { self }
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
                        Part::Value(Value::Key(id)) => out.push_bind_param::<Nullable<Key>, _>(id)?,
                        Part::Value(Value::Time(time)) => out.push_bind_param::<Nullable<Instant>, _>(time)?,
                        Part::Value(Value::Int(number)) => out.push_bind_param::<Nullable<BigInt>, _>(number)?,
                        Part::Value(Value::Bool(is_so)) => out.push_bind_param::<Bool, _>(is_so)?,
                        Part::Value(Value::Bytes(bytes)) => out.push_bind_param::<Binary, _>(bytes)?,
                        Part::Value(Value::Str(text)) => out.push_bind_param::<Nullable<Text>, _>(text)?,
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

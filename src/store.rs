//! The database: connections, schema, one file a table or tight group, and the two doors [`Db::read`] and [`Db::write`].
//!
//! Rows own their SQL and return [`diesel::QueryResult`]; what they answer has nothing of HTTP in it. Every statement
//! goes through `native!`, which compiles it once for each database.

pub mod accounts;
pub mod attempts;
pub mod board;
mod body;
pub mod changes;
pub mod check;
pub mod claims;
pub mod conn;
mod connect;
pub mod counters;
pub mod db;
pub mod db_error;
pub mod db_options;
pub mod db_url;
pub mod decisions;
pub mod histories;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod lessons;
pub mod locks;
pub mod measures;
pub mod meters;
pub mod migrations;
pub mod moderation;
pub mod outside_checks;
pub mod pages;
pub mod policies;
pub mod policy_runs;
pub mod queue_items;
pub mod recommendations;
mod replica;
pub mod replies;
pub mod reports;
pub mod revisions;
pub mod roles;
pub mod schema;
pub mod search;
pub mod search_documents;
pub mod sessions;
pub mod settings;
pub mod sites;
pub mod sql;
pub mod standing;
pub mod stories;
pub mod story_changes;
pub mod story_counts;
pub mod story_urls;
pub mod story_versions;
pub mod suspensions;
pub mod transaction;
pub mod transitions;
pub mod types;
pub mod verdicts;
pub mod wire;
mod writer;

pub use conn::{Conn, Native};
pub use db::Db;
pub use db_error::DbError;
pub use db_options::DbOptions;
pub use db_url::DbUrl;
pub use meters::Meters;

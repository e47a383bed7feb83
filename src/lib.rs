//! Rejoinder: the discussion backend of a news blog.
//!
//! The layers, each importing only what stands below it: `commands`, `server`, `app`, `http`, `auth`, `domain` and
//! `store`, beside them `judging`, `jobs`, `import`, `demo` and `outside`. ARCHITECTURE.md is the map.

#![forbid(unsafe_code)]
#![recursion_limit = "256"]

pub mod app;
pub mod auth;
pub mod charts;
pub mod clock;
pub mod closing;
pub mod commands;
pub mod config;
pub mod deciding;
pub mod demo;
pub mod domain;
pub mod gate;
pub mod http;
pub mod import;
pub mod jobs;
pub mod judging;
pub mod letters;
pub mod line;
pub mod mail;
pub mod metrics;
pub mod noticing;
pub mod outside;
pub mod overload;
pub mod own_data;
pub mod proving;
pub mod record;
pub mod security;
pub mod server;
pub mod signing_on;
pub mod store;

// databases of unit tests are those of the integration tests
#[cfg(test)]
extern crate self as rejoinder;
#[cfg(test)]
#[path = "../tests/it/database.rs"]
pub mod test_database;

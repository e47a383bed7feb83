//! The whole service through its public API, as its users use it: on SQLite, or on the PostgreSQL server that
//! `TEST_DATABASE_URL` names. Every test has a database of its own.

mod actors;
mod app;
mod contract;
mod database;
mod deadlines;
mod dice;
mod model;
mod outside;
mod process;
mod proxy;
mod together;
mod world;

mod accounts;
mod commands;
mod cors;
mod demo;
mod hostile;
mod import;
mod instances;
mod jobs;
mod logging;
mod manners;
mod memory;
mod model_property;
mod moderation;
mod paging_property;
mod permissions;
mod plans;
mod races;
mod reactions;
mod reading;
mod reading_etags;
mod reading_lists;
mod replies;
mod schema;
mod serving;
mod sessions;
mod sites;
mod smoke;
mod stories;
mod suspensions;
mod tour;

//! The API: one file a resource with its request types, views and handlers, and what they share.

pub mod accounts;
pub mod address;
pub mod body;
pub mod caller;
pub mod cors;
pub mod counts;
pub mod cursor;
pub mod docs;
pub mod etag;
pub mod exchange;
pub mod health;
pub mod idempotent;
pub mod log;
pub mod me;
pub mod mine;
pub mod moderation;
pub mod off_thread;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod public;
pub mod replies;
pub mod request_id;
pub mod sessions;
pub mod site_roles;
pub mod sites;
pub mod stories;
pub mod suspensions;
pub mod threads;
pub mod views;
pub mod welcome;

use utoipa_actix_web::service_config::ServiceConfig;

/// Every route of the API, each with its place in the OpenAPI document.
pub fn routes(config: &mut ServiceConfig<'_>) {
    for part in [
        accounts::routes,
        counts::routes,
        health::routes,
        log::routes,
        me::routes,
        mine::routes,
        moderation::routes,
        replies::routes,
        sessions::routes,
        site_roles::routes,
        sites::routes,
        stories::routes,
        suspensions::routes,
        threads::routes,
    ] {
        config.configure(part);
    }
}

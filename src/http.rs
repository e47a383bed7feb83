//! The API: one file a resource with its request types, views and handlers, and what they share.

pub(crate) mod account_pages;
mod account_sessions;
pub mod accounts;
mod act_as;
pub mod address;
mod api_keys;
pub(crate) mod assets;
pub mod badges;
pub mod body;
pub mod caller;
pub mod chart;
mod claiming;
mod closing;
mod cookies;
pub mod cors;
pub mod counts;
pub mod cursor;
pub(crate) mod demo_blog;
pub mod demo_mails;
pub mod docs;
mod email;
pub mod etag;
pub mod exchange;
pub mod featured;
pub mod findings;
pub mod health;
pub mod idempotent;
mod identities;
mod issuers;
mod keeping;
mod link_page;
pub mod live;
pub mod log;
pub mod me;
pub mod measure;
pub mod mine;
pub mod moderation;
mod mutes;
pub mod notices;
pub mod off_thread;
mod oidc;
pub mod openapi;
pub mod operations;
pub mod outside_checks;
mod own_data;
mod own_reports;
mod own_sanctions;
mod own_sessions;
pub mod pace;
pub mod page;
mod password_resets;
pub(crate) mod plain;
pub mod policies;
mod privacy;
pub mod problem;
mod proof;
pub mod public;
pub mod replies;
pub mod request_id;
mod sanctions;
mod second_factor;
pub mod sessions;
pub mod site_roles;
pub mod sites;
mod sso;
pub mod statements;
mod statistics;
pub mod stories;
pub mod threads;
pub mod views;
pub mod welcome;
pub mod work;

use actix_web::{dev::HttpServiceFactory, web};
use utoipa_actix_web::{OpenApiFactory, service_config::ServiceConfig};

/// What takes operations in: actix, to serve them; the table that finds them by their address; the OpenAPI document. The
/// document takes more time and memory than all else that serving needs, so that it is only made when asked for.
pub trait Routes: Sized {
    /// Takes in one operation.
    fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self;
}

impl Routes for web::ServiceConfig {
    fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        Self::service(self, operation)
    }
}

impl Routes for ServiceConfig<'_> {
    fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        Self::service(self, operation)
    }
}

/// Every operation of the API.
pub fn routes<R: Routes>(config: &mut R) {
    let parts: [fn(&mut R); 41] = [
        account_sessions::routes,
        accounts::routes,
        api_keys::routes,
        badges::routes,
        closing::routes,
        counts::routes,
        email::routes,
        featured::routes,
        health::routes,
        identities::routes,
        issuers::routes,
        live::routes,
        log::routes,
        me::routes,
        mine::routes,
        moderation::routes,
        claiming::routes,
        mutes::routes,
        notices::routes,
        oidc::routes,
        outside_checks::routes,
        own_data::routes,
        own_reports::routes,
        own_sanctions::routes,
        own_sessions::routes,
        password_resets::routes,
        policies::routes,
        privacy::routes,
        proof::routes,
        replies::routes,
        sanctions::routes,
        second_factor::routes,
        sessions::routes,
        site_roles::routes,
        sites::routes,
        sso::routes,
        statements::routes,
        statistics::routes,
        stories::routes,
        threads::routes,
        work::routes,
    ];
    for part in parts {
        part(config);
    }
}

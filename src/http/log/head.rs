//! The head of a site's log: what is published so that nobody can write the log anew unseen.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::State,
    auth::permission::Operation,
    domain::log_chain::lines::HeadLine,
    http::{caller::Caller, problem::Problem, sites::on_site},
    record::export,
    store::log_rows::{self, chain_of},
};

/// Unsealed rows of all sites that are looked at.
const UNSEALED_MAX: i64 = 1_000;

/// The head of a site's log, signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogHeadView {
    /// What is signed: this object in the canonical form of RFC 8785.
    pub head: LogHead,
    /// By which the signature is checked: Ed25519 (RFC 8032), 64 hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    pub public_key: String,
    /// 128 hexadecimal digits.
    #[schema(min_length = 128, max_length = 128)]
    pub signature: String,
    /// How many rows came after those that are sealed: of the first 1,000 of all sites.
    #[schema(minimum = 0, maximum = 1000)]
    pub unsealed: i64,
}

/// The last seal of a site's log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogHead {
    /// The hash of the last seal, 64 hexadecimal digits; null before the first.
    #[schema(min_length = 64, max_length = 64)]
    pub hash: Option<String>,
    /// The name of the key that signed.
    pub key_id: String,
    /// The last seal's number; 0 before the first.
    pub number: i64,
    /// Rows that are sealed.
    pub rows: i64,
    /// When the last ones were.
    #[schema(value_type = Option<crate::domain::timestamp::Timestamp>)]
    pub sealed_at: Option<String>,
    /// The site.
    #[schema(value_type = Option<crate::domain::ids::SiteId>)]
    pub site_id: Option<String>,
    /// Of the form.
    pub v: u8,
}

impl LogHeadView {
    fn of(line: HeadLine<String>, unsealed: i64) -> Self {
        let HeadLine { head, public_key, signature } = line;
        let head = LogHead {
            hash: head.hash.map(|hash| hash.to_string()),
            key_id: head.key_id,
            number: head.number,
            rows: head.rows,
            sealed_at: head.sealed_at,
            site_id: head.site_id,
            v: head.v,
        };
        Self { head, public_key, signature, unsealed }
    }
}

/// Show the head of a site's log
///
/// To be kept or published elsewhere: whoever has it can tell whether a later export is the same log gone on. It tells
/// nothing of what the rows say.
#[utoipa::path(tag = "moderation", responses((status = 200, body = LogHeadView)), security(("token" = [])))]
#[get("/api/v1/sites/{site}/log/head")]
pub async fn show_log_head(caller: Caller, state: State, key: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let view = db
        .read(move |conn| {
            let (_, site) = on_site(conn, &caller, &key, Operation::ShowLogHead, now)?;
            let unsealed = log_rows::count_new(conn, chain_of(Some(site.id)), UNSEALED_MAX)?;
            Ok::<_, Problem>(LogHeadView::of(export::head(conn, Some(site.id), &state.log_key)?, unsealed))
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

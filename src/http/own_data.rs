//! A copy of all that is kept of oneself.

use std::io;

use actix_web::{HttpResponse, get, http::header, post, web::Bytes};
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::{
    Routes,
    caller::Caller,
    email::find_locked,
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        data_export::{AT_MOST_EVERY, DataExportState, KEPT},
        ids::*,
        job::{JobKind, Lane},
        timestamp::Timestamp,
    },
    own_data::Payload,
    security::tell,
    store::{
        Conn,
        data_exports::{self, DataExport},
        jobs::{self, Job},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(request_own_data).service(show_own_data).service(download_own_data);
}

/// How far a copy of all that is kept of oneself is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnDataView {
    /// Whether it can be fetched.
    pub state: DataExportState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was ready, or had failed.
    pub ended_at: Option<Timestamp>,
    /// Until when it can be fetched.
    pub expires_at: Option<Timestamp>,
    /// Bytes of the file.
    pub byte_count: Option<i64>,
    /// Where the file is, once it is ready; for who is signed in.
    pub url: Option<String>,
    /// From when on another can be asked for.
    pub next_at: Timestamp,
}

impl OwnDataView {
    fn of(export: &DataExport) -> Self {
        let is_ready = export.state == DataExportState::Ready;
        Self {
            state: export.state,
            asked_at: export.asked_at,
            ended_at: export.ended_at,
            expires_at: export.ended_at.filter(|_| is_ready).map(|ended_at| ended_at.plus(KEPT)),
            byte_count: is_ready.then_some(export.byte_count),
            url: is_ready.then(|| "/api/v1/me/data/file".to_owned()),
            next_at: next_at(export),
        }
    }
}

/// From when on another can be asked for.
fn next_at(export: &DataExport) -> Timestamp {
    match export.state {
        DataExportState::Failed => export.ended_at.unwrap_or(export.asked_at),
        DataExportState::Waiting | DataExportState::Ready => export.asked_at.plus(AT_MOST_EVERY),
    }
}

/// The copy that there is of an account, unless its time is over.
fn find(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> Result<DataExport, Problem> {
    let export = data_exports::find(conn, account)?;
    let is_there = |export: &DataExport| export.ended_at.is_none_or(|ended_at| now < ended_at.plus(KEPT));
    export.filter(is_there).ok_or_else(|| Problem::new(Code::NotFound))
}

/// Ask for all my data
///
/// A ZIP file is put together: JSON for programs, and a page to be read. It holds the account, its sessions and identities, all
/// replies with their former texts, recommendations, reports, notices, sanctions, claims, and who is muted. Once a day; it can be
/// fetched for three days. A mail tells when it is ready.
#[utoipa::path(tag = "me", responses((status = 202, body = OwnDataView)), security(("token" = [])))]
#[post("/api/v1/me/data")]
pub async fn request_own_data(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, jobs_of) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::RequestOwnData, now)?.account.id;
        find_locked(conn, me)?;
        if let Some(former) = data_exports::find(conn, me)?.filter(|former| now < next_at(former)) {
            let problem = Problem::new(Code::TooManyAttempts).detail("once a day");
            return Err(problem.retry_after(next_at(&former).since(now)));
        }
        let payload = serde_json::to_string(&Payload { account: me }).expect("an id is JSON");
        let job = Job::new(state.random.id(now), JobKind::ExportData, payload, now);
        jobs::insert(conn, &job)?;
        let export = DataExport {
            account_id: me,
            state: DataExportState::Waiting,
            job_id: job.id,
            asked_at: now,
            ended_at: None,
            byte_count: 0,
        };
        data_exports::put(conn, &export)?;
        Ok::<_, Problem>(export)
    };
    let export = db.write(write).await?;
    jobs_of.jobs.of(Lane::People).notify_one();
    tell!(DataAsked);
    Ok(HttpResponse::Accepted().json(OwnDataView::of(&export)))
}

/// Show how far my data is
#[utoipa::path(tag = "me", responses((status = 200, body = OwnDataView)), security(("token" = [])))]
#[get("/api/v1/me/data")]
pub async fn show_own_data(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ShowOwnData, now)?.account.id;
        find(conn, me, now)
    };
    Ok(HttpResponse::Ok().json(OwnDataView::of(&state.db.read(read).await?)))
}

/// Fetch my data
///
/// The file that was put together, once it is ready.
#[utoipa::path(
    tag = "me",
    responses((status = 200, content((String = "application/zip", example = json!("(the file)"))))),
    security(("token" = []))
)]
#[get("/api/v1/me/data/file")]
pub async fn download_own_data(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let who = caller.clone();
    let read = move |conn: &mut Conn<'_>| {
        let me = who.permit(conn, Operation::DownloadOwnData, now)?.account.id;
        match find(conn, me, now)? {
            export if export.state == DataExportState::Ready => Ok(export),
            _ => Err(Problem::new(Code::NotFound).detail("it is not ready")),
        }
    };
    let export = state.db.read(read).await?;
    let length = usize::try_from(export.byte_count).unwrap_or_default();
    let reader = Reader { ending: state.live.ending(), state, caller, export, number: 0, left: length };
    let pieces = unfold(Some(reader), |reader| async {
        let reader = reader.filter(|reader| reader.left > 0)?;
        Some(match reader.next().await {
            Ok((reader, piece)) => (Ok(piece), Some(reader)),
            // cut off, which its reader sees
            Err(cause) => (Err(cause), None),
        })
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.zip\""))
        .body(actix_web::body::SizedStream::new(length as u64, pieces)))
}

/// Somebody who reads his copy.
struct Reader {
    state: State,
    caller: Caller,
    ending: watch::Receiver<bool>,
    export: DataExport,
    number: i32,
    left: usize,
}

impl Reader {
    /// The next piece, if he still may have it.
    async fn next(mut self) -> io::Result<(Self, Bytes)> {
        if *self.ending.borrow() {
            return Err(io::Error::other("the service ends"));
        }
        let (caller, number, now) = (self.caller.clone(), self.number, self.state.clock.now());
        let of = (self.export.account_id, self.export.job_id);
        let read = move |conn: &mut Conn<'_>| {
            // that he is still signed in; who he is he has shown at the beginning
            caller.permit(conn, Operation::ShowOwnData, now)?;
            Ok::<_, Problem>(data_exports::find_piece(conn, of, number)?)
        };
        let piece = self.state.db.read(read).await.map_err(|problem| io::Error::other(problem.to_string()))?;
        let piece = piece.ok_or_else(|| io::Error::other("the copy is gone"))?;
        self.number += 1;
        self.left = self.left.saturating_sub(piece.len());
        Ok((self, piece.into()))
    }
}

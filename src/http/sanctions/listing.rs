//! An account's sanctions, as those who moderate see them, and what a site advises to do next.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    app::State,
    auth::{
        permission::{Object, Operation},
        standing::Standing,
    },
    domain::{
        ids::*,
        sanction::{SanctionKind, SanctionStep},
        timestamp::Timestamp,
    },
    http::{
        body::Params,
        caller::Caller,
        page::{DEFAULT_LIMIT, Page},
        problem::{Code, Problem},
        sites::find_site,
    },
    store::{
        Conn, accounts, replies,
        sanctions::{self, Places, Sanction},
        sites::Site,
    },
};

/// A sanction.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SanctionView {
    /// Its id.
    pub id: SanctionId,
    /// On whom.
    pub account_id: AccountId,
    /// On which site; null: everywhere.
    pub site_id: Option<SiteId>,
    /// What it does.
    pub kind: SanctionKind,
    /// Why, for those who moderate.
    pub reason: String,
    /// What the person is told.
    pub message: Option<String>,
    /// The reply that it came of; null also where that is of a site that one does not moderate.
    pub reply_id: Option<ReplyId>,
    /// Until when; null: for good, and of a warning until it is read.
    pub until: Option<Timestamp>,
    /// Replies that may be posted in a day.
    pub per_day: Option<i32>,
    /// What was decided with it about the person's replies; null also where that could not be begun, as 50 others of who
    /// imposed it were going on.
    pub bulk_id: Option<BulkId>,
    /// By whom; null: by a command.
    pub created_by: Option<AccountId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Who lifted it.
    pub lifted_by: Option<AccountId>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// When the person read the warning.
    pub read_at: Option<Timestamp>,
    /// Whether it holds at present.
    pub is_active: bool,
}

impl SanctionView {
    pub(super) fn of(row: Sanction, now: Timestamp) -> Self {
        Self {
            is_active: row.is_active(now),
            id: row.id,
            account_id: row.account_id,
            site_id: row.site_id,
            kind: row.kind,
            reason: row.reason,
            message: row.message,
            reply_id: row.reply_id,
            until: row.until,
            per_day: row.per_day,
            bulk_id: row.bulk_id,
            created_by: row.created_by,
            created_at: row.created_at,
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
            read_at: row.read_at,
        }
    }
}

/// Which sanctions, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSanctions {
    /// The key of a site: only those there and everywhere, with what the site advises to do next.
    #[validate(length(min = 1, max = 40))]
    #[param(min_length = 1, max_length = 40)]
    pub site: Option<String>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// Somebody's sanctions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SanctionsView {
    /// The sanctions.
    #[serde(flatten)]
    pub page: Page<SanctionView>,
    /// What the site advises to do next, by how many there were; null where no site was named.
    pub suggestion: Option<SanctionStep>,
}

/// List an account's sanctions
///
/// The newest first, past and lifted ones too; moderators see those on their sites and those everywhere.
#[utoipa::path(
    tag = "moderation",
    params(ListSanctions),
    responses((status = 200, body = SanctionsView)),
    security(("token" = []))
)]
#[get("/api/v1/accounts/{account_id}/sanctions")]
pub async fn list_sanctions(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    Params(query): Params<ListSanctions>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        caller.may_across(Operation::ListSanctions, Object::default())?;
        let account = accounts::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        // what is said of oneself among moderators is not for oneself, nor for who is suspended where he moderates
        let moderates_nowhere = !caller.standing.is_admin && caller.standing.moderated_sites().is_empty();
        if account.id == caller.account.id || moderates_nowhere {
            return Err(Problem::new(Code::NotFound));
        }
        let site = query.site.as_deref().map(|key| find_site(conn, key)).transpose()?;
        if site.as_ref().is_some_and(|site| !caller.standing.may_decide(site.id)) {
            return Err(Problem::new(Code::NotFound));
        }
        let scope = format!("sanctions/{}/{}/{:?}", account.id, caller.account.id, site.as_ref().map(|site| site.id));
        let before = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let moderated = caller.standing.moderated_sites();
        let named = site.as_ref().map(|site| [site.id]);
        let places = match (&named, caller.standing.is_admin) {
            (Some(site), _) => Places::EverywhereAnd(site),
            (None, true) => Places::All,
            (None, false) => Places::EverywhereAnd(&moderated),
        };
        let rows = sanctions::list(conn, account.id, places, before, i64::from(limit) + 1)?;
        let rows = without_ids_of_others(conn, &caller.standing, rows)?;
        let cursor = |last: &Sanction| state.cursors.seal(&scope, (last.created_at, last.id));
        let page = Page::of(rows, limit as usize, cursor, |row| SanctionView::of(row, now));
        let suggestion = match &site {
            Some(site) => suggest(conn, &state, account.id, site, now)?,
            None => None,
        };
        Ok::<_, Problem>(SanctionsView { page, suggestion })
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Sanctions everywhere without what they came of and went with on sites that somebody does not moderate: those ids answer him
/// as unknown elsewhere too. An admin's decision about many is for admins.
fn without_ids_of_others(
    conn: &mut Conn<'_>,
    standing: &Standing,
    mut rows: Vec<Sanction>,
) -> Result<Vec<Sanction>, Problem> {
    if standing.is_admin {
        return Ok(rows);
    }
    let is_everywhere = |row: &Sanction| row.site_id.is_none();
    let ids: Vec<ReplyId> = rows.iter().filter(|row| is_everywhere(row)).filter_map(|row| row.reply_id).collect();
    let sites: HashMap<ReplyId, SiteId> = replies::list_sites(conn, &ids)?.into_iter().collect();
    for row in rows.iter_mut().filter(|row| is_everywhere(row)) {
        row.bulk_id = None;
        row.reply_id = row.reply_id.filter(|id| sites.get(id).is_some_and(|site| standing.may_decide(*site)));
    }
    Ok(rows)
}

/// What a site advises to do about somebody, by how many sanctions there were.
fn suggest(
    conn: &mut Conn<'_>,
    state: &State,
    account: AccountId,
    site: &Site,
    now: Timestamp,
) -> Result<Option<SanctionStep>, Problem> {
    let settings = state.judging.policies.sanctions(conn, site)?;
    let since = now.minus(settings.remembered());
    let most = i64::try_from(settings.steps.len()).unwrap_or(i64::MAX);
    let counted = sanctions::count_since(conn, account, site.id, since, most)?;
    Ok(settings.next(usize::try_from(counted).unwrap_or(0)))
}

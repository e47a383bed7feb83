//! One's own account.

use std::time::Duration;

use actix_web::{HttpResponse, get, patch, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    accounts::{new_password, refuse_reserved},
    body::Body,
    caller::{Caller, SignedIn},
    closing::ClosingView,
    off_thread::off_thread,
    problem::{Code, Problem},
    views::shown_name,
};
use crate::{
    app::State,
    auth::{
        limits::{self, Subject},
        password::Verified,
        permission::Operation,
    },
    domain::{
        display_name::DisplayName, email::Email, ids::*, job::Lane, session::EndReason, site::SiteRole,
        timestamp::Timestamp, username::Username,
    },
    proving::changes::{self, Change},
    security::tell,
    store::{
        Conn,
        accounts::{self, Account, NameOutcome},
        closings::{self, Closing},
        codes, sessions, sites,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(show_me).service(update_me).service(change_password);
}

/// What one sees of one's own account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeView {
    /// Its id.
    pub id: AccountId,
    /// The e-mail that signs in; null as long as none is confirmed.
    pub email: Option<String>,
    /// Since when it is confirmed.
    pub email_verified_at: Option<Timestamp>,
    /// An e-mail that waits to be confirmed.
    pub unconfirmed_email: Option<String>,
    /// Whether one has proven who one is: sites may let others only wait, or read.
    pub is_proven: bool,
    /// The name that signs in and is unique.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
    /// An admin of the whole service.
    pub is_admin: bool,
    /// Roles on sites.
    pub roles: Vec<MyRole>,
    /// Whether these rights sleep until the second factor is shown in this session, or set up.
    pub is_staff_asleep: bool,
    /// Whether signing in takes a code as well.
    pub has_second_factor: bool,
    /// Sites where this account may not act at present.
    pub suspended_on: Vec<SiteId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the username may be changed next.
    pub username_changeable_at: Option<Timestamp>,
    /// That the account is to be closed, where its owner asked for it.
    pub closing: Option<ClosingView>,
}

/// A role on a site.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct MyRole {
    /// The site.
    pub site_id: SiteId,
    /// The role there.
    pub role: SiteRole,
}

impl MeView {
    fn of((caller, closing): (SignedIn, Option<Closing>), days_between_names: Option<u32>) -> Self {
        let SignedIn { standing, account, .. } = caller;
        let is_staff_asleep = standing.asleep.is_some();
        let standing = standing.awake().unwrap_or(standing);
        Self {
            id: account.id,
            email: account.email,
            email_verified_at: account.email_verified_at,
            unconfirmed_email: account.claimed_email,
            is_proven: account.proven_at.is_some(),
            display_name: shown_name(account.display_name, account.username.as_deref()),
            username_changeable_at: account.username_changed_at.zip(days_between_names).map(next_change),
            username: account.username,
            is_admin: account.is_admin,
            roles: standing.roles.into_iter().map(|(site_id, role)| MyRole { site_id, role }).collect(),
            is_staff_asleep,
            has_second_factor: account.second_factor_at.is_some(),
            suspended_on: standing.suspended_on,
            created_at: account.created_at,
            closing: closing.map(ClosingView::of),
        }
    }
}

/// Oneself, as one stands now.
fn look(conn: &mut Conn<'_>, me: SignedIn) -> Result<(SignedIn, Option<Closing>), Problem> {
    let closing = closings::find(conn, me.account.id)?;
    Ok((me, closing))
}

fn next_change((changed_at, days): (Timestamp, u32)) -> Timestamp {
    changed_at.plus(Duration::from_secs(u64::from(days) * 24 * 3600))
}

/// Show me
#[utoipa::path(tag = "me", responses((status = 200, body = MeView)), security(("token" = [])))]
#[get("/api/v1/me")]
pub async fn show_me(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let days = state.config.limits.username_change_days;
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ShowMe, now)?;
        look(conn, me)
    };
    let me = state.db.read(read).await?;
    Ok(HttpResponse::Ok().json(MeView::of(me, days)))
}

/// Changes of one's own account; what is absent stays.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    /// A new username, once in 14 days.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub username: Option<String>,
    /// A new name to be shown; empty for none but the username.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub display_name: Option<String>,
}

/// Change my names
#[utoipa::path(request_body = UpdateMe, tag = "me", responses((status = 200, body = MeView)), security(("token" = [])))]
#[patch("/api/v1/me")]
pub async fn update_me(caller: Caller, state: State, body: Body<UpdateMe>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let days = state.config.limits.username_change_days;
    let UpdateMe { username, display_name } = body.value;
    let username = username.as_deref().map(Username::parse).transpose();
    let username = username.map_err(|error| Problem::field("/username", error))?;
    let display_name = match display_name.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(typed) => Some(Some(DisplayName::parse(typed).map_err(|error| Problem::field("/display_name", error))?)),
    };
    let db = state.db.clone();
    let me = db
        .write(move |conn| {
            let mut me = caller.permit(conn, Operation::UpdateMe, now)?;
            let me_id = me.account.id;
            me.account = accounts::find_locked(conn, me_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            let new_username = username.as_ref().filter(|name| me.account.username.as_deref() != Some(name.as_str()));
            if new_username.is_none() && display_name.is_none() {
                return look(conn, me);
            }
            if let Some(username) = new_username {
                rename(conn, &me, username, days, now)?;
            }
            if let Some(name) = &display_name {
                accounts::set_display_name(conn, me_id, name.as_ref().map(DisplayName::as_str))?;
            }
            sites::raise_people_version_where_wrote(conn, me_id)?;
            let me = caller.sign_in(conn, now)?;
            look(conn, me)
        })
        .await?;
    Ok(HttpResponse::Ok().json(MeView::of(me, days)))
}

fn rename(
    conn: &mut Conn<'_>,
    me: &SignedIn,
    username: &Username,
    days: Option<u32>,
    now: Timestamp,
) -> Result<(), Problem> {
    let next = me.account.username_changed_at.zip(days).map(next_change);
    if let Some(next) = next.filter(|next| *next > now) {
        return Err(Problem::new(Code::UsernameChangedLately).detail(format!("possible again from {next}")));
    }
    refuse_reserved(username, &sites::list_words(conn)?)?;
    match accounts::rename(conn, me.account.id, username, now)? {
        NameOutcome::Stored => Ok(()),
        NameOutcome::UsernameTaken | NameOutcome::EmailTaken => Err(Problem::new(Code::UsernameTaken)),
    }
}

/// Two passwords.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
    /// The password from now on.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub new_password: String,
}

/// Change my password
///
/// Ends all other sessions of the account.
#[utoipa::path(request_body = ChangePassword, tag = "me", responses((status = 204)), security(("token" = [])))]
#[put("/api/v1/me/password")]
pub async fn change_password(
    caller: Caller,
    state: State,
    body: Body<ChangePassword>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let ChangePassword { password, new_password: typed } = body.value;
    let account = prove_password(&caller, &state, Operation::ChangePassword, password).await?;
    let proven = account.password_hash.clone();
    let words = state.db.read(|conn| Ok::<_, Problem>(sites::list_words(conn)?)).await?;
    let checked = off_thread(move || {
        let email = account.email.or(account.claimed_email).map(Email::from_store);
        let username = account.username.unwrap_or_default();
        new_password("/new_password", &typed, email.as_ref(), &username, &words)
    })
    .await?;
    let hash = state.hasher.hash(checked.expose().to_owned()).await?;
    let (db, jobs) = (state.db.clone(), state.clone());
    db.write(move |conn| {
        let me = caller.permit(conn, Operation::ChangePassword, now)?;
        // changed meanwhile by somebody who proved it too: who came first has the last word
        let current = accounts::find_locked(conn, me.account.id)?.filter(|current| current.password_hash == proven);
        let current = current.ok_or_else(|| Problem::new(Code::WrongCredentials))?;
        accounts::set_password_hash(conn, me.account.id, &hash)?;
        // nor does what was begun by whoever knew the former one go on
        codes::delete_of_account(conn, me.account.id)?;
        let kept = me.standing.session_id;
        sessions::end_all(conn, me.account.id, kept, EndReason::PasswordChanged, now)?;
        let device = sessions::find_device(conn, kept)?;
        let changed = (&current, Change::Password, device.as_deref());
        Ok::<_, Problem>(changes::announce(conn, (&state.keys, &state.config, &state.random), changed, now)?)
    })
    .await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    tell!(PasswordChanged);
    Ok(HttpResponse::NoContent().finish())
}

/// The account of a caller who knows its password, and nobody else; tries are limited apart from signing in, so that
/// nobody else's failures count here.
pub(super) async fn prove_password(
    caller: &Caller,
    state: &State,
    operation: Operation,
    password: String,
) -> Result<Account, Problem> {
    let now = state.clock.now();
    let (me, counted) = {
        let (caller, state) = (caller.clone(), state.clone());
        let db = state.db.clone();
        db.write(move |conn| {
            let me = caller.permit(conn, operation, now)?;
            let context = (&state.keys, &state.config.limits, &state.random);
            let counted = limits::count(conn, &[Subject::Password(me.account.id)], context, now)??;
            Ok::<_, Problem>((me, counted))
        })
        .await?
    };
    let verified = state.hasher.verify(password, me.account.password_hash.clone()).await;
    if verified == Ok(Verified::No) {
        return Err(Problem::new(Code::WrongCredentials));
    }
    // what could not be looked at is no failure either
    state.db.write(move |conn| Ok::<_, Problem>(limits::forgive(conn, &counted)?)).await?;
    verified?;
    Ok(me.account)
}

//! One's own second factor: set up, its recovery codes, taken away.

use std::time::Duration;

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::{Caller, SignedIn},
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::{
        permission::Operation,
        second_factor::{self, Shown},
    },
    domain::{job::Lane, session::EndReason, timestamp::Timestamp},
    proving::changes::{self, Change},
    security::tell,
    store::{
        Conn,
        accounts::{self, Account},
        second_factors::{self, SecondFactor},
        sessions,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(show_second_factor)
        .service(begin_second_factor)
        .service(confirm_second_factor)
        .service(renew_recovery_codes)
        .service(remove_second_factor);
}

/// So long a secret waits for its first code.
const SETTING_UP: Duration = Duration::from_secs(3600);

/// One's own second factor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SecondFactorView {
    /// Since when signing in takes a code as well; null: it does not.
    pub since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
    /// Whether one's rights as staff sleep in this session until a code is shown.
    pub is_missing: bool,
}

/// A secret for a device that makes codes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewSecretView {
    /// In base 32, for who types it.
    pub secret: String,
    /// The same as an `otpauth:` URI, to be scanned: SHA-1, six digits, thirty seconds.
    pub uri: String,
}

/// A code.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    /// Six digits that the device shows, or a recovery code.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40, examples("123456"))]
    pub code: String,
}

/// Recovery codes, shown this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecoveryCodesView {
    /// Each is good once in place of a code from the device.
    pub recovery_codes: Vec<String>,
}

/// Show my second factor
#[utoipa::path(tag = "second factor", responses((status = 200, body = SecondFactorView)), security(("token" = [])))]
#[get("/api/v1/me/second-factor")]
pub async fn show_second_factor(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let view = state.db.read(move |conn| {
        let me = caller.permit(conn, Operation::ShowSecondFactor, now)?;
        Ok::<_, Problem>(SecondFactorView {
            since: me.account.second_factor_at,
            recovery_codes_left: second_factors::count_recovery_codes(conn, me.account.id)?,
            is_missing: me.standing.asleep.is_some(),
        })
    });
    Ok(HttpResponse::Ok().json(view.await?))
}

/// Set up a second factor
///
/// Gives a secret for a device that makes codes (RFC 6238). Signing in takes none until the first one is confirmed, within an
/// hour.
#[utoipa::path(tag = "second factor", responses((status = 201, body = NewSecretView)), security(("token" = [])))]
#[post("/api/v1/me/second-factor")]
pub async fn begin_second_factor(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let made = db.write(move |conn| {
        let (_, account) = permit_locked(conn, &caller, Operation::BeginSecondFactor, now)?;
        if account.second_factor_at.is_some() {
            return Err(Problem::new(Code::StateConflict).detail("there is one already; remove it first"));
        }
        let service = state.config.public_url.host_str().unwrap_or("Rejoinder");
        let name = account.username.as_deref().or(account.email.as_deref()).unwrap_or("reader");
        let made = second_factor::new_secret(account.id, (service, name), (&state.keys, &state.random));
        let factor =
            SecondFactor { account_id: account.id, secret: made.sealed.clone(), last_step: None, created_at: now };
        second_factors::begin(conn, &factor)?;
        Ok(NewSecretView { secret: made.secret, uri: made.uri })
    });
    Ok(HttpResponse::Created().json(made.await?))
}

/// Confirm my second factor
///
/// By the first code from the device. Signing in takes a code from now on; all other sessions end.
#[utoipa::path(request_body = TypedCode, tag = "second factor", responses((status = 200, body = RecoveryCodesView)), security(("token" = [])))]
#[post("/api/v1/me/second-factor/confirm")]
pub async fn confirm_second_factor(
    caller: Caller,
    state: State,
    body: Body<TypedCode>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let doing = (Operation::ConfirmSecondFactor, Change::FactorSet);
    let with_code = WithCode { caller, code: body.value.code, doing };
    let codes = with_code.run(&state, now, move |conn, state, me, account| {
        second_factors::switch_on(conn, account.id, now)?;
        end_others(conn, me, now)?;
        give_recovery_codes(conn, state, account)
    });
    let codes = codes.await?;
    tell!(FactorSet);
    Ok(HttpResponse::Ok().json(codes))
}

/// Get new recovery codes
///
/// In place of those that are left.
#[utoipa::path(request_body = TypedCode, tag = "second factor", responses((status = 200, body = RecoveryCodesView)), security(("token" = [])))]
#[post("/api/v1/me/second-factor/recovery-codes")]
pub async fn renew_recovery_codes(
    caller: Caller,
    state: State,
    body: Body<TypedCode>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let doing = (Operation::RenewRecoveryCodes, Change::RecoveryCodesRenewed);
    let with_code = WithCode { caller, code: body.value.code, doing };
    let codes = with_code.run(&state, now, |conn, state, _, account| give_recovery_codes(conn, state, account)).await?;
    tell!(RecoveryCodesRenewed);
    Ok(HttpResponse::Ok().json(codes))
}

/// Remove my second factor
///
/// Signing in takes none from now on; all other sessions end. Where staff are to have one, one's rights as staff sleep until
/// another is set up.
#[utoipa::path(request_body = TypedCode, tag = "second factor", responses((status = 204)), security(("token" = [])))]
#[post("/api/v1/me/second-factor/remove")]
pub async fn remove_second_factor(
    caller: Caller,
    state: State,
    body: Body<TypedCode>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let doing = (Operation::RemoveSecondFactor, Change::FactorRemoved);
    let with_code = WithCode { caller, code: body.value.code, doing };
    let removed = with_code.run(&state, now, move |conn, _, me, account| {
        second_factors::delete(conn, account.id)?;
        end_others(conn, me, now)
    });
    removed.await?;
    tell!(FactorRemoved);
    Ok(HttpResponse::NoContent().finish())
}

/// Something that one does by showing a code.
struct WithCode {
    caller: Caller,
    code: String,
    /// With what its owner is written of it.
    doing: (Operation, Change<'static>),
}

impl WithCode {
    /// Does it if the code is right, which proves the session as well. A wrong one counts.
    async fn run<T: Send + 'static>(
        self,
        state: &State,
        now: Timestamp,
        then: impl Fn(&mut Conn<'_>, &State, &SignedIn, &Account) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (db, jobs, state) = (state.db.clone(), state, state.clone());
        let outcome = db.write(move |conn| {
            let (operation, change) = self.doing;
            let (me, account) = permit_locked(conn, &self.caller, operation, now)?;
            let is_expected = match operation {
                Operation::ConfirmSecondFactor => {
                    account.second_factor_at.is_none()
                        && second_factors::find(conn, account.id)?
                            .is_some_and(|factor| factor.created_at.plus(SETTING_UP) > now)
                }
                _ => account.second_factor_at.is_some(),
            };
            if !is_expected {
                return Err(Problem::new(Code::StateConflict).detail("there is none to show a code of"));
            }
            let context = (&state.keys, &state.config.limits, &state.random);
            if second_factor::show(conn, account.id, &self.code, context, now)?? == Shown::Wrong {
                return Ok(None);
            }
            if let Some(session) = me.standing.session_id {
                sessions::prove(conn, session, true, now)?;
            }
            let done = then(conn, &state, &me, &account)?;
            let device = sessions::find_device(conn, me.standing.session_id)?;
            let changed = (&account, change, device.as_deref());
            changes::announce(conn, (&state.keys, &state.config, &state.random), changed, now)?;
            Ok::<_, Problem>(Some(done))
        });
        let done = outcome.await?.ok_or_else(|| {
            tell!(WrongCode);
            Problem::new(Code::WrongCode)
        })?;
        jobs.jobs.of(Lane::Mail).notify_one();
        Ok(done)
    }
}

/// The caller, if he may do this, with his account, locked.
fn permit_locked(
    conn: &mut Conn<'_>,
    caller: &Caller,
    operation: Operation,
    now: Timestamp,
) -> Result<(SignedIn, Account), Problem> {
    let me = caller.permit(conn, operation, now)?;
    // closed by another request that was waited for
    let account = accounts::find_locked(conn, me.account.id)?.filter(|account| account.closed_at.is_none());
    let account = account.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    Ok((me, account))
}

fn end_others(conn: &mut Conn<'_>, me: &SignedIn, now: Timestamp) -> Result<(), Problem> {
    let kept = me.standing.session_id;
    sessions::end_all(conn, me.account.id, kept, EndReason::SecondFactorChanged, now)?;
    Ok(())
}

fn give_recovery_codes(conn: &mut Conn<'_>, state: &State, account: &Account) -> Result<RecoveryCodesView, Problem> {
    let (recovery_codes, hashes): (_, Vec<_>) = second_factor::new_recovery_codes(&state.random).into_iter().unzip();
    second_factors::replace_recovery_codes(conn, account.id, &hashes)?;
    Ok(RecoveryCodesView { recovery_codes })
}

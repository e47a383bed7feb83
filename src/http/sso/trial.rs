//! Trying a token, to see what is right and wrong with it and what it would do.

use actix_web::{HttpResponse, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{SsoToken, find_issuer};
use crate::{
    app::State,
    auth::{
        permission::Operation,
        sso::{
            claims::{Claims, Finding},
            token::Parts,
        },
    },
    domain::{ids::*, sso::SsoOutcome},
    http::{body::Body, caller::Caller, problem::Problem, sites::on_site},
    signing_on,
    store::{Conn, accounts, badges, identities, issuers::Issuer, spent_tokens},
};

/// What is to be said of a token.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SsoTestView {
    /// Whether it would sign somebody on.
    pub is_good: bool,
    /// The issuer that it is of; null: of none of this site.
    pub issuer: Option<String>,
    /// Part by part: those of the header, the signature, the claims.
    pub parts: Vec<SsoPartView>,
    /// What it would do; null if it is not good.
    pub outcome: Option<SsoOutcome>,
    /// The account that it leads to, if there is one.
    pub account_id: Option<AccountId>,
    /// What else it would do, or leave out.
    pub remarks: Vec<String>,
}

/// One part of a token.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SsoPartView {
    /// The name of a header parameter or claim, `token` or `signature`.
    #[schema(value_type = String)]
    pub part: &'static str,
    /// Whether it is as it should be.
    pub is_right: bool,
    /// What it is, or what is wrong with it.
    pub says: String,
}

impl From<Finding> for SsoPartView {
    fn from(finding: Finding) -> Self {
        Self { part: finding.part, is_right: finding.is_right, says: finding.says }
    }
}

impl SsoTestView {
    fn wrong(part: &'static str, says: &str) -> Self {
        Self::of(vec![SsoPartView { part, is_right: false, says: says.to_owned() }])
    }

    fn of(parts: Vec<SsoPartView>) -> Self {
        Self { is_good: false, issuer: None, parts, outcome: None, account_id: None, remarks: Vec::new() }
    }

    fn refuse(&mut self, part: &'static str, says: &str) {
        self.parts.push(SsoPartView { part, is_right: false, says: says.to_owned() });
        (self.is_good, self.outcome) = (false, None);
    }
}

/// Try a token
///
/// Says of each part whether it is right, and what the token would do. It is not spent, and nothing is changed.
#[utoipa::path(request_body = SsoToken,
    tag = "sites",
    responses((status = 200, body = SsoTestView)),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/sso/test")]
pub async fn test_sso_token(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    body: Body<SsoToken>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let token = body.value.token;
    let sent = token.clone();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::TestSsoToken, now)?;
        find_issuer(conn, site.id, Parts::parse(&sent).as_ref().and_then(Parts::issuer))
    };
    let issuer = state.db.read(read).await?;
    let view = match (Parts::parse(&token), issuer) {
        (None, _) => SsoTestView::wrong("token", "is no JWT in compact form of 8 KiB at most"),
        (Some(_), None) => SsoTestView::wrong("iss", "must be that of an issuer of this site"),
        (Some(parts), Some(issuer)) => {
            let examined = signing_on::examine(&state, &issuer, &parts, now).await;
            let mut view = SsoTestView::of(examined.findings.into_iter().map(SsoPartView::from).collect());
            view.issuer = Some(issuer.key.clone());
            match examined.claims {
                None => view,
                Some(claims) => state.db.read(move |conn| foretell(conn, (&issuer, &claims), view)).await?,
            }
        }
    };
    Ok(HttpResponse::Ok().json(view))
}

/// What a sound token would do.
fn foretell(
    conn: &mut Conn<'_>,
    (issuer, claims): (&Issuer, &Claims),
    mut view: SsoTestView,
) -> Result<SsoTestView, Problem> {
    view.is_good = true;
    let (outcome, account_id) = find_outcome(conn, (issuer, claims), &mut view.remarks)?;
    (view.outcome, view.account_id) = (Some(outcome), account_id);
    let account = match account_id {
        Some(id) => accounts::find(conn, id)?,
        None => None,
    };
    if account.is_some_and(|account| account.is_admin) {
        view.refuse("sub", "is an admin's: admins do not sign in by a site's token");
    }
    if spent_tokens::is_spent(conn, signing_on::token_name(issuer, claims))? {
        view.refuse("jti", "was used already: each token is good for once");
    }
    for role in claims.roles.iter().filter(|role| !issuer.may_give(**role)) {
        view.remarks.push(format!("the issuer may not give the role {role}"));
    }
    if !claims.badges.is_empty() && !issuer.gives_badges {
        view.remarks.push("the issuer may not give badges".to_owned());
    }
    let known = badges::list_known(conn, issuer.site_id, &claims.badges)?;
    for badge in claims.badges.iter().filter(|badge| !known.contains(badge)) {
        view.remarks.push(format!("the site has no badge {badge}"));
    }
    Ok(view)
}

fn find_outcome(
    conn: &mut Conn<'_>,
    (issuer, claims): (&Issuer, &Claims),
    remarks: &mut Vec<String>,
) -> Result<(SsoOutcome, Option<AccountId>), Problem> {
    if let Some(identity) = identities::find_by_subject(conn, issuer.id, &claims.sub)? {
        return Ok((SsoOutcome::Known, Some(identity.account_id)));
    }
    let Some(email) = &claims.email else { return Ok((SsoOutcome::New, None)) };
    let Some(known) = accounts::find_by_email(conn, &email.key())? else { return Ok((SsoOutcome::New, None)) };
    if issuer.joins_by_verified_email && signing_on::people::may_join_by_email(conn, &known)? {
        return Ok((SsoOutcome::Joined, Some(known.id)));
    }
    remarks.push("an account with this e-mail is here already and is not joined: the new one has no e-mail".to_owned());
    Ok((SsoOutcome::New, None))
}

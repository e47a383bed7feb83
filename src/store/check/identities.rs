//! Issuers of tokens, whom they know, and the sessions that rest on that.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::{ids::*, site::SiteRole, sso::ISSUERS_MAX},
    store::{
        Conn,
        conn::native,
        sql::Sql,
        types::{Key, TextList},
    },
};

const BATCH: i64 = 1_000;

/// Each issuer, each identity, and each session that began by one, in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 3]> {
    Ok([issuers(conn)?, identities(conn)?, sessions(conn)?])
}

fn issuers(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("issuers of sites");
    let mut after = IssuerId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, Text, BigInt)>::new(
            "SELECT i.id, (i.kind = 'oidc' OR (i.secret IS NOT NULL) = (i.kind = 'secret')) AND (i.keys IS NOT NULL) = (i.kind = 'keys') \
             AND (i.keys_url IS NOT NULL) = (i.kind = 'keys_url') AND (i.former_secret IS NULL OR i.kind = 'secret'), \
             i.gives_roles, (SELECT count(*) FROM sso_issuers o WHERE o.site_id = i.site_id) \
             FROM sso_issuers i WHERE i.id > ",
        )
        .key(after)
        .sql(" ORDER BY i.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(IssuerId, bool, TextList, i64)> = native!(conn, c => query.load(c))?;
        let Some((last, ..)) = rows.last() else { return Ok(line) };
        after = *last;
        for (id, is_whole, roles, of_site) in rows {
            let is_role = |name: &String| SiteRole::parse(name).is_some();
            let wrong = match () {
                () if !is_whole => Some("has not what its kind needs"),
                () if !roles.0.iter().all(is_role) => Some("gives roles that there are not"),
                () if of_site > ISSUERS_MAX as i64 => Some("is of a site with too many"),
                () => None,
            };
            line.look(wrong.map(|wrong| format!("issuer {id}: {wrong}")));
        }
    }
}

fn identities(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("identities");
    let mut after = IdentityId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, Bool)>::new(
            "SELECT i.id, EXISTS (SELECT 1 FROM accounts a WHERE a.id = i.account_id AND a.closed_at IS NOT NULL), \
             EXISTS (SELECT 1 FROM identity_grants g WHERE g.identity_id = i.id \
             AND (g.issuer_id <> i.issuer_id OR (g.kind = 'role' AND g.name NOT IN ('author', 'moderator')))) \
             FROM identities i WHERE i.id > ",
        )
        .key(after)
        .sql(" ORDER BY i.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(IdentityId, bool, bool)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for (id, is_of_closed, gave_wrong) in rows {
            let wrong = match () {
                () if is_of_closed => Some("of a closed account"),
                () if gave_wrong => Some("gave what it cannot have given"),
                () => None,
            };
            line.look(wrong.map(|wrong| format!("identity {id}: {wrong}")));
        }
        after = last;
    }
}

fn sessions(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("sessions by identities");
    let mut after = SessionId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool)>::new(
            "SELECT s.id, EXISTS (SELECT 1 FROM identities i WHERE i.id = s.identity_id AND i.account_id = s.account_id) \
             FROM sessions s WHERE s.identity_id IS NOT NULL AND s.ended_at IS NULL AND s.id > ",
        )
        .key(after)
        .sql(" ORDER BY s.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(SessionId, bool)> = native!(conn, c => query.load(c))?;
        let Some(&(last, _)) = rows.last() else { return Ok(line) };
        for (id, has_identity) in rows {
            let wrong =
                (!has_identity).then(|| format!("session {id}: goes on, and the identity by which it began is gone"));
            line.look(wrong);
        }
        after = last;
    }
}

//! Acting by a key: by itself, or for a reader whom `Act-As` names, so that what he did there he did here.

use actix_web::http::header::HeaderMap;

use super::problem::{Code, Problem};
use crate::{
    auth::{
        api_key::KeyHash,
        scopes::ByKey,
        standing::{Rank, Standing},
    },
    domain::{
        api_key::Scope,
        ids::*,
        site::{SiteKey, SiteRole},
        sso::is_name,
        timestamp::Timestamp,
    },
    security::tell,
    store::{
        Conn,
        accounts::{self, Account},
        api_keys::{self, ApiKeyRow},
        identities, standing,
    },
};

/// The header's name.
pub const HEADER: &str = "act-as";

/// Whom the header names: by an issuer of the site, and as that knows him.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActAs {
    issuer: String,
    sub: String,
}

impl ActAs {
    /// The header, if there is one: an issuer's key, a space, a subject. Neither has a space in it, so that it can be read
    /// in one way only.
    pub fn read(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(HEADER);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().ok().and_then(Self::parse).map(Some).ok_or_else(malformed),
            (Some(_), Some(_)) => Err(malformed()),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (issuer, sub) = text.split_once(' ')?;
        SiteKey::parse(issuer)?;
        is_name(sub).then(|| Self { issuer: issuer.to_owned(), sub: sub.to_owned() })
    }
}

fn malformed() -> Problem {
    Problem::new(Code::InvalidHeader).detail("Act-As: the key of one of the site's issuers, a space, a subject")
}

/// A key that was shown, and for whom.
#[derive(Clone, Debug)]
pub struct ShownKey {
    pub hash: KeyHash,
    pub act_as: Option<ActAs>,
}

impl ShownKey {
    /// Who acts, as the database knows them in this transaction; in one that writes, to its end.
    pub fn stand(&self, conn: &mut Conn<'_>, now: Timestamp) -> Result<(Standing, Account), Problem> {
        api_keys::keep(conn, &self.hash)?;
        let key = api_keys::find_by_hash(conn, &self.hash, now)?;
        let Some(key) = key else {
            tell!(KeyRefused);
            return Err(Problem::new(Code::Unauthenticated));
        };
        conn.called_by(key.id);
        match &self.act_as {
            None => of_itself(conn, &key),
            Some(reader) => for_reader(conn, &key, reader, now),
        }
    }
}

/// The key's own rights: those of the site's people that its scopes come to.
fn of_itself(conn: &mut Conn<'_>, key: &ApiKeyRow) -> Result<(Standing, Account), Problem> {
    let account = accounts::find(conn, key.account_id)?.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    let scopes = key.scopes();
    let has = |wanted: &[Scope]| wanted.iter().any(|scope| scopes.contains(scope));
    let is_moderator = has(&[Scope::CountsRead, Scope::ModerationRead, Scope::ModerationDecide, Scope::LogRead]);
    let is_author = has(&[Scope::StoriesWrite, Scope::FeaturedWrite]);
    let roles = [(is_author, SiteRole::Author), (is_moderator, SiteRole::Moderator)];
    let roles = roles.into_iter().filter(|(has, _)| *has).map(|(_, role)| (key.site_id, role)).collect();
    let by_key = Some(by_key(key, scopes, false));
    Ok((Standing { roles, by_key, ..Standing::without_rights(account.id) }, account))
}

/// The rights of a reader whom the site's own issuers know. Nobody who has any elsewhere or is of any site's people is
/// acted for; that he is there, and what he is, is not told.
fn for_reader(
    conn: &mut Conn<'_>,
    key: &ApiKeyRow,
    reader: &ActAs,
    now: Timestamp,
) -> Result<(Standing, Account), Problem> {
    let scopes = key.scopes();
    let by_key = by_key(key, scopes, true);
    if !by_key.has(Scope::RepliesActAs) {
        let told = format!("the key needs the scope {}", Scope::RepliesActAs);
        return Err(Problem::new(Code::InsufficientScope).detail(told));
    }
    let unknown = || Problem::new(Code::UnknownSubject);
    let id = identities::find(conn, key.site_id, &reader.issuer, &reader.sub)?.ok_or_else(unknown)?;
    standing::keep(conn, id)?;
    let account = accounts::find(conn, id)?.filter(|account| account.closed_at.is_none()).ok_or_else(unknown)?;
    let standing = Standing::of(conn, &account, now)?;
    if standing.rank(None) > Rank::Reader {
        tell!(StaffSpared, account = %account.id, key = %key.id);
        return Err(unknown());
    }
    Ok((Standing { by_key: Some(by_key), ..standing }, account))
}

fn by_key(key: &ApiKeyRow, scopes: Vec<Scope>, is_for_reader: bool) -> ByKey {
    ByKey { id: key.id, site: key.site_id, scopes, is_for_reader }
}

/// The account under which stands what a key does: nobody's, closed from its beginning, so that nobody signs in to it and it can
/// be given nothing.
pub fn new_account(id: AccountId, now: Timestamp) -> Account {
    Account {
        id,
        email: None,
        email_key: None,
        username: None,
        username_key: None,
        username_changed_at: None,
        display_name: None,
        password_hash: None,
        is_admin: false,
        created_at: now,
        closed_at: Some(now),
        email_verified_at: None,
        proven_at: None,
        second_factor_at: None,
        claimed_email: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_names_an_issuer_and_a_subject_in_one_way() {
        let of = |issuer: &str, sub: &str| Some(ActAs { issuer: issuer.to_owned(), sub: sub.to_owned() });
        assert_eq!(ActAs::parse("wordpress 4711"), of("wordpress", "4711"));
        assert_eq!(ActAs::parse("my-blog auth0|5f7c=%20"), of("my-blog", "auth0|5f7c=%20"));
        for wrong in [
            "",
            " ",
            "wordpress",
            "wordpress ",
            " 4711",
            "wordpress  4711",
            "wordpress 4711 ",
            "wordpress\t4711",
            "wordpress 4711 4712",
            "Wordpress 4711",
            "https://blog.example 4711",
            &format!("wordpress {}", "a".repeat(256)),
        ] {
            assert_eq!(ActAs::parse(wrong), None, "{wrong}");
        }
    }
}

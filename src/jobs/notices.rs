//! Forgets of notices what nobody needs: those that nobody confirmed, and who the guests were.

use crate::{
    app::State,
    domain::notice::CONFIRMED_WITHIN,
    store::{
        Conn, DbError, jobs, notices,
        sites::{self, Site},
    },
};

/// Sites that are looked at at once.
const SITES: i64 = 100;

/// Forgets it, in short transactions.
pub(super) async fn tidy(state: &State) -> Result<(), DbError> {
    let mut after = String::new();
    loop {
        let from = after.clone();
        let sites = state.db.read(move |conn| Ok::<_, DbError>(sites::list(conn, &from, SITES)?)).await?;
        let Some(last) = sites.last() else { break };
        after.clone_from(&last.key);
        for site in sites {
            while tidy_site(state, site.clone()).await? {}
        }
    }
    let now = state.clock.now();
    let has_dead = state.db.read(move |conn| Ok::<_, DbError>(jobs::has_dead_mails(conn, now)?)).await?;
    match has_dead {
        false => Ok(()),
        true => state.db.write(move |conn| Ok::<_, DbError>(jobs::delete_dead_mails(conn, now)?)).await,
    }
}

/// Whether there may be more.
async fn tidy_site(state: &State, site: Site) -> Result<bool, DbError> {
    let (now, policies) = (state.clock.now(), state.judging.policies.clone());
    let dropped = now.minus(CONFIRMED_WITHIN);
    let read = move |conn: &mut Conn<'_>| {
        let erased = now.minus(policies.notices(conn, &site)?.guests_kept());
        let is_untidy = notices::is_untidy(conn, site.id, dropped, erased)?;
        Ok::<_, DbError>(is_untidy.then_some((site.id, erased)))
    };
    // looked at first, so that an idle service writes nothing
    let Some((site, erased)) = state.db.read(read).await? else { return Ok(false) };
    let write = move |conn: &mut Conn<'_>| {
        let has_more = notices::drop_unconfirmed(conn, site, dropped, now)?;
        Ok::<_, DbError>(notices::erase_guests(conn, site, erased, now)? || has_more)
    };
    state.db.write(write).await
}

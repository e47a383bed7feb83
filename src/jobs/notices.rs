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
    state.db.write(move |conn| Ok::<_, DbError>(jobs::delete_dead_mails(conn, now)?)).await
}

/// Whether there may be more.
async fn tidy_site(state: &State, site: Site) -> Result<bool, DbError> {
    let (now, policies) = (state.clock.now(), state.judging.policies.clone());
    let write = move |conn: &mut Conn<'_>| {
        let settings = policies.notices(conn, &site)?;
        let dropped = notices::drop_unconfirmed(conn, site.id, now.minus(CONFIRMED_WITHIN), now)?;
        let erased = notices::erase_guests(conn, site.id, now.minus(settings.guests_kept()), now)?;
        Ok::<_, DbError>(dropped || erased)
    };
    state.db.write(write).await
}

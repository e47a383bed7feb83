//! A log as the lines of `domain::log_chain::lines`, in pieces from short reads, from wherever one wants to go on.

use diesel::QueryResult;

use crate::{
    auth::log_key::LogKey,
    domain::{
        ids::SiteId,
        log_chain::{
            Hash, HeadForm, VERSION, canonical, hex,
            lines::{Beginning, BeginningLine, Filter, HeadLine, SealLine},
        },
    },
    store::{
        Conn,
        decisions::Decision,
        log_rows::{self, chain_of, site_of},
        log_seals::{self, Seal},
    },
};

/// Bytes after which a piece ends.
const PIECE_BYTES: usize = 128 * 1024;
/// Seals after which it does.
const PIECE_SEALS: i64 = 16;

/// The head of a site's chain, or of that of no site, signed.
pub fn head(conn: &mut Conn<'_>, site: Option<SiteId>, key: &LogKey) -> QueryResult<HeadLine<String>> {
    let chain = chain_of(site);
    Ok(signed(chain, log_seals::find_last(conn, chain)?.as_ref(), key))
}

fn signed(chain: SiteId, last: Option<&Seal>, key: &LogKey) -> HeadLine<String> {
    let head = HeadForm {
        hash: last.map(|seal| Hash::from_store(&seal.hash)),
        key_id: key.id.clone(),
        number: last.map_or(0, |seal| seal.number),
        rows: last.map_or(0, Seal::last_place),
        sealed_at: last.map(|seal| seal.sealed_at.to_string()),
        site_id: site_of(chain).map(|site| site.to_string()),
        v: VERSION,
    };
    let signature = hex(&key.sign(&canonical(&head)));
    HeadLine { head, public_key: hex(key.public()), signature }
}

/// An export under way: up to the seal that was the last one when it began.
#[derive(Clone, Debug)]
pub struct Export {
    chain: SiteId,
    filter: Filter,
    /// The rows up to this place are left out, as the caller has them.
    after: i64,
    head: Option<Seal>,
    /// The seal that was written last.
    number: i64,
    is_begun: bool,
    is_done: bool,
}

impl Export {
    /// All of a chain, or what is behind the row at this place; nothing if there is no such row.
    pub fn begin(conn: &mut Conn<'_>, site: Option<SiteId>, filter: Filter, after: i64) -> QueryResult<Option<Self>> {
        let chain = chain_of(site);
        let head = log_seals::find_last(conn, chain)?;
        if after > head.as_ref().map_or(0, Seal::last_place) {
            return Ok(None);
        }
        // the seal over that row comes again, behind what is left of its rows
        let number = match after {
            0 => 0,
            place => log_seals::find_number_of(conn, chain, place)?.map_or(0, |number| number - 1),
        };
        Ok(Some(Self { chain, filter, after, head, number, is_begun: after > 0, is_done: false }))
    }

    /// Whether all of it is written.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// The next lines, and what is left.
    pub fn piece(mut self, conn: &mut Conn<'_>, key: &LogKey) -> QueryResult<(Self, Vec<u8>)> {
        let mut out = Vec::new();
        if !self.is_begun {
            self.is_begun = true;
            let log = Beginning::new(site_of(self.chain), &self.filter);
            put(&mut out, &canonical(&BeginningLine { log }));
        }
        let last = self.head.as_ref().map_or(0, |seal| seal.number);
        let seals = log_seals::list_after(conn, self.chain, self.number, PIECE_SEALS)?;
        for seal in seals.into_iter().filter(|seal| seal.number <= last) {
            self.write(conn, &seal, &mut out)?;
            self.number = seal.number;
            if out.len() >= PIECE_BYTES {
                return Ok((self, out));
            }
        }
        if out.is_empty() || self.number >= last {
            // where seals are missing that were there, the file says so by what it lacks
            put(&mut out, &canonical(&signed(self.chain, self.head.as_ref(), key)));
            self.is_done = true;
        }
        Ok((self, out))
    }

    /// The rows of a seal, as far as they are asked for, and the seal.
    fn write(&self, conn: &mut Conn<'_>, seal: &Seal, out: &mut Vec<u8>) -> QueryResult<()> {
        let mut hashes = None;
        if self.may_match(seal) {
            let rows = log_rows::list(conn, seal.chain, (seal.first_place, seal.last_place()))?;
            let mut of_all = Vec::with_capacity(rows.len());
            let mut is_any_asked_for = false;
            // a row that is gone is missing in the file too
            for (row, decision) in rows.iter().filter_map(|(row, decision)| Some((row, decision.as_ref()?))) {
                let (line, hash) = log_rows::line(row, decision).written();
                of_all.push(hash);
                let is_asked_for = matches(&self.filter, decision);
                is_any_asked_for |= is_asked_for;
                if is_asked_for && row.place > self.after {
                    put(out, &line);
                }
            }
            hashes = (self.filter != Filter::default() && is_any_asked_for).then_some(of_all);
        }
        let line = SealLine { hash: Hash::from_store(&seal.hash), hashes, seal: seal.form() };
        put(out, &canonical(&line));
        Ok(())
    }

    /// Whether any row of a seal may be from the time that is asked for.
    fn may_match(&self, seal: &Seal) -> bool {
        self.filter.since.is_none_or(|since| seal.newest_at >= since)
            && self.filter.until.is_none_or(|until| seal.oldest_at < until)
    }
}

fn put(out: &mut Vec<u8>, line: &[u8]) {
    out.extend_from_slice(line);
    out.push(b'\n');
}

fn matches(filter: &Filter, row: &Decision) -> bool {
    filter.account_id.is_none_or(|account| row.account_id == Some(account))
        && filter.action.is_none_or(|action| row.action == action)
        && filter.actor_id.is_none_or(|actor| row.actor_id == Some(actor))
        && filter.reply_id.is_none_or(|reply| row.reply_id == Some(reply))
        && filter.story_id.is_none_or(|story| row.story_id == Some(story) && row.reply_id.is_none())
        && filter.since.is_none_or(|since| row.created_at >= since)
        && filter.until.is_none_or(|until| row.created_at < until)
}

//! Places in the tree and what is counted along it, in one walk over all threads in reading order.

use std::collections::HashMap;

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::{ids::*, reply_path::MAX_DEPTH, reply_path::ReplyPath, reply_state::ReplyState},
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 5_000;

/// Bytes of a path that reaches as deep as the tree does.
const TREE_BYTES: usize = 4 * MAX_DEPTH;

type Columns = (
    (Key, Key, Key, Nullable<Key>, Key, Nullable<Key>),
    (Integer, Binary, Text, Integer, Integer),
    (Nullable<Key>, Nullable<Integer>, Nullable<Key>, Nullable<Binary>),
);

#[derive(Queryable)]
struct Row {
    ids: (ReplyId, SiteId, StoryId, Option<ReplyId>, ReplyId, Option<ReplyId>),
    /// Depth, path, state, `direct_below`, `visible_below`.
    place: (i32, ReplyPath, ReplyState, i32, i32),
    /// The story's site and last sequence number, the story and path of what `in_reply_to` names.
    joined: (Option<SiteId>, Option<i32>, Option<StoryId>, Option<ReplyPath>),
}

/// Walks all threads: paths, sequence numbers, `direct_below`, `visible_below`.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 4]> {
    let mut walk = Walk::new();
    let mut after = (ReplyId(Uuid::nil()), Vec::new());
    loop {
        let query = Sql::<Columns>::new(
            "SELECT r.id, r.site_id, r.story_id, r.parent_id, r.root_id, r.in_reply_to, \
             r.depth, r.path, r.state, r.direct_below, r.visible_below, \
             s.site_id, s.last_seq, t.story_id, t.path FROM replies r \
             LEFT JOIN stories s ON s.id = r.story_id LEFT JOIN replies t ON t.id = r.in_reply_to \
             WHERE (r.root_id, r.path) > (",
        )
        .key(after.0)
        .sql(", ")
        .bytes(after.1)
        .sql(") ORDER BY r.root_id, r.path LIMIT ")
        .int(BATCH);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some(last) = rows.last() else { break };
        after = (last.ids.4, last.place.1.as_bytes().to_vec());
        rows.into_iter().for_each(|row| walk.take(row));
    }
    walk.leave_to(0);
    Ok([walk.places, walk.sequences, walk.direct, walk.visible])
}

/// A reply of which the rows below are still coming.
struct Open {
    id: ReplyId,
    story: StoryId,
    path: Vec<u8>,
    is_public: bool,
    /// Stored and counted.
    direct: (i32, i64),
    visible: (i32, i64),
}

struct Walk {
    places: CheckLine,
    sequences: CheckLine,
    direct: CheckLine,
    visible: CheckLine,
    root: ReplyId,
    /// From the top-level reply down: 33 at most in a sound tree.
    open: Vec<Open>,
    numbers: Numbers,
}

impl Walk {
    fn new() -> Self {
        Self {
            places: CheckLine::new("places of replies"),
            sequences: CheckLine::new("sequence numbers of replies"),
            direct: CheckLine::new("public replies directly below"),
            visible: CheckLine::new("public replies below"),
            root: ReplyId(Uuid::nil()),
            open: Vec::new(),
            numbers: Numbers::default(),
        }
    }

    fn take(&mut self, row: Row) {
        let (id, _, story, _, root, _) = row.ids;
        let (_, path, state, direct, visible) = &row.place;
        let path = path.as_bytes();
        if root != self.root {
            self.leave_to(0);
            self.root = root;
        }
        let ancestors = self.open.iter().take_while(|open| is_below(path, &open.path)).count();
        self.leave_to(ancestors);
        self.places.look(self.misplacement(&row));
        self.sequences.look(self.numbers.objection(&row));
        let (direct, visible) = ((*direct, 0), (*visible, 0));
        self.open.push(Open { id, story, path: path.to_vec(), is_public: state.is_public(), direct, visible });
    }

    /// Ends the replies below the first `depth` open ones, of which all rows have come.
    fn leave_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(done) = self.open.pop() else { return };
            let Open { id, path, is_public, direct, visible, .. } = done;
            self.direct.look(differing(direct.0.into(), direct.1, || format!("reply {id}")));
            self.visible.look(differing(visible.0.into(), visible.1, || format!("reply {id}")));
            if let Some(above) = self.open.last_mut() {
                above.visible.1 += visible.1 + i64::from(is_public);
                above.direct.1 += i64::from(is_public && path.len() == above.path.len() + 4);
            }
        }
    }

    /// What is wrong with a reply's place; the open replies are its ancestors.
    fn misplacement(&self, row: &Row) -> Option<String> {
        let (id, site, story, parent, root, answered) = row.ids;
        let (depth, path, ..) = &row.place;
        let (story_site, _, answered_story, answered_path) = &row.joined;
        let path = path.as_bytes();
        let mut faults = Vec::new();
        if path.is_empty() || path.len() % 4 != 0 || path.len() > TREE_BYTES + 4 {
            faults.push(format!("a path of {} bytes", path.len()));
        }
        if *depth != i32::try_from(path.len() / 4).unwrap_or(i32::MAX) {
            faults.push(format!("depth {depth}, the path's is {}", path.len() / 4));
        }
        let above = self.open.last().filter(|open| open.path.len() + 4 == path.len());
        if path.len() > 4 && above.is_none() {
            faults.push("no reply has its parent's path".to_owned());
        }
        let above_id = above.map(|open| open.id);
        if parent != above_id {
            faults.push(format!("parent {}, the path's is {}", shown(parent), shown(above_id)));
        }
        let top = self.open.first().map_or(id, |open| open.id);
        if root != top {
            faults.push(format!("root {root}, the path's is {top}"));
        }
        if let Some(open) = above.filter(|open| open.story != story) {
            faults.push(format!("story {story}, its parent's is {}", open.story));
        }
        if let Some(of_story) = story_site.filter(|of_story| *of_story != site) {
            faults.push(format!("site {site}, its story's is {of_story}"));
        }
        if let Some(answered) = answered {
            let is_flat = path.len() > TREE_BYTES;
            let is_beside = answered_path
                .as_ref()
                .is_some_and(|other| is_flat && other.as_bytes().starts_with(&path[..TREE_BYTES]));
            if answered == id || !is_beside || *answered_story != Some(story) {
                faults.push(format!("in reply to {answered}, which is not its true parent past the depth limit"));
            }
        }
        (!faults.is_empty()).then(|| format!("reply {id}: {}", faults.join("; ")))
    }
}

fn shown(id: Option<ReplyId>) -> String {
    id.map_or_else(|| "none".to_owned(), |id| id.to_string())
}

fn is_below(path: &[u8], ancestor: &[u8]) -> bool {
    path.len() > ancestor.len() && path.starts_with(ancestor)
}

/// The sequence numbers seen so far.
#[derive(Default)]
struct Numbers(HashMap<StoryId, RoaringBitmap>);

impl Numbers {
    /// What is wrong with a reply's sequence number.
    fn objection(&mut self, row: &Row) -> Option<String> {
        let (id, _, story, ..) = row.ids;
        let number = u32::from_be_bytes(*row.place.1.as_bytes().last_chunk::<4>()?);
        let is_again = !self.0.entry(story).or_default().insert(number);
        let last = row.joined.1.unwrap_or_default();
        let is_past = i64::from(number) > i64::from(last);
        match (is_again, is_past || number == 0) {
            (false, false) => None,
            (true, _) => Some(format!("reply {id}: number {number} is another's too in story {story}")),
            (false, true) => Some(format!("reply {id}: number {number}, story {story} gave 1 to {last}")),
        }
    }
}

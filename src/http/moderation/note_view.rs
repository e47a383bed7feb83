//! Notes as moderators see them, with whom they mention.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{ids::*, timestamp::Timestamp},
    http::{
        page::{Page, Paging, Texts},
        problem::Problem,
        views::shown_name,
    },
    store::{Conn, mentions, notes::Note},
};

/// A note.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoteView {
    /// Its id.
    pub id: NoteId,
    /// The key of the site whose moderators see it; null: admins alone.
    pub site: Option<String>,
    /// The account that it is about; null if it is about a reply.
    pub account_id: Option<AccountId>,
    /// The reply that it is about.
    pub reply_id: Option<ReplyId>,
    /// Who wrote it.
    pub author: NotePersonView,
    /// The text, plain.
    pub text: String,
    /// Who is named in it and has it in his inbox.
    pub mentions: Vec<MentionedView>,
    /// When.
    pub created_at: Timestamp,
}

/// Who wrote a note.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotePersonView {
    /// The account.
    pub id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
}

/// Who is named in a note.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MentionedView {
    /// The account.
    pub id: AccountId,
    /// Its present username; null for a closed account.
    pub username: Option<String>,
}

/// Notes with whom they mention.
pub(super) fn views(conn: &mut Conn<'_>, rows: Vec<Note>) -> Result<Vec<NoteView>, Problem> {
    let ids: Vec<NoteId> = rows.iter().map(|row| row.id).collect();
    let mentioned = mentions::list_of_notes(conn, &ids)?;
    let view = |row: Note| {
        let of_note = mentioned.iter().filter(|(note, ..)| *note == row.id);
        NoteView {
            id: row.id,
            site: row.site_key,
            account_id: row.account_id,
            reply_id: row.reply_id,
            author: NotePersonView {
                id: row.author_id,
                display_name: shown_name(row.author_display_name, row.author_username.as_deref()),
                username: row.author_username,
            },
            text: row.body,
            mentions: of_note.map(|(_, id, name)| MentionedView { id: *id, username: name.clone() }).collect(),
            created_at: row.created_at,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

impl Texts for Note {
    fn bytes(&self) -> usize {
        self.body.len()
    }
}

/// A page of notes, of one row more than fits.
pub(super) fn page(
    conn: &mut Conn<'_>,
    rows: Vec<Note>,
    paging: &Paging,
    cursor: impl FnOnce(&Note) -> String,
) -> Result<Page<NoteView>, Problem> {
    let Page { items, next_cursor } = Page::of_texts(rows, paging.limit(), cursor, |row| row);
    Ok(Page { items: views(conn, items)?, next_cursor })
}

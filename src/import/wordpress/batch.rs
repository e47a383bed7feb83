//! What the reading thread hands to the writer: stories and replies that one transaction stores, and how far it is.

use tokio::sync::mpsc::Sender;

use super::{
    Bounds, LeftOut, Phase, Report,
    draft::{ReplyDraft, StoryDraft},
};
use crate::import::wxr::Channel;

/// A story with the replies that come now, parents before answers.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) story: StoryDraft,
    /// Whether the story was counted before.
    pub(super) is_continued: bool,
    pub(super) replies: Vec<ReplyDraft>,
}

/// What one transaction stores, and what was left out on the way to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) groups: Vec<Group>,
    pub(super) report: Report,
}

/// What the reading thread hands over.
pub(super) enum Message {
    /// So many bytes were read.
    Read(Phase, u64),
    /// The file is whole; it comes before the first batch.
    Proven(Channel),
    /// To be stored, and how many bytes were read for it.
    Batch(Batch, u64),
}

/// Nobody takes messages any more.
pub(super) struct Gone;

/// Collects batches and hands them over when they are full.
pub(super) struct Batches {
    bounds: Bounds,
    sender: Sender<Message>,
    batch: Batch,
    rows: usize,
    bytes: usize,
    /// In the file.
    pub(super) position: u64,
}

impl Batches {
    pub(super) fn new(bounds: Bounds, sender: Sender<Message>) -> Self {
        Self { bounds, sender, batch: Batch::default(), rows: 0, bytes: 0, position: 0 }
    }

    pub(super) fn leave_out(&mut self, reason: LeftOut) {
        self.batch.report.leave_out(reason);
    }

    /// Begins a story, or goes on with it.
    pub(super) fn story(&mut self, story: &StoryDraft, is_continued: bool) -> Result<(), Gone> {
        if self.is_full() {
            self.flush()?;
        }
        self.rows += 1;
        self.bytes += story.weight();
        self.batch.groups.push(Group { story: story.clone(), is_continued, replies: Vec::new() });
        Ok(())
    }

    /// Adds a reply to the story that was begun last.
    pub(super) fn reply(&mut self, reply: ReplyDraft) -> Result<(), Gone> {
        if self.is_full() {
            let story = self.batch.groups.last().map(|group| group.story.clone());
            self.flush()?;
            if let Some(story) = story {
                self.story(&story, true)?;
            }
        }
        self.rows += 1;
        self.bytes += reply.weight();
        if let Some(group) = self.batch.groups.last_mut() {
            group.replies.push(reply);
        }
        Ok(())
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self) -> Result<(), Gone> {
        self.flush()
    }

    fn is_full(&self) -> bool {
        self.rows >= self.bounds.batch_rows || self.bytes >= self.bounds.batch_bytes
    }

    fn flush(&mut self) -> Result<(), Gone> {
        let batch = std::mem::take(&mut self.batch);
        (self.rows, self.bytes) = (0, 0);
        self.sender.blocking_send(Message::Batch(batch, self.position)).map_err(|_| Gone)
    }
}

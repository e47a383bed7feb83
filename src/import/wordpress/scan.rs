//! The readings of the file, on a thread of their own.

use std::{collections::HashMap, fs::File, io::BufReader, path::PathBuf};

use tokio::sync::mpsc::Sender;

use super::{
    Bounds, ImportError, LeftOut, Phase,
    batch::{Batches, Gone, Message},
    draft::{ReplyDraft, StoryDraft},
    order::{self, Stub},
    sieve::{Hidden, Sieve, Taken},
    window::{Kept, Plan, Window},
};
use crate::{
    domain::timestamp::Timestamp,
    import::wxr::{Item, WxrEvent, WxrReader},
};

/// Why the readings ended.
enum Stop {
    Gone,
    Failed(ImportError),
}

impl From<Gone> for Stop {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// Bytes between two words on how far it is.
const STEP_BYTES: u64 = 4 * 1024 * 1024;

pub(super) struct Scan {
    pub(super) file: PathBuf,
    pub(super) with_pingbacks: bool,
    pub(super) bounds: Bounds,
    pub(super) now: Timestamp,
    pub(super) sender: Sender<Message>,
}

/// Plans by the items' places in the file.
type Plans = HashMap<u64, Plan>;

/// An item while its comments come.
struct Current {
    item: Item,
    taken: Result<Taken, LeftOut>,
    /// Once it is sure that there will be one.
    story: Option<StoryDraft>,
    /// All its comments, unless it has a plan.
    kept: Vec<Kept>,
    window: Window,
}

impl Scan {
    pub(super) fn run(self) -> Result<(), ImportError> {
        match self.read_all() {
            Err(Stop::Failed(error)) => Err(error),
            // whoever stopped listening knows why
            Ok(()) | Err(Stop::Gone) => Ok(()),
        }
    }

    fn read_all(&self) -> Result<(), Stop> {
        let (mut plans, hidden) = self.prove()?;
        let mut is_first = true;
        while is_first || !plans.is_empty() {
            self.import(&mut plans, &hidden, is_first)?;
            plans.retain(|_, plan| !plan.is_done());
            is_first = false;
        }
        Ok(())
    }

    /// Reads the file to its end. The plans of items that are too large to be held at once, and what is hidden.
    fn prove(&self) -> Result<(Plans, Hidden), Stop> {
        let (mut plans, mut hidden, nothing) = (Plans::new(), Hidden::default(), Hidden::default());
        let mut sieve = Sieve::new(self.with_pingbacks, &nothing);
        let (mut channel, mut place, mut is_taken, mut time, mut bytes) = (None, 0, false, 0, 0);
        let mut stubs: Vec<Stub> = Vec::new();
        self.read(Phase::Checking, |event, _| {
            match event {
                WxrEvent::Channel(read) => channel = Some(read),
                WxrEvent::Item(mut item) => {
                    hidden.note(&item);
                    is_taken = sieve.item(&mut item).is_ok();
                    time = self.time(&item).as_micros();
                }
                WxrEvent::Comment(comment) if is_taken => {
                    if let Ok(state) = sieve.comment(&comment) {
                        let (id, parent) = (comment.comment_id, comment.parent);
                        stubs.push(Stub { id, parent, time: comment.published_at.unwrap_or(time) });
                        bytes += Kept { comment: *comment, state }.weight();
                    }
                }
                WxrEvent::Comment(_) => {}
                WxrEvent::ItemEnd => {
                    if bytes > self.bounds.item_bytes {
                        plans.insert(place, Plan::new(&stubs));
                        stubs = Vec::new();
                    }
                    stubs.clear();
                    bytes = 0;
                    place += 1;
                }
            }
            Ok(())
        })?;
        let channel = channel.unwrap_or_default();
        self.sender.blocking_send(Message::Proven(channel)).map_err(|_| Stop::Gone)?;
        Ok((plans, hidden))
    }

    /// Hands over everything; after the first time only what plans are left for, and nothing is counted again.
    fn import(&self, plans: &mut Plans, hidden: &Hidden, is_first: bool) -> Result<(), Stop> {
        let mut batches = Batches::new(self.bounds, self.sender.clone());
        let mut sieve = Sieve::new(self.with_pingbacks, hidden);
        let mut current: Option<Current> = None;
        let mut place = 0;
        self.read(Phase::Importing, |event, position| {
            batches.position = position;
            let plan = plans.get_mut(&place);
            match event {
                WxrEvent::Channel(_) => {}
                WxrEvent::Item(mut item) => {
                    let taken = sieve.item(&mut item);
                    if taken.is_err() {
                        // planned before it was known that it belongs to something hidden
                        plans.remove(&place);
                    }
                    if is_first {
                        match taken {
                            Err(reason) => batches.leave_out(reason),
                            Ok(Taken { is_repeated: true, .. }) => batches.leave_out(LeftOut::RepeatedItem),
                            Ok(_) => {}
                        }
                    }
                    let window = Window::new(self.bounds.item_bytes);
                    current = Some(Current { item: *item, taken, story: None, kept: Vec::new(), window });
                }
                WxrEvent::Comment(comment) => {
                    let Some(current) = current.as_mut().filter(|_| is_first || plan.is_some()) else { return Ok(()) };
                    let judged = match current.taken {
                        Ok(_) => sieve.comment(&comment),
                        Err(_) => Err(LeftOut::OfLeftOutItem),
                    };
                    match (judged, plan) {
                        (Err(reason), _) if is_first => batches.leave_out(reason),
                        (Err(_), _) => {}
                        (Ok(state), None) => current.kept.push(Kept { comment: *comment, state }),
                        (Ok(state), Some(plan)) => {
                            let has_turn = current.window.offer(plan, Kept { comment: *comment, state });
                            if !has_turn && is_first {
                                batches.leave_out(LeftOut::RepeatedComment);
                            }
                            self.store_due(current, plan, &mut batches)?;
                        }
                    }
                }
                WxrEvent::ItemEnd => {
                    place += 1;
                    match (current.take(), plan) {
                        (Some(mut current), None) if is_first => self.store_all(&mut current, &mut batches)?,
                        (Some(mut current), Some(plan)) if plan.is_done() && !plan.has_story => {
                            self.end(&mut current, &mut batches)?;
                        }
                        _ => {}
                    }
                }
            }
            Ok(())
        })?;
        Ok(batches.finish()?)
    }

    /// Hands over the comments of a planned item whose turn has come.
    fn store_due(&self, current: &mut Current, plan: &mut Plan, batches: &mut Batches) -> Result<(), Gone> {
        while let Some(kept) = current.window.next(plan) {
            self.store(current, kept, plan.has_story, batches)?;
            plan.has_story |= current.story.is_some();
        }
        Ok(())
    }

    /// Hands over an item that was held at once.
    fn store_all(&self, current: &mut Current, batches: &mut Batches) -> Result<(), Gone> {
        let time = self.time(&current.item).as_micros();
        let stub = |Kept { comment, .. }: &Kept| Stub {
            id: comment.comment_id,
            parent: comment.parent,
            time: comment.published_at.unwrap_or(time),
        };
        let stubs: Vec<Stub> = current.kept.iter().map(stub).collect();
        let mut kept: Vec<Option<Kept>> = std::mem::take(&mut current.kept).into_iter().map(Some).collect();
        for place in order::order(&stubs) {
            if let Some(kept) = kept[place as usize].take() {
                self.store(current, kept, false, batches)?;
            }
        }
        self.end(current, batches)
    }

    fn store(&self, current: &mut Current, kept: Kept, has_story: bool, batches: &mut Batches) -> Result<(), Gone> {
        match ReplyDraft::new(kept.comment, kept.state, self.time(&current.item)) {
            Err(reason) => {
                batches.leave_out(reason);
                Ok(())
            }
            Ok(reply) => {
                if current.story.is_none() {
                    self.begin(current, has_story, batches)?;
                }
                batches.reply(reply)
            }
        }
    }

    /// Sees to an item of which no comment came in: a post is a story all the same.
    fn end(&self, current: &mut Current, batches: &mut Batches) -> Result<(), Gone> {
        match current.taken {
            Ok(Taken { is_repeated: false, is_post }) if current.story.is_none() => {
                if is_post {
                    return self.begin(current, false, batches);
                }
                batches.leave_out(LeftOut::NotDiscussed);
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&self, current: &mut Current, has_story: bool, batches: &mut Batches) -> Result<(), Gone> {
        let is_continued = has_story || matches!(current.taken, Ok(Taken { is_repeated: true, .. }));
        let story = current.story.insert(StoryDraft::new(&current.item, self.now));
        batches.story(story, is_continued)
    }

    fn time(&self, item: &Item) -> Timestamp {
        item.published_at.map_or(self.now, Timestamp::from_micros)
    }

    /// Gives each event with the number of bytes read, and says now and then how far it is.
    fn read(&self, phase: Phase, mut take: impl FnMut(WxrEvent, u64) -> Result<(), Gone>) -> Result<(), Stop> {
        let failed = |error| Stop::Failed(ImportError::File(self.file.clone(), error));
        let file = File::open(&self.file).map_err(failed)?;
        let mut reader = WxrReader::new(BufReader::with_capacity(64 * 1024, file));
        let mut said = 0;
        loop {
            let event = reader.next_event();
            let event = event.map_err(|error| Stop::Failed(ImportError::Wxr(self.file.clone(), error)))?;
            let Some(event) = event else { return Ok(()) };
            let position = reader.position();
            take(event, position)?;
            if position >= said + STEP_BYTES {
                said = position;
                self.sender.blocking_send(Message::Read(phase, position)).map_err(|_| Stop::Gone)?;
            }
        }
    }
}

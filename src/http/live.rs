//! Live: what happens under a story, and in a moderator's queues, as Server-Sent Events (HTML Standard, section 9.2) or by
//! polling.

mod event;
pub mod hub;
mod queues;
pub mod sse;
mod stories;

pub use event::{AboveView, ChangeView, EventView, EventsView};
pub use queues::{QueueItemsEventView, QueuesEventView};
pub use stories::EventsQuery;

use super::Routes;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(stories::list_story_events).service(queues::list_queue_events);
}

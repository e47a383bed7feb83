//! Closing a story for replies by hand, and reopening it.

use actix_web::{HttpResponse, post, web};
use serde::Serialize;

use super::{StoryView, find_head};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, moderation::Action, story::Closing, timestamp::Timestamp},
    http::{caller::Caller, log::what_changed, problem::Problem},
    store::{
        decisions::{self, Decision},
        stories::{self, Story},
        story_urls,
    },
};

/// What is done to a story by hand.
#[derive(Serialize)]
struct Hand {
    closed_at: Option<Timestamp>,
    closes_at: Option<Timestamp>,
    is_kept_open: bool,
}

impl Hand {
    fn of(story: &Story) -> Self {
        Self { closed_at: story.closed_at, closes_at: story.closes_at, is_kept_open: story.is_kept_open }
    }
}

/// Close a story
///
/// It takes no replies any more; closing what is closed changes nothing.
#[utoipa::path(tag = "stories", responses((status = 200, body = StoryView)), security(("token" = [])))]
#[post("/api/v1/stories/{story_id}/close")]
pub async fn close_story(caller: Caller, state: State, id: web::Path<StoryId>) -> Result<HttpResponse, Problem> {
    change(caller, state, *id, Operation::CloseStory).await
}

/// Reopen a story
///
/// It takes replies again, and the site's closing rule is off for it; a closing time of its own that has passed is
/// taken away.
#[utoipa::path(tag = "stories", responses((status = 200, body = StoryView)), security(("token" = [])))]
#[post("/api/v1/stories/{story_id}/reopen")]
pub async fn reopen_story(caller: Caller, state: State, id: web::Path<StoryId>) -> Result<HttpResponse, Problem> {
    change(caller, state, *id, Operation::ReopenStory).await
}

async fn change(caller: Caller, state: State, id: StoryId, operation: Operation) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    let view = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let site = find_head(conn, id)?.site;
            caller.may_on(&site, operation, Object::default())?;
            // locked before it is read again, so that no reply slips in between
            stories::lock(conn, id)?;
            let mut head = find_head(conn, id)?;
            let (is_done, action) = match operation {
                Operation::CloseStory => (head.story.closed_at.is_some(), Action::CloseStory),
                // a closed site is no reason to reopen again and again
                _ => (!Closing { is_site_closed: false, ..head.closing() }.is_closed(now), Action::ReopenStory),
            };
            if !is_done {
                let former = head.story.clone();
                if action == Action::CloseStory {
                    head.story.closed_at = Some(now);
                    head.story.is_kept_open = false;
                } else {
                    head.story.closed_at = None;
                    // a closing time of its own is what front ends set
                    if head.story.closes_at.take_if(|time| *time <= now).is_some() {
                        head.story.revision += 1;
                    }
                    head.story.is_kept_open = true;
                }
                head.story.updated_at = now;
                stories::update_closing(conn, &head.story)?;
                let decision = Decision::new(random.id(now), caller.actor(Some(site.id)), action, now);
                let details = Some(what_changed(&Hand::of(&former), &Hand::of(&head.story))?);
                let decision = Decision { site_id: Some(site.id), story_id: Some(id), details, ..decision };
                decisions::insert(conn, &decision)?;
            }
            Ok::<_, Problem>(StoryView::of(head, story_urls::list(conn, id)?, now))
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

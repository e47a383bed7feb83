//! What a page says to programs: a `DiscussionForumPosting` of schema.org with its comments, as JSON-LD.

use serde_json::{Value, json};

use super::{nesting::Leveled, view::Shown};
use crate::{domain::safe_html::plain_text, store::stories::StoryHead};

/// The object as text that may stand in a `script` element: `<` is written as an escape, so that nothing in it ends the
/// element (HTML Standard, section 4.12.1.3).
pub fn of(head: &StoryHead, story_url: &str, replies: &[Shown]) -> String {
    posting(head, story_url, replies).to_string().replace('<', "\\u003c")
}

fn posting(head: &StoryHead, story_url: &str, replies: &[Shown]) -> Value {
    let story = &head.story;
    let mut posting = json!({
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "@id": story_url,
        "url": story_url,
        "headline": story.headline,
        "datePublished": story.published_at,
        "isPartOf": { "@type": "WebSite", "name": head.site.name },
        "interactionStatistic": counted("CommentAction", story.replies),
        "commentCount": story.replies,
        "comment": comments(replies),
    });
    let (author, text) = match &head.commentary {
        Some(view) => (json!({ "@type": "Person", "name": view.author_name }), Some(plain_text(&view.body_html))),
        None => (json!({ "@type": "Organization", "name": head.site.name }), story.excerpt.clone()),
    };
    posting["author"] = author;
    posting["text"] = text.unwrap_or_else(|| story.headline.clone()).into();
    posting
}

/// The comments of what comes in reading order: each with those below it.
fn comments(replies: &[Shown]) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = replies;
    while let Some((first, behind)) = rest.split_first() {
        let below = behind.iter().take_while(|reply| reply.level() > first.level()).count();
        found.push(comment(first, &behind[..below]));
        rest = &behind[below..];
    }
    found
}

fn comment(reply: &Shown, below: &[Shown]) -> Value {
    let mut comment = json!({
        "@type": "Comment",
        "@id": reply.url,
        "url": reply.url,
        "datePublished": reply.created_at,
    });
    match (&reply.author, &reply.html) {
        (Some(author), Some(html)) => {
            comment["author"] = json!({ "@type": "Person", "name": author.display_name });
            comment["text"] = plain_text(html).into();
            comment["interactionStatistic"] = counted("LikeAction", reply.recommendations.into());
        }
        _ => comment["creativeWorkStatus"] = "Deleted".into(),
    }
    if let Some(edited_at) = reply.edited_at {
        comment["dateModified"] = json!(edited_at);
    }
    if !below.is_empty() {
        comment["comment"] = comments(below).into();
    }
    comment
}

fn counted(action: &str, count: i64) -> Value {
    json!({
        "@type": "InteractionCounter",
        "interactionType": { "@type": action },
        "userInteractionCount": count,
    })
}

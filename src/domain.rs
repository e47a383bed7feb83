//! The rules: what the words of this service mean, without databases and without HTTP.

mod text_enum;

pub mod bulk;
pub mod case;
pub mod change;
pub mod display_name;
pub mod email;
mod html_pile;
pub mod ids;
pub mod imported_html;
mod imported_lines;
pub mod job;
pub mod language;
pub mod log_chain;
pub mod mail;
pub mod markdown;
mod markdown_escape;
pub mod moderation;
pub mod notice;
pub mod notice_days;
pub mod notice_reference;
pub mod outside_check;
pub mod password;
pub mod policy_run;
pub mod priority;
pub mod queue_event;
pub mod queue_filter;
pub mod reply_body;
pub mod reply_path;
pub mod reply_state;
pub mod rules;
pub mod safe_html;
pub mod search_document;
pub mod session;
pub mod shown_text;
pub mod site;
pub mod story;
pub mod story_url;
pub mod text_query;
pub mod timestamp;
pub mod username;
pub mod visible;
pub mod word_diff;

pub(crate) use text_enum::text_enum;

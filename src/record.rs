//! The log as a file that proves itself: written from the database, and looked at without one.

pub mod export;
pub mod verify;

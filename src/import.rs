//! What other systems hold, brought in: their discussions with true times, parents, names and states.
//!
//! An import is streamed, repeatable and honest: a file of any size in bounded memory, twice gives nothing new, and
//! each thing that is left out is counted with its reason.

pub mod progress;
pub mod wordpress;
pub mod wxr;

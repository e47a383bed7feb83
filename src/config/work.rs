//! The variables that say when newcomers show work.

use super::environment::Reader;

/// When newcomers have to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkMode {
    Off,
    On,
    /// While many come at once.
    Automatic,
}

/// Proof of work.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    pub mode: WorkMode,
    /// Iterations of PBKDF2 for one try while it is quiet; some 256 tries are needed.
    pub cost: u32,
    /// Newcomers who came lately, on one site or to sign up, from which on it is a rush.
    pub from: u32,
}

impl Work {
    pub(super) fn read(env: &mut Reader<'_>) -> Self {
        let mode = env.parsed("PROOF_OF_WORK", WorkMode::Automatic, "off, on or automatic", |value| match value {
            "off" => Some(WorkMode::Off),
            "on" => Some(WorkMode::On),
            "automatic" => Some(WorkMode::Automatic),
            _ => None,
        });
        Self {
            mode,
            cost: env.number("PROOF_OF_WORK_COST", 2_000, 100, 100_000),
            from: env.number("PROOF_OF_WORK_FROM", 20, 1, 100_000),
        }
    }
}

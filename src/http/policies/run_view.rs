//! Runs of policies as they are shown.

use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    domain::{
        ids::*,
        policy_run::{RunKind, RunState, Simulation},
        timestamp::Timestamp,
    },
    jobs::policy_runs::{Rerun, Undone},
    store::policy_runs::PolicyRun,
};

/// A run of a policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyRunView {
    /// Its id.
    pub id: PolicyRunId,
    /// What it does.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// Replies looked at.
    pub done: i64,
    /// How many there are to look at, as far as that is known.
    pub total: i64,
    /// Who asked for it.
    pub author_id: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The run that this one undoes.
    pub undoes: Option<PolicyRunId>,
    /// Of a simulation that ended, what the policy would have done.
    pub simulation: Option<Simulation>,
    /// Of a policy that was run again.
    pub rerun: Option<RerunView>,
    /// Of a run that was undone.
    pub undone: Option<UndoneView>,
}

/// What came of running a policy again.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct RerunView {
    /// Replies that passed and are public now.
    pub released: u64,
    /// Replies that go on waiting.
    pub still_waiting: u64,
}

/// What came of undoing a run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UndoneView {
    /// Replies that wait again.
    pub put_back: u64,
    /// Replies that stay as they are, since they have moved on.
    pub moved_on: u64,
    /// The first hundred of these.
    pub moved_on_ids: Vec<ReplyId>,
}

impl From<PolicyRun> for PolicyRunView {
    fn from(run: PolicyRun) -> Self {
        fn read<T: DeserializeOwned>(run: &PolicyRun, kind: RunKind) -> Option<T> {
            run.result.as_ref().filter(|_| run.kind == kind).and_then(|result| serde_json::from_str(result).ok())
        }
        let rerun = read(&run, RunKind::Rerun);
        let undone = read(&run, RunKind::Undo);
        Self {
            id: run.id,
            kind: run.kind,
            state: run.state,
            done: run.done,
            total: run.total,
            author_id: run.author_id,
            created_at: run.created_at,
            finished_at: run.finished_at,
            undoes: run.undoes,
            simulation: read(&run, RunKind::Simulate),
            rerun: rerun.map(|Rerun { released, still_waiting }| RerunView { released, still_waiting }),
            undone: undone.map(|Undone { put_back, moved_on, moved_on_ids }| UndoneView {
                put_back,
                moved_on,
                moved_on_ids,
            }),
        }
    }
}

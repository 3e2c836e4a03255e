//! What a writing verb prints with `--json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::io::apply::Applied;
use crate::plan::{Change, FileDiff, Plan, ShownKey};
use crate::repo::RepoPath;
use crate::steps::Step;

/// How far the verb went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Written.
    Applied,
    /// Shown only, with `--dry-run`.
    DryRun,
    /// `sync --check` found that something would change.
    Needed,
    /// Everything is as it should be.
    Nothing,
}

impl Stage {
    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::DryRun => "dry-run",
            Self::Needed => "needed",
            Self::Nothing => "nothing",
        }
    }
}

/// What a plan does, in one object with the rest of what is printed.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    changes: Vec<ChangeReport>,
    /// Those that were found or fetched, and not given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<ShownKey>,
    notes: Vec<String>,
    steps: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct ChangeReport {
    path: String,
    change: &'static str,
    /// Where the file was, if it moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    diff: String,
}

impl Outcome {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            message: plan.message.clone(),
            commit: None,
            changes: change_reports(plan),
            keys: plan.shown_keys.clone(),
            notes: plan.cautions.iter().chain(&plan.notes).cloned().collect(),
            steps: plan.steps.clone(),
        }
    }

    pub(super) fn applied(plan: &Plan, applied: &Applied) -> Self {
        Self {
            commit: applied.commit.clone(),
            ..Self::new(plan)
        }
    }
}

fn change_reports(plan: &Plan) -> Vec<ChangeReport> {
    let diffs = plan.file_diffs().into_iter();
    let diffs: BTreeMap<&RepoPath, FileDiff<'_>> = diffs.map(|file| (file.path, file)).collect();
    let report = |(path, change): &(RepoPath, Change)| ChangeReport {
        path: path.to_string(),
        change: match change {
            Change::Create { .. } => "create",
            Change::Edit { .. } => "edit",
            Change::Delete { .. } | Change::Gone => "delete",
        },
        from: diffs
            .get(path)
            .and_then(|file| file.from.map(ToString::to_string)),
        diff: diffs.get(path).map_or_else(String::new, FileDiff::unified),
    };
    plan.changes.iter().map(report).collect()
}

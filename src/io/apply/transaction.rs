//! One transaction: the steps of a change, its commit, and its rollback after an error.

use std::cell::OnceCell;

use gix::odb::memory::Storage;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::journal::{CommitMethod, Journal};
use crate::io::apply::prepared_commit::PreparedCommit;
use crate::io::apply::recover::{self, ForeignEdits, Recovered};
use crate::io::apply::{files, git_commands, index_file, locks, objects, refs, secret};
use crate::io::disk::{self, WithPath};
use crate::io::preflight::{self, Finish};
use crate::io::workspace::{Git, Workspace};
use crate::io::{signal, trace};
use crate::plan::Plan;
use crate::repo::RepoPath;

/// The arguments of [`Workspace::apply`].
#[derive(Clone, Copy)]
pub(super) struct ApplyRequest<'a> {
    pub(super) plan: &'a Plan,
    pub(super) finish: Finish,
    pub(super) allow_dirty: &'a [RepoPath],
}

/// A change whose journal is on the disk.
pub(super) struct Transaction<'a> {
    pub(super) ws: &'a Workspace,
    pub(super) git: &'a Git,
    pub(super) request: ApplyRequest<'a>,
    pub(super) journal: Journal,
    /// The commit that larder makes; `None` if there is none, or git makes it.
    pub(super) prepared_commit: Option<PreparedCommit>,
    /// The objects that the commit, or the index, refers to.
    pub(super) objects: Storage,
    /// What git and the hooks printed, once git has made the commit.
    pub(super) git_output: OnceCell<String>,
}

/// A change that is committed.
pub(super) struct Committed {
    pub(super) method: CommitMethod,
    /// What git and the hooks printed; empty where git did not make the commit.
    pub(super) git_output: String,
}

/// One step. A crash may come before, after, or in the middle of any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Take git's locks, and run the preflight checks again under them.
    Lock,
    /// Write the new files beside their paths.
    Stage,
    /// Delete the files that go, and rename the staged files to their paths.
    Swap,
    /// Create the private keys.
    Secrets,
    /// Write the next index into the journal.
    Index,
    /// Write the objects of the commit into git's store.
    Objects,
    /// The commit point of larder: move the branch, or mark the journal as done.
    Publish,
    /// Release git's locks, so that the user's git can take them.
    ReleaseLocks,
    /// `git add --intent-to-add` for the new files.
    IntentToAdd,
    /// `git commit`: the commit point where git makes the commit.
    GitCommit,
}

impl Step {
    /// The phase that `-v` shows: several steps in a row may share one.
    fn phase(self) -> &'static str {
        match self {
            Self::Lock | Self::Stage | Self::Swap | Self::Secrets => "write",
            _ => "commit",
        }
    }
}

/// larder makes the commit, or there is none.
const STEPS: &[Step] = &[
    Step::Lock,
    Step::Stage,
    Step::Swap,
    Step::Secrets,
    Step::Index,
    Step::Objects,
    Step::Publish,
];
/// There is no commit, and only git can write the index.
const STEPS_WITH_SPARSE_INDEX: &[Step] = &[
    Step::Lock,
    Step::Stage,
    Step::Swap,
    Step::Secrets,
    Step::ReleaseLocks,
    Step::IntentToAdd,
    Step::Publish,
];
/// Git makes the commit.
const STEPS_WITH_GIT_COMMIT: &[Step] = &[
    Step::Lock,
    Step::Stage,
    Step::Swap,
    Step::Secrets,
    Step::ReleaseLocks,
    Step::IntentToAdd,
    Step::GitCommit,
];

impl Transaction<'_> {
    /// Executes every step. Rolls back if one of them fails.
    ///
    /// # Errors
    /// The error of the step. The change is rolled back then, or the error says that the
    /// rollback failed too.
    pub(super) fn commit(mut self) -> Result<Committed, Stop> {
        let committed = |this: &mut Self| Committed {
            method: this.journal.record.method.clone(),
            git_output: this.git_output.take().unwrap_or_default(),
        };
        let steps = self.steps()?;
        for steps in steps.chunk_by(|one, next| one.phase() == next.phase()) {
            let failed = trace::phase(steps[0].phase(), || self.first_failure(steps));
            if let Some((step, error)) = failed {
                let committed = committed(&mut self);
                return self.roll_back(step, error).map(|()| committed);
            }
        }
        let committed = committed(&mut self);
        recover::finish(self.ws, self.journal).map_err(|error| unfinished(&error))?;
        Ok(committed)
    }

    /// The steps of this change, in order.
    pub(super) fn steps(&self) -> Result<&'static [Step], Stop> {
        Ok(match self.journal.record.method {
            CommitMethod::GitCommit { .. } => STEPS_WITH_GIT_COMMIT,
            CommitMethod::NoCommit if self.git.index()?.is_sparse() => STEPS_WITH_SPARSE_INDEX,
            CommitMethod::MoveBranch { .. } | CommitMethod::NoCommit => STEPS,
        })
    }

    fn first_failure(&self, steps: &[Step]) -> Option<(Step, Stop)> {
        steps.iter().find_map(|&step| {
            let executed = not_interrupted().and_then(|()| self.execute(step));
            executed.err().map(|error| (step, error))
        })
    }

    /// Executes one step.
    pub(super) fn execute(&self, step: Step) -> Result<(), Stop> {
        let root = self.ws.root();
        match step {
            Step::Lock => self.lock(),
            Step::Stage => files::stage(root, &self.journal),
            Step::Swap => files::swap(root, &self.journal),
            Step::Secrets => secret::create(self.ws, &self.request.plan.secrets),
            Step::Index => self.prepare_index_and_ref(),
            Step::Objects => objects::store(self.git, &self.objects),
            Step::Publish => self.publish(),
            Step::ReleaseLocks => locks::release(self.git, &self.journal),
            Step::IntentToAdd => git_commands::add_intent_to_add(self.git, &self.journal),
            Step::GitCommit => self.git_commit(),
        }
    }

    fn git_commit(&self) -> Result<(), Stop> {
        let message = &self.request.plan.message;
        let output = git_commands::commit(self.git, &self.journal, message)?;
        self.git_output.get_or_init(|| output);
        Ok(())
    }

    fn lock(&self) -> Result<(), Stop> {
        locks::acquire(self.git, &self.journal)?;
        let request = self.request;
        // Signing the commit may have taken long: the files may have changed meanwhile.
        preflight::targets(self.ws, request.plan, request.finish, request.allow_dirty).map(drop)
    }

    fn prepare_index_and_ref(&self) -> Result<(), Stop> {
        index_file::prepare(self.git, &self.journal)?;
        let Some(commit) = &self.prepared_commit else {
            return Ok(());
        };
        let value = self.journal.file("ref");
        let written = disk::create(&value, format!("{}\n", commit.id).as_bytes(), 0o666);
        written.with_path("write", &value)
    }

    fn publish(&self) -> Result<(), Stop> {
        if let Some(commit) = &self.prepared_commit {
            let value = self.journal.file("ref");
            return refs::move_branch(self.git, &value, commit.branch.as_deref());
        }
        let done = self.journal.file("done");
        let created = disk::create(&done, b"", 0o600).and_then(|()| disk::sync_parent(&done));
        created.with_path("write", &done)
    }

    /// Rolls back after a failed step, unless the change is committed already.
    fn roll_back(self, step: Step, error: Stop) -> Result<(), Stop> {
        let edits = match step {
            // Only a hook that git has run for us can have edited the files now.
            Step::GitCommit => ForeignEdits::SetAside,
            _ => ForeignEdits::Refuse,
        };
        match recover::recover(self.ws, self.journal, edits) {
            Ok(Recovered::RolledBack) => Err(error),
            Ok(Recovered::Finished) => Ok(()),
            Err(second) => Err(rollback_failed(&error, &second)),
        }
    }
}

fn not_interrupted() -> Result<(), Stop> {
    if !signal::asked_to_stop() {
        return Ok(());
    }
    let message = "interrupted; nothing is changed";
    Err(Stop::fault(Diagnostic::error("interrupted", message)))
}

/// The change is committed, and a step after the commit point failed.
fn unfinished(error: &Stop) -> Stop {
    let message = format!(
        "the change is made, but git's index is not updated: {}",
        messages(error, ": ")
    );
    let help = "run `larder sync` to finish";
    Stop::fault(Diagnostic::error("unfinished", message).help(help))
}

/// A step failed, and the rollback failed too.
fn rollback_failed(error: &Stop, second: &Stop) -> Stop {
    let message = format!(
        "{}; and the rollback failed: {}",
        messages(error, "; "),
        messages(second, "; ")
    );
    let failed = Diagnostic::error("half-done", message);
    let help = second.diagnostics().iter().flat_map(|it| it.help.clone());
    Stop::fault(help.fold(failed, Diagnostic::help))
}

fn messages(stop: &Stop, separator: &str) -> String {
    let messages = stop.diagnostics().iter().map(|it| it.message.as_str());
    messages.collect::<Vec<_>>().join(separator)
}

//! One change on its way, step by step.

use std::fmt::Write as _;

use gix::ObjectId;
use gix::odb::memory::Storage;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::draft::Draft;
use crate::io::apply::journal::Journal;
use crate::io::apply::recover::{self, End, Foreign};
use crate::io::apply::story::Way;
use crate::io::apply::{by_git, files, held, objects, refs, secret, settle};
use crate::io::disk::{self, Naming};
use crate::io::preflight::{self, Finish};
use crate::io::signal;
use crate::io::trace;
use crate::io::workspace::{Git, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;

/// What was asked for.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) plan: &'a Plan,
    pub(super) finish: Finish,
    pub(super) allow_dirty: &'a [RepoPath],
}

/// A change whose journal is written.
pub(super) struct Run<'a> {
    pub(super) ws: &'a Workspace,
    pub(super) git: &'a Git,
    pub(super) order: Order<'a>,
    pub(super) journal: Journal,
    pub(super) draft: Option<Draft>,
    /// What the commit, or the index, will name.
    pub(super) objects: Storage,
}

/// One step. A crash may come before, after, or in the middle of any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Take git's locks, and look once more.
    Hold,
    /// Write the new files beside their places.
    Stage,
    /// Rename them into their places.
    Swap,
    /// Make the private keys.
    Secrets,
    /// Write the next index beside git's.
    Index,
    /// Put the commit's objects into git's store.
    Objects,
    /// The commit point.
    Publish,
    /// Leave git's locks to git.
    LetGo,
    /// Have git note new files, so that it takes them as paths to commit.
    Note,
    /// Have git commit: the commit point.
    Ask,
}

impl Step {
    /// What a user calls it.
    fn phase(self) -> &'static str {
        match self {
            Self::Hold | Self::Stage | Self::Swap | Self::Secrets => "write",
            _ => "commit",
        }
    }
}

const NATIVE: &[Step] = &[
    Step::Hold,
    Step::Stage,
    Step::Swap,
    Step::Secrets,
    Step::Index,
    Step::Objects,
    Step::Publish,
];
const FILES_WITH_SPARSE_INDEX: &[Step] = &[
    Step::Hold,
    Step::Stage,
    Step::Swap,
    Step::Secrets,
    Step::LetGo,
    Step::Note,
    Step::Publish,
];
const GIT: &[Step] = &[
    Step::Hold,
    Step::Stage,
    Step::Swap,
    Step::Secrets,
    Step::LetGo,
    Step::Note,
    Step::Ask,
];

impl Run<'_> {
    /// Takes every step; if one fails, takes the change back.
    pub(super) fn finish_it(self) -> Result<Way, Stop> {
        let way = self.journal.story.way.clone();
        let steps = self.steps()?;
        for steps in steps.chunk_by(|one, next| one.phase() == next.phase()) {
            let failed = trace::phase(steps[0].phase(), || self.first_failure(steps));
            if let Some((step, stop)) = failed {
                return self.give_up(step, stop).map(|()| way);
            }
        }
        recover::forward(self.ws, self.journal).map_err(|stop| unfinished(&stop))?;
        Ok(way)
    }

    /// The steps of this change, in order.
    pub(super) fn steps(&self) -> Result<&'static [Step], Stop> {
        Ok(match self.journal.story.way {
            Way::Git { .. } => GIT,
            Way::Files if self.git.index()?.is_sparse() => FILES_WITH_SPARSE_INDEX,
            Way::Commit { .. } | Way::Files => NATIVE,
        })
    }

    fn first_failure(&self, steps: &[Step]) -> Option<(Step, Stop)> {
        steps.iter().find_map(|&step| {
            let taken = not_interrupted().and_then(|()| self.take(step));
            taken.err().map(|stop| (step, stop))
        })
    }

    /// Takes one step.
    pub(super) fn take(&self, step: Step) -> Result<(), Stop> {
        let root = self.ws.root();
        match step {
            Step::Hold => self.hold(),
            Step::Objects => objects::store(self.git, &self.objects),
            Step::Stage => files::stage(root, &self.journal),
            Step::Swap => files::swap(root, &self.journal),
            Step::Secrets => secret::make(self.ws, &self.order.plan.secrets),
            Step::Index => self.index(),
            Step::Publish => self.publish(),
            Step::LetGo => settle::release(self.git, &self.journal),
            Step::Note => by_git::note(self.git, &self.journal),
            Step::Ask => by_git::commit(self.git, &self.journal, &self.order.plan.message),
        }
    }

    fn hold(&self) -> Result<(), Stop> {
        let note = self.journal.note();
        held::hold(&note, &self.git.index_path())?;
        if let Some(draft) = &self.draft {
            refs::hold(self.git, &note, draft.branch.as_deref(), draft.base)?;
        }
        let order = self.order;
        // A signature may have taken its time: has anything changed meanwhile?
        preflight::targets(self.ws, order.plan, order.finish, order.allow_dirty).map(drop)
    }

    fn index(&self) -> Result<(), Stop> {
        settle::prepare_index(self.git, &self.journal)?;
        let Some(draft) = &self.draft else {
            return Ok(());
        };
        let value = self.journal.file("ref");
        let written = disk::create(&value, line(draft.id).as_bytes(), 0o666);
        written.naming("write", &value)
    }

    fn publish(&self) -> Result<(), Stop> {
        if let Some(draft) = &self.draft {
            let value = self.journal.file("ref");
            return refs::publish(self.git, &value, draft.branch.as_deref());
        }
        let done = self.journal.file("done");
        let made = disk::create(&done, b"", 0o600).and_then(|()| disk::sync_parent(&done));
        made.naming("write", &done)
    }

    /// A step has failed: back to before, unless the change is final already.
    fn give_up(self, step: Step, why: Stop) -> Result<(), Stop> {
        let foreign = match step {
            // Whoever has touched the files now was a hook that git ran for us.
            Step::Ask => Foreign::KeepAside,
            _ => Foreign::Refuse,
        };
        match recover::resolve(self.ws, self.journal, foreign) {
            Ok(End::Before) => Err(why),
            Ok(End::After) => Ok(()),
            Err(and) => Err(both(&why, &and)),
        }
    }
}

fn line(id: ObjectId) -> String {
    format!("{id}\n")
}

fn not_interrupted() -> Result<(), Stop> {
    if !signal::asked_to_stop() {
        return Ok(());
    }
    let message = "interrupted: nothing is changed";
    Err(Stop::fault(Diagnostic::error("interrupted", message)))
}

/// The change is final, and something still failed.
fn unfinished(stop: &Stop) -> Stop {
    let why = stop.diagnostics().iter().map(|it| it.message.as_str());
    let mut message = String::from("the change is made, but git's index is not brought up to date");
    for why in why {
        // Writing into a string cannot fail.
        let _ = write!(message, ": {why}");
    }
    let help = "run `larder sync` to finish";
    Stop::fault(Diagnostic::error("unfinished", message).help(help))
}

/// The change failed, and so did the way back.
fn both(why: &Stop, and: &Stop) -> Stop {
    let said = |stop: &Stop| {
        stop.diagnostics()
            .iter()
            .map(|it| it.message.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let message = format!(
        "{}; and it could not all be taken back: {}",
        said(why),
        said(and)
    );
    let both = Diagnostic::error("half-done", message);
    let help = and.diagnostics().iter().flat_map(|it| it.help.clone());
    Stop::fault(help.fold(both, Diagnostic::help))
}

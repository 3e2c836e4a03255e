//! Everything about a change that can be known before its first visible step.

use gix::ObjectId;

use crate::diagnostic::Stop;
use crate::io::apply::draft::{self, Draft};
use crate::io::apply::journal::Journal;
use crate::io::apply::outline;
use crate::io::apply::run::{Order, Run};
use crate::io::apply::story::Way;
use crate::io::preflight::{self, Finish};
use crate::io::workspace::hooks;
use crate::io::workspace::{Git, Head, Workspace};

/// The change with its journal written; `None` if there is nothing to do.
pub(super) fn run<'a>(
    ws: &'a Workspace,
    git: &'a Git,
    order: Order<'a>,
) -> Result<Option<Run<'a>>, Stop> {
    let targets = preflight::targets(ws, order.plan, order.finish, order.allow_dirty)?;
    let head = git.head()?;
    let (fates, mut objects) = draft::fates(git, &targets, order.finish)?;
    let commits = order.finish == Finish::Commit && draft::changes(git, &head, &fates, &objects)?;
    let by_git = commits && hooks::needs_git(git)?.is_some();
    let message = &order.plan.message;
    let mut draft = None;
    if commits && !by_git {
        draft = Some(draft::draft(git, &head, &fates, &mut objects, message)?);
    }
    let stays = targets.iter().all(|target| target.before == target.after);
    if !commits && stays && order.plan.secrets.is_empty() {
        return Ok(None);
    }
    let way = if by_git {
        by_gits(&head)
    } else {
        way(draft.as_ref(), message)
    };
    let story = outline::of(ws, way, &targets, &fates, order.plan);
    let journal = Journal::write(git, story, &outline::texts(&targets))?;
    Ok(Some(Run {
        ws,
        git,
        order,
        journal,
        draft,
        objects,
    }))
}

fn by_gits(head: &Head) -> Way {
    Way::Git {
        base: head.commit.map(|id| id.to_string()),
    }
}

fn way(draft: Option<&Draft>, message: &str) -> Way {
    let Some(draft) = draft else {
        return Way::Files;
    };
    Way::Commit {
        branch: draft.branch.clone(),
        base: draft.base.map(|id| id.to_string()),
        commit: draft.id.to_string(),
        log: log(draft.base, message),
    }
}

/// What git writes into its log of a branch.
fn log(base: Option<ObjectId>, message: &str) -> String {
    let kind = if base.is_some() {
        "commit"
    } else {
        "commit (initial)"
    };
    format!("{kind}: {}", message.lines().next().unwrap_or_default())
}

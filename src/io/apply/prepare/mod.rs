//! Prepares a transaction: everything that can be done before the first visible step.

mod record;

use std::cell::OnceCell;

use gix::ObjectId;

use crate::diagnostic::Stop;
use crate::io::apply::index_change::index_changes;
use crate::io::apply::journal::{CommitMethod, Journal};
use crate::io::apply::prepared_commit::{self, PreparedCommit};
use crate::io::apply::transaction::{ApplyRequest, Transaction};
use crate::io::preflight::{self, Finish};
use crate::io::workspace::{Git, Head, Workspace, hooks};

/// The transaction, with its journal written; `None` if the plan changes nothing.
pub(super) fn transaction<'a>(
    ws: &'a Workspace,
    git: &'a Git,
    request: ApplyRequest<'a>,
) -> Result<Option<Transaction<'a>>, Stop> {
    let targets = preflight::targets(ws, request.plan, request.finish, request.allow_dirty)?;
    let head = git.head()?;
    let (changes, mut objects) = index_changes(git, &targets, request.finish)?;
    let commits = request.finish == Finish::Commit
        && prepared_commit::would_change(git, &head, &changes, &objects)?;
    let needs_git = commits && hooks::needs_git(git)?.is_some();
    let message = &request.plan.message;
    let mut prepared_commit = None;
    if commits && !needs_git {
        let commit = prepared_commit::prepare(git, &head, &changes, &mut objects, message)?;
        prepared_commit = Some(commit);
    }
    let all_unchanged = targets.iter().all(|target| target.before == target.after);
    if !commits && all_unchanged && request.plan.secrets.is_empty() {
        return Ok(None);
    }
    let method = if needs_git {
        git_commit(&head)
    } else {
        own_method(prepared_commit.as_ref(), message)
    };
    let record = record::of(ws, method, &targets, &changes, request.plan);
    let journal = Journal::create(git, record, &record::contents(&targets))?;
    Ok(Some(Transaction {
        git_output: OnceCell::new(),
        ws,
        git,
        request,
        journal,
        prepared_commit,
        objects,
    }))
}

fn git_commit(head: &Head) -> CommitMethod {
    CommitMethod::GitCommit {
        base: head.commit.map(|id| id.to_string()),
    }
}

fn own_method(commit: Option<&PreparedCommit>, message: &str) -> CommitMethod {
    let Some(commit) = commit else {
        return CommitMethod::NoCommit;
    };
    CommitMethod::MoveBranch {
        branch: commit.branch.clone(),
        base: commit.base.map(|id| id.to_string()),
        commit: commit.id.to_string(),
        reflog: reflog_message(commit.base, message),
    }
}

/// The message that `git commit` writes into the reflog.
fn reflog_message(base: Option<ObjectId>, message: &str) -> String {
    let kind = if base.is_some() {
        "commit"
    } else {
        "commit (initial)"
    };
    format!("{kind}: {}", message.lines().next().unwrap_or_default())
}

//! The reflog entry of a moved branch: written once, also after a crash.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use gix::ObjectId;
use gix::actor::SignatureRef;

use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Git;

/// Appends the move from `base` to `commit` to the reflogs of HEAD and of the branch,
/// unless the entry is there already. Without a committer nothing is written, as in git.
pub(super) fn append(
    git: &Git,
    branch: Option<&str>,
    base: Option<ObjectId>,
    commit: ObjectId,
    message: &str,
) -> Result<(), Stop> {
    let Some(Ok(who)) = git.repo().committer() else {
        return Ok(());
    };
    let (start, rest) = entry(git, base, commit, who, message);
    let repo = git.repo();
    let mut logs = vec![repo.git_dir().join("logs/HEAD")];
    logs.extend(branch.map(|name| repo.common_dir().join("logs").join(name)));
    logs.iter()
        .try_for_each(|log| append_to(git, log, &start, &rest))
}

/// The line of a reflog in two parts: the two commits; and committer, time and message.
fn entry(
    git: &Git,
    base: Option<ObjectId>,
    commit: ObjectId,
    who: SignatureRef<'_>,
    message: &str,
) -> (Vec<u8>, Vec<u8>) {
    let base = base.unwrap_or(ObjectId::null(git.repo().object_hash()));
    let start = format!("{base} {commit} ");
    let mut rest = format!("{} <{}> ", who.name, who.email).into_bytes();
    rest.extend_from_slice(who.time.as_bytes());
    rest.push(b'\t');
    rest.extend_from_slice(message.as_bytes());
    rest.push(b'\n');
    (start.into_bytes(), rest)
}

fn append_to(git: &Git, log: &Path, start: &[u8], rest: &[u8]) -> Result<(), Stop> {
    let before = disk::read(log).with_path("read", log)?;
    let is_wanted = before.is_some() || is_enabled(git);
    let (above, last) = split_last(before.as_deref().unwrap_or_default());
    let is_complete = last.ends_with(b"\n") && !last.contains(&0);
    if !is_wanted || is_complete && last.starts_with(start) {
        return Ok(());
    }
    let folder = log.parent().unwrap_or(log);
    disk::create_folders(folder).with_path("create", folder)?;
    let file = OpenOptions::new().append(true).create(true).open(log);
    let written = file.and_then(|mut file| {
        if !is_complete && is_torn(last, start) {
            file.set_len(above.len() as u64)?;
        }
        file.write_all(&[start, rest].concat())?;
        file.sync_all()?;
        disk::sync_parent(log)
    });
    written.with_path("write", log)
}

/// All lines but the last one, and the last line.
fn split_last(log: &[u8]) -> (&[u8], &[u8]) {
    let above = log.strip_suffix(b"\n").unwrap_or(log);
    let start = above.iter().rposition(|byte| *byte == b'\n');
    log.split_at(start.map_or(0, |at| at + 1))
}

/// True if the last line is our entry, torn by a power cut: bytes that did not reach the
/// disk are missing, or read as zeros.
fn is_torn(last: &[u8], start: &[u8]) -> bool {
    let mut both = last.iter().zip(start);
    !last.is_empty() && both.all(|(found, written)| found == written || *found == 0)
}

/// True unless `core.logAllRefUpdates` is off: git writes reflogs in every repository with
/// a work tree.
fn is_enabled(git: &Git) -> bool {
    let config = git.repo().config_snapshot();
    config
        .string("core.logAllRefUpdates")
        .is_none_or(|value| value == "always")
        || config.boolean("core.logAllRefUpdates").unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_ours_is_torn_where_bytes_are_missing_or_zeros() {
        for torn in ["1 2", "1 2 Ada", "\0\0\0\0Ada\n", "\0\0"] {
            assert!(is_torn(torn.as_bytes(), b"1 2 "), "{torn:?}");
        }
        for other in ["", "1 3", "2 1 Ada\n"] {
            assert!(!is_torn(other.as_bytes(), b"1 2 "), "{other:?}");
        }
    }

    #[test]
    fn the_last_line_is_what_no_line_follows() {
        for (log, last) in [("", ""), ("a\n", "a\n"), ("a\nb\n", "b\n"), ("a\nb", "b")] {
            let (above, found) = split_last(log.as_bytes());
            assert_eq!(found, last.as_bytes());
            assert_eq!([above, found].concat(), log.as_bytes());
        }
    }
}

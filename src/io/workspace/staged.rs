//! What git's index has of files and the disk has not: the next commit takes it.

use gix::index::entry::{Flags, Mode, Stat};
use gix::index::fs::Metadata;
use gix::index::{Entry, File as Index};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::diagnostic::Stop;
use crate::io::workspace::load::LIMIT;
use crate::io::workspace::{Git, trouble};
use crate::repo::RepoPath;

/// The staged texts of files that are gone or were edited since, as far as this
/// index has them.
///
/// # Errors
/// When git's configuration cannot be read.
pub(super) fn staged(git: &Git, index: &Index) -> Result<Vec<(RepoPath, String)>, Stop> {
    let options = git.repo().stat_options();
    let options = options.map_err(|e| trouble("git's configuration cannot be read", &e))?;
    let root = git.root();
    let differs = |entry: &&Entry| {
        let there = path(entry, index).map(|path| root.join(path.as_str()));
        let now = there.and_then(|at| Metadata::from_path_no_follow(&at).ok());
        let now = now.and_then(|about| Stat::from_fs(&about).ok());
        now.is_none_or(|now| !entry.stat.matches(&now, options))
    };
    let files = index.entries().par_iter().filter(|entry| is_file(entry));
    let others: Vec<&Entry> = files.filter(differs).collect();
    let texts = others
        .into_iter()
        .filter_map(|entry| Some((path(entry, index)?, text(git, entry)?)));
    Ok(texts.collect())
}

fn is_file(entry: &Entry) -> bool {
    let is_blob = matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE);
    is_blob && !entry.flags.contains(Flags::INTENT_TO_ADD)
}

fn path(entry: &Entry, index: &Index) -> Option<RepoPath> {
    RepoPath::new(std::str::from_utf8(entry.path(index)).ok()?)
}

/// What is not text holds no key that larder knows; an object that is missing (a
/// partial clone's) is not looked for elsewhere.
fn text(git: &Git, entry: &Entry) -> Option<String> {
    let size = git.repo().find_header(entry.id).ok()?.size();
    let mut blob = (size <= LIMIT).then(|| git.repo().find_blob(entry.id).ok())??;
    String::from_utf8(blob.take_data()).ok()
}

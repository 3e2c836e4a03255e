//! The blobs that git would record for the files of a plan as they are on the disk.

use gix::ObjectId;
use gix::index::entry::{Stat, stat};
use gix::index::fs::Metadata;
use gix::index::{Entry, File as Index};

use super::target::Target;
use crate::diagnostic::Stop;
use crate::io::workspace::{CleanFilter, Git, git_error};

/// What is on the disk, as git sees it.
pub(super) struct OnDisk<'g> {
    git: &'g Git,
    filter: CleanFilter<'g>,
    options: stat::Options,
    /// When the index was written, in seconds: git trusts no younger entry either.
    index_time: i64,
}

impl<'g> OnDisk<'g> {
    pub(super) fn new(git: &'g Git, index: &Index) -> Result<Self, Stop> {
        let options = git.repo().stat_options();
        let options = options.map_err(|e| git_error("git's configuration cannot be read", &e))?;
        Ok(Self {
            git,
            filter: CleanFilter::new(git)?,
            options,
            index_time: index.timestamp().unix_seconds(),
        })
    }

    /// The blob of a file with this entry in the index; `None` if there is no file. As git
    /// does it, a file that looks as its entry says is not read and hashed.
    pub(super) fn id(
        &mut self,
        entry: Option<&Entry>,
        target: &Target,
    ) -> Result<Option<ObjectId>, Stop> {
        let Some(before) = &target.before else {
            return Ok(None);
        };
        if let Some(entry) = entry.filter(|entry| self.is_unchanged(entry, target)) {
            return Ok(Some(entry.id));
        }
        let id = self.filter.id(before.as_bytes(), &target.path)?;
        Ok(Some(id))
    }

    fn is_unchanged(&self, entry: &Entry, target: &Target) -> bool {
        let path = self.git.root().join(target.path.as_str());
        let now = || Stat::from_fs(&Metadata::from_path_no_follow(&path).ok()?).ok();
        i64::from(entry.stat.mtime.secs) < self.index_time
            && now().is_some_and(|now| entry.stat.matches(&now, self.options))
    }
}

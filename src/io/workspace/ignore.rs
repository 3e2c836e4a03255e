//! The ignore rule that matches a path.

use std::path::Path;

use gix::index::entry::Mode;
use gix::worktree::stack::state::ignore::Source;

use super::git::Git;
use super::git_error::git_error;
use crate::diagnostic::Stop;
use crate::repo::RepoPath;

/// The line of an ignore file by which git ignores a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreRule {
    /// The ignore file, relative to the top of the work tree where it is inside.
    pub file: String,
    /// The number of the line, from 1.
    pub line: usize,
    /// The pattern.
    pub pattern: String,
}

impl Git {
    /// The rule by which git ignores `path`; `None` if no rule matches. The file need not
    /// exist, and may be tracked.
    pub(in crate::io) fn ignored(&self, path: &RepoPath) -> Result<Option<IgnoreRule>, Stop> {
        let index = self.index()?;
        let stack = self.repo().excludes(&index, None, Source::default());
        let mut stack = stack.map_err(|e| git_error("the ignore files cannot be read", &e))?;
        let platform = stack.at_entry(path.as_str(), Some(Mode::FILE));
        let platform = platform.map_err(|e| git_error("the ignore files cannot be read", &e))?;
        let rule = platform.matching_exclude_pattern();
        let rule = rule.filter(|rule| !rule.pattern.is_negative());
        Ok(rule.map(|rule| IgnoreRule {
            file: self.shown_source(rule.source),
            line: rule.sequence_number,
            pattern: rule.pattern.to_string(),
        }))
    }

    fn shown_source(&self, source: Option<&Path>) -> String {
        let source = source.unwrap_or(Path::new(".gitignore"));
        let source = source.strip_prefix(self.root()).unwrap_or(source);
        source.display().to_string()
    }
}

//! Lines that the `ssh_config` of a cache's clients needs: without them a dead cache
//! costs minutes.

use crate::fleet::{Link, SSH_USER};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::gap;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, SshBlock};

/// A line of `ssh_config`.
pub(super) struct SshLine {
    /// In lower case.
    pub(super) keyword: &'static str,
    /// As it is to be written.
    pub(super) text: &'static str,
}

impl SshLine {
    /// In wiring by hand: what is wrong if no block has the line.
    pub(super) fn missing_in_files(&self, link: &LinkContext<'_>, message: &str) -> Vec<Violation> {
        let Some(machine) = link.machine().filter(|_| link.is_adopted()) else {
            return Vec::new();
        };
        let blocks = blocks(link, machine);
        let mut has_it = blocks.iter().map(|one| one.block.first(self.keyword));
        if has_it.any(|line| line.is_some()) {
            return Vec::new();
        }
        vec![self.missing(link, &blocks, message)]
    }

    fn missing(&self, link: &LinkContext<'_>, blocks: &[SshBlock], message: &str) -> Violation {
        let text = self.text;
        let keyword = text.split(' ').next().unwrap_or_default();
        let note = format!("without `{keyword}`");
        let own = blocks.iter().find(|one| one.block.is_for_some());
        match own {
            Some(one) => Violation::new(Subject::link(link), message)
                .at_spot(&one.spot(one.block.line), &note)
                .help(format!("add `{text}` to the block"))
                .fixed_by(one.new_line(text)),
            None => gap(link, message, &note).help(self.as_block(link)),
        }
    }

    /// What is wrong if the effective configuration lacks the line. Where larder's own
    /// block is not in force, one finding says that.
    pub(super) fn missing_in_effect(&self, link: &EvaluatedLink<'_>, message: &str) -> Verdict {
        let is_explained = link.is_tunnelled() || link.overridden_ssh().is_some();
        if is_explained || !link.ssh.lacks(self.keyword) {
            return Verdict::decided(None);
        }
        Verdict::decided([link.violation(message).help(self.as_block(link))])
    }

    fn as_block(&self, link: &Link<'_>) -> String {
        format!(
            "add to `programs.ssh.extraConfig`:\nMatch originalhost {} user {SSH_USER}\n  {}\nMatch all",
            link.address, self.text
        )
    }
}

/// The blocks that are for this link, in the order in which ssh reads them.
pub(super) fn blocks(link: &LinkContext<'_>, machine: &Machine) -> Vec<SshBlock> {
    let all = machine.ssh_blocks().into_iter();
    all.filter(|one| one.block.is_for(&link.address, SSH_USER) == Some(true))
        .collect()
}

//! Questions to the ssh configuration that people wrote for a cache.

use crate::diagnostic::Diagnostic;
use crate::lint::context::{LinkContext, USER};
use crate::lint::finding::{at, gap, warning, with_fix};
use crate::survey::{Machine, SshBlock};

/// The blocks that are for this link, in the order in which ssh reads them.
pub(super) fn blocks(link: &LinkContext<'_>, machine: &Machine) -> Vec<SshBlock> {
    let all = machine.ssh_blocks().into_iter();
    all.filter(|one| one.block.is_for(&link.address, USER) == Some(true))
        .collect()
}

/// In wiring by hand: a warning if none of these lines (keyword in lower case,
/// and how to write it) is there.
pub(super) fn lacks(
    link: &LinkContext<'_>,
    lines: &[(&str, &str)],
    message: &str,
) -> Vec<Diagnostic> {
    let Some(machine) = link.machine().filter(|_| link.is_adopted()) else {
        return Vec::new();
    };
    let blocks = blocks(link, machine);
    let says = |keyword: &str| blocks.iter().any(|one| one.block.first(keyword).is_some());
    let missing = lines.iter().filter(|(keyword, _)| !says(keyword));
    missing
        .map(|(_, text)| lack(link, &blocks, text, message))
        .collect()
}

fn lack(link: &LinkContext<'_>, blocks: &[SshBlock], text: &str, message: &str) -> Diagnostic {
    let keyword = text.split(' ').next().unwrap_or_default();
    let note = format!("without `{keyword}`");
    let own = blocks.iter().find(|one| one.block.is_for_some());
    match own {
        Some(one) => {
            let finding = warning(message).about(link.subject());
            let finding = at(finding, &one.spot(one.block.line), &note);
            let finding = finding.help(format!("add `{text}` to the block"));
            with_fix(finding, one.new_line(text))
        }
        None => gap(link, message, &note).help(format!(
            "add to `programs.ssh.extraConfig`:\nMatch originalhost {} user {USER}\n  {text}\nMatch all",
            link.address
        )),
    }
}

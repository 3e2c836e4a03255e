//! `networking.hostName`, where it is written as the old name.

use crate::command::plan_builder::PlanBuilder;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, HostName};
use crate::repo::RepoPath;
use crate::survey::{Hit, HostSurvey, Survey};
use crate::text::TextEdit;

/// Gives it the new name in the files that are the host's. What is to be said where the
/// files do not tell it.
///
/// # Errors
/// When the fleet tells its hosts apart by it, and the host would keep the old one.
pub(super) fn rename(
    builder: &mut PlanBuilder,
    fleet: &Fleet,
    [old, new]: [&HostName; 2],
) -> Result<Option<String>, Stop> {
    let host = fleet.require_host(new)?;
    let flake = builder.discoveries().discover(builder.repo()).ok();
    let survey = HostSurvey::new(Survey::new(builder.repo()), flake.as_deref());
    let Some(machine) = survey.machine(host) else {
        return Ok(None);
    };
    let all = machine.all("networking.hostName");
    let has = |hit: &&Hit, name: &str| hit.value.text() == Some(name);
    let olds = all.iter().filter(|hit| has(hit, old));
    let edits: Vec<_> = olds.filter_map(|hit| edit(hit, [old, new])).collect();
    let is_new = all.iter().any(|hit| has(&hit, new)) || !edits.is_empty();
    let other = all
        .iter()
        .find_map(|hit| hit.value.text())
        .map(str::to_owned);
    for (path, edit) in edits {
        builder.edit(&path, &edit)?;
    }
    match other {
        _ if is_new => Ok(None),
        Some(other) if fleet.import.is_some() => Err(told_apart([old, new], &other)),
        Some(other) => Ok(Some(format!(
            "`networking.hostName` of `{new}` is `{other}`, and stays"
        ))),
        None => Ok(None),
    }
}

/// A plain string in its own quotes.
fn edit(hit: &Hit, [old, new]: [&HostName; 2]) -> Option<(RepoPath, TextEdit)> {
    let source = hit.spot.source();
    let written = source.text.get(hit.spot.range.clone())?;
    let name = written.strip_prefix('"')?.strip_suffix('"')?;
    let start = hit.spot.range.start + 1;
    let edit = TextEdit::replace(start..start + name.len(), new.as_str());
    (name == old.as_str()).then(|| (hit.spot.file.path().clone(), edit))
}

fn told_apart([old, new]: [&HostName; 2], other: &str) -> Stop {
    let message = format!(
        "the hosts of this fleet are told apart by `networking.hostName`, and that of `{old}` would stay `{other}`"
    );
    Diagnostic::error("host-name-stays", message)
        .about(old.as_str())
        .help(format!(
            "write `networking.hostName = \"{new}\";` in its module first"
        ))
        .into()
}

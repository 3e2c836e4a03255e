//! Steps as a person follows them: numbered, with their commands below.

use crate::steps::{Step, StepKind, command_from};

/// Which machine the command is for, if not for this one.
fn where_to(step: &Step, at: usize) -> String {
    match step.hosts.get(at) {
        _ if step.action != StepKind::Switch => String::new(),
        Some(host) if step.hosts.len() == step.commands.len() => format!("  # on {host}"),
        _ => "  # on each".to_owned(),
    }
}

/// The steps with their commands below them; `folder` is where `-C` has larder start.
pub(super) fn numbered(steps: &[Step], folder: Option<&str>) -> String {
    let from_here = |command: &String| {
        folder.map_or_else(|| command.clone(), |folder| command_from(folder, command))
    };
    let line = |(at, step): (usize, &Step)| {
        let commands = step.commands.iter().enumerate();
        let line = |(at, it)| format!("       {}{}\n", from_here(it), where_to(step, at));
        let commands: Vec<String> = commands.map(line).collect();
        format!("{:3}. {}\n{}", at + 1, step.text, commands.concat())
    };
    steps.iter().enumerate().map(line).collect()
}

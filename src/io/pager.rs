//! The user's pager, chosen and started as git does it for `git diff`.

#![expect(
    clippy::disallowed_methods,
    reason = "io asks the environment about the pager"
)]

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGINT;
use signal_hook::low_level::unregister;

use super::program::Program;
use super::workspace::Workspace;

/// What git sets where the user does not: less ends at once where everything fits, passes
/// colours on, and leaves the text on the screen.
const ENVIRONMENT: [(&str, &str); 2] = [("LESS", "FRX"), ("LV", "-c")];
/// The exit codes of a shell that cannot execute a program, or does not find it.
const NOT_STARTED: [u32; 2] = [126, 127];

/// A command that shows a long text page by page.
pub struct Pager(String);

impl Pager {
    /// The pager of the user; `None` if there is no terminal, or they want none.
    pub fn of(workspace: &Workspace) -> Option<Self> {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        let command = chosen(|name| std::env::var(name).ok(), |key| workspace.config(key))?;
        Some(Self(command))
    }

    /// Shows a text; false if the pager cannot be started.
    pub(super) fn show(&self, text: &str) -> bool {
        // Ctrl-C is for the pager. If this fails, it ends larder too, and nothing is written.
        let held = signal_hook::flag::register(SIGINT, Arc::new(AtomicBool::new(false)));
        let unset = |(name, _): &(&str, &str)| std::env::var_os(name).is_none();
        let program = Program::new("/bin/sh").args(["-c", &self.0]);
        let program = ENVIRONMENT
            .into_iter()
            .filter(unset)
            .fold(program, |program, (name, value)| program.env(name, value));
        let ended = program.run_on_terminal(text.as_bytes());
        if let Ok(held) = held {
            unregister(held);
        }
        ended.is_ok_and(|status| {
            !status
                .code()
                .is_some_and(|code| NOT_STARTED.contains(&code))
        })
    }
}

/// git's order: `GIT_PAGER`, `pager.diff`, `core.pager`, `PAGER`. An empty one and `cat`
/// are none. Unlike git, no default: a question follows, and whoever has not chosen a pager
/// need not learn how to leave one.
fn chosen(
    environment: impl Fn(&str) -> Option<String>,
    config: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let (mut of_diff, is_on) = match config("pager.diff") {
        Some(value) => of_diff(value),
        None => (None, true),
    };
    if !is_on {
        return None;
    }
    let command = environment("GIT_PAGER")
        .or_else(|| of_diff.take())
        .or_else(|| config("core.pager"))
        .or_else(|| environment("PAGER"));
    command.filter(|command| !command.is_empty() && command != "cat")
}

/// `pager.diff` is a command, or says whether there is one at all.
fn of_diff(value: String) -> (Option<String>, bool) {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => (None, true),
        "false" | "no" | "off" | "0" | "" => (None, false),
        _ => (Some(value), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(environment: &[(&str, &str)], config: &[(&str, &str)]) -> Option<String> {
        let of = |list: &[(&str, &str)], wanted: &str| {
            let mut list = list.iter();
            let found = list.find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        chosen(|name| of(environment, name), |key| of(config, key))
    }

    #[test]
    fn the_order_is_that_of_git() {
        let all = [("GIT_PAGER", "a"), ("PAGER", "b")];
        assert_eq!(choose(&all, &[("core.pager", "c")]).as_deref(), Some("a"));
        assert_eq!(
            choose(&all[1..], &[("core.pager", "c")]).as_deref(),
            Some("c")
        );
        let both = [("core.pager", "c"), ("pager.diff", "d")];
        assert_eq!(choose(&all[1..], &both).as_deref(), Some("d"));
        assert_eq!(choose(&all[1..], &[]).as_deref(), Some("b"));
        assert_eq!(choose(&[], &[]), None);
    }

    #[test]
    fn a_user_may_want_none() {
        assert_eq!(choose(&[("PAGER", "cat")], &[]), None);
        assert_eq!(choose(&[("GIT_PAGER", "")], &[("core.pager", "c")]), None);
        assert_eq!(choose(&[("PAGER", "b")], &[("pager.diff", "false")]), None);
    }
}

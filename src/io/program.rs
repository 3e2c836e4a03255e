//! The one place that starts other programs: git, Nix, ssh-keyscan, the user's pager.
//!
//! `subprocess` feeds a program and reads both of its outputs at once. Two kinds of
//! program are started elsewhere, by gix for git's sake, and shown by [`shown`] as
//! well: a filter of `.gitattributes`, and what signs a commit.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the place that starts programs"
)]

mod limits;

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use subprocess::{Capture, Exec, ExecExt as _, ExitStatus, Redirection};

pub(in crate::io) use self::limits::{Limits, Stopped};
use super::trace;
use crate::key::might_be_private;

/// A program with its arguments, before it is started.
pub(in crate::io) struct Program {
    name: OsString,
    arguments: Vec<OsString>,
    dir: Option<PathBuf>,
    set: Vec<(&'static str, &'static str)>,
    unset: Vec<&'static str>,
    input: Option<Vec<u8>>,
}

impl Program {
    /// A program on the PATH, or the one with this path.
    pub(in crate::io) fn new(name: impl Into<OsString>) -> Self {
        Self {
            name: name.into(),
            arguments: Vec::new(),
            dir: None,
            set: Vec::new(),
            unset: Vec::new(),
            input: None,
        }
    }

    /// Adds arguments.
    pub(in crate::io) fn args(mut self, more: impl IntoIterator<Item: Into<OsString>>) -> Self {
        self.arguments.extend(more.into_iter().map(Into::into));
        self
    }

    /// Starts it in this folder.
    pub(in crate::io) fn dir(self, dir: impl Into<PathBuf>) -> Self {
        let dir = Some(dir.into());
        Self { dir, ..self }
    }

    /// Gives it this variable.
    pub(in crate::io) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.set.push((name, value));
        self
    }

    /// Keeps these variables from it.
    pub(in crate::io) fn without_env(mut self, names: &[&'static str]) -> Self {
        self.unset.extend(names);
        self
    }

    /// What it reads; without it, nothing.
    pub(in crate::io) fn input(self, input: Vec<u8>) -> Self {
        let input = Some(input);
        Self { input, ..self }
    }

    /// Runs it to its end, in larder's own process group: Ctrl-C reaches it too.
    pub(in crate::io) fn run(self) -> io::Result<Capture> {
        let command = Exec::cmd(&self.name);
        let (name, arguments) = (self.name.clone(), self.arguments.clone());
        let run = || self.exec(command).capture();
        shown(&name, &arguments, run, |ended| match ended {
            Ok(capture) => capture.exit_status.to_string(),
            Err(error) => error.to_string(),
        })
    }

    /// Runs it to its end on the user's terminal; it reads `input`, or a part of it.
    pub(in crate::io) fn run_on_terminal(self, input: &[u8]) -> io::Result<ExitStatus> {
        let command = self.with_settings(Exec::cmd(&self.name).args(&self.arguments));
        let run = || {
            let mut job = command.stdin(Redirection::Pipe).start()?;
            if let Some(mut pipe) = job.stdin.take() {
                // Who has seen enough closes the pipe.
                drop(pipe.write_all(input));
            }
            job.join()
        };
        shown(&self.name, &self.arguments, run, |ended| match ended {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        })
    }

    /// Runs it to its end or to a limit, in a process group of its own.
    pub(in crate::io) fn run_within(self, limits: &Limits) -> Result<Capture, Stopped> {
        let command = limits.command().arg(&self.name).setpgid();
        let (name, arguments) = (self.name.clone(), self.arguments.clone());
        let run = || limits.supervise(self.exec(command));
        shown(&name, &arguments, run, |ended| match ended {
            Ok(capture) => capture.exit_status.to_string(),
            Err(stopped) => stopped.to_string(),
        })
    }

    fn exec(self, command: Exec) -> Exec {
        let exec = self
            .with_settings(command)
            .args(self.arguments)
            .stdout(Redirection::Pipe)
            .stderr(Redirection::Pipe);
        match self.input {
            Some(input) => exec.stdin(input),
            None => exec.stdin(Redirection::Null),
        }
    }

    /// With its folder and its environment.
    fn with_settings(&self, mut exec: Exec) -> Exec {
        if let Some(dir) = &self.dir {
            exec = exec.cwd(dir);
        }
        for (name, value) in &self.set {
            exec = exec.env(name, value);
        }
        for name in &self.unset {
            exec = exec.env_remove(name);
        }
        exec
    }
}

/// Does what runs a program, and shows with `-v` that it did: the command line, how
/// long it took, and what `end` says of its result.
pub(in crate::io) fn shown<T>(
    name: &OsStr,
    arguments: &[OsString],
    run: impl FnOnce() -> T,
    end: impl FnOnce(&T) -> String,
) -> T {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    if !trace::is_on() {
        return run();
    }
    // Two may run at a time: a number says which one has ended.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    trace::say(|| format!("program {number}: {}", command_line(name, arguments)));
    let start = Instant::now();
    let ended = run();
    let seconds = start.elapsed().as_secs_f64();
    trace::say(|| format!("program {number}: {} after {seconds:.3} s", end(&ended)));
    ended
}

/// How much of an argument is shown.
const SHOWN: usize = 80;

/// The command as a shell would take it, as far as it is short and no secret.
fn command_line(name: &OsStr, arguments: &[OsString]) -> String {
    let arguments = arguments
        .iter()
        .map(|one| shown_argument(&one.to_string_lossy()));
    Exec::cmd(name).args(arguments).to_cmdline_lossy()
}

fn shown_argument(argument: &str) -> String {
    if might_be_private(argument) {
        return "[a private key]".to_owned();
    }
    // A question to Nix is a program of its own.
    let first = argument.lines().next().unwrap_or_default();
    let short: String = first.chars().take(SHOWN).collect();
    if short == argument || trace::is_detailed() {
        argument.to_owned()
    } else {
        short + "…"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_short_and_without_secrets() {
        let secret = "age-secret-key-1qqqq";
        let arguments = ["-m", "a b", "one\ntwo", secret].map(OsString::from);
        assert_eq!(
            command_line("git".as_ref(), &arguments),
            "git -m 'a b' 'one…' '[a private key]'"
        );
    }

    #[test]
    fn what_it_reads_may_be_more_than_a_pipe_holds() {
        let input = vec![b'x'; 1 << 20];
        let copied = Program::new("cat").input(input.clone()).run().unwrap();
        assert!(copied.stdout == input);
    }
}

//! The one place that starts other programs: git, Nix, ssh-keyscan.
//!
//! `subprocess` feeds a program and reads both of its outputs at once. Two kinds of
//! program are started elsewhere, by gix for git's sake: a filter of `.gitattributes`,
//! and what signs a commit.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the place that starts programs"
)]

mod limits;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use subprocess::{Capture, Exec, ExecExt as _, Redirection};

pub(in crate::io) use self::limits::{Limits, Stopped};

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
        self.exec(command).capture()
    }

    /// Runs it to its end or to a limit, in a process group of its own.
    pub(in crate::io) fn run_within(self, limits: &Limits) -> Result<Capture, Stopped> {
        let command = limits.command().arg(&self.name).setpgid();
        limits.supervise(self.exec(command))
    }

    fn exec(self, command: Exec) -> Exec {
        let mut exec = command
            .args(self.arguments)
            .stdout(Redirection::Pipe)
            .stderr(Redirection::Pipe);
        exec = match self.input {
            Some(input) => exec.stdin(input),
            None => exec.stdin(Redirection::Null),
        };
        if let Some(dir) = self.dir {
            exec = exec.cwd(dir);
        }
        for (name, value) in self.set {
            exec = exec.env(name, value);
        }
        for name in self.unset {
            exec = exec.env_remove(name);
        }
        exec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_reads_may_be_more_than_a_pipe_holds() {
        let input = vec![b'x'; 1 << 20];
        let copied = Program::new("cat").input(input.clone()).run().unwrap();
        assert!(copied.stdout == input);
    }
}

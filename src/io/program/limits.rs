//! A program that may take only so much time and memory, and answer only so much.
//!
//! It runs in a process group of its own, which is killed as a whole: Nix starts git
//! and ssh. The shell sets the limits that the kernel holds, so that they hold also
//! when larder itself is gone.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the place that starts programs"
)]

use std::io::{self, ErrorKind, Write};
use std::time::{Duration, Instant};

use signal_hook::consts::SIGKILL;
use subprocess::{Capture, Exec, Job, JobExt as _};

use crate::io::{disk, signal};

/// Of what it says beside the answer, the end counts.
const ERROR_OUTPUT: usize = 64 << 10;
/// How often Ctrl-C and the time are looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// How long its pipes may stay open behind it.
const GRACE: Duration = Duration::from_secs(5);

/// Memory in KiB; seconds of processor time. A shell that knows no such limit
/// (macOS has none for memory) goes on without it.
const ULIMIT: &str = "ulimit -v \"$1\"; ulimit -t \"$2\"; shift 2; exec \"$@\"";

/// What a program may take.
#[derive(Debug, Clone, Copy)]
pub(in crate::io) struct Limits {
    /// How long it may run.
    pub(in crate::io) time: Duration,
    /// How much memory each of its processes may have, in MiB.
    pub(in crate::io) memory: u64,
    /// How many bytes it may answer.
    pub(in crate::io) answer: usize,
}

/// Why a program came to no end of its own.
#[derive(Debug, thiserror::Error)]
pub(in crate::io) enum Stopped {
    #[error("not started: {}", disk::os_message(.0))]
    NotStarted(#[from] io::Error),
    #[error("interrupted")]
    Interrupted,
    #[error("stopped, too slow")]
    TooSlow,
    #[error("stopped, too long an answer")]
    TooLong,
}

impl Limits {
    /// The command that starts a program, which is the next argument, within them.
    pub(super) fn command(&self) -> Exec {
        let seconds = self.time.as_secs().max(1);
        Exec::cmd("/bin/sh")
            .args(["-c", ULIMIT, "larder"])
            .arg((self.memory * 1024).to_string())
            // A process of several threads uses more time than passes.
            .arg((seconds * 4).to_string())
    }

    /// Runs the command to its end, or to a limit.
    pub(super) fn supervise(&self, command: Exec) -> Result<Capture, Stopped> {
        signal::watch();
        let mut job = command.start()?;
        let ended = self.outputs(&mut job);
        if ended.is_err() {
            // It may have ended just now: then there is nothing to kill.
            drop(job.send_signal_group(SIGKILL));
        }
        let exit_status = job.wait();
        let (stdout, stderr) = ended?;
        let exit_status = exit_status?;
        // Ctrl-C reaches a program that has not left larder's process group yet.
        if !exit_status.success() && signal::asked_to_stop() {
            return Err(Stopped::Interrupted);
        }
        Ok(Capture {
            stdout,
            stderr,
            exit_status,
        })
    }

    /// What it has written to both outputs, once it has ended.
    fn outputs(&self, job: &mut Job) -> Result<(Vec<u8>, Vec<u8>), Stopped> {
        let deadline = Instant::now() + self.time;
        let mut pipes = job.communicate()?.limit_time(POLL_INTERVAL);
        let mut answer = Sink::all_of(self.answer, deadline);
        let mut errors = Sink::end_of(ERROR_OUTPUT, deadline);
        let mut ended = None;
        loop {
            match pipes.read_to(&mut answer, &mut errors) {
                Ok(()) if job.wait_timeout(POLL_INTERVAL)?.is_some() => break,
                Err(error) if error.kind() != ErrorKind::TimedOut => {
                    goes_on(deadline)?;
                    return Err(Stopped::TooLong);
                }
                Ok(()) | Err(_) => goes_on(deadline)?,
            }
            // One that has left someone behind who holds a pipe open is not waited for.
            let is_over = job.poll().is_some();
            if is_over && ended.get_or_insert_with(Instant::now).elapsed() >= GRACE {
                break;
            }
        }
        Ok((answer.bytes, errors.bytes))
    }
}

fn goes_on(deadline: Instant) -> Result<(), Stopped> {
    if signal::asked_to_stop() {
        return Err(Stopped::Interrupted);
    }
    if Instant::now() >= deadline {
        return Err(Stopped::TooSlow);
    }
    Ok(())
}

/// Takes what a program writes, all of it or the end. One that never stops writing
/// is stopped here.
struct Sink {
    bytes: Vec<u8>,
    most: usize,
    keeps_end: bool,
    deadline: Instant,
}

impl Sink {
    fn all_of(most: usize, deadline: Instant) -> Self {
        Self {
            bytes: Vec::new(),
            most,
            keeps_end: false,
            deadline,
        }
    }

    fn end_of(most: usize, deadline: Instant) -> Self {
        Self {
            keeps_end: true,
            ..Self::all_of(most, deadline)
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        goes_on(self.deadline).map_err(io::Error::other)?;
        self.bytes.extend(bytes);
        let over = self.bytes.len().saturating_sub(self.most);
        if over > 0 && !self.keeps_end {
            return Err(ErrorKind::FileTooLarge.into());
        }
        drop(self.bytes.drain(..over));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::io::program::Program;

    fn shell(script: &str, limits: Limits) -> Result<Capture, Stopped> {
        Program::new("/bin/sh")
            .args(["-c", script])
            .run_within(&limits)
    }

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(20),
        memory: 1024,
        answer: 1000,
    };
    const SHORT: Limits = Limits {
        time: Duration::from_secs(1),
        ..LIMITS
    };

    #[test]
    fn an_answer_within_the_limits_is_whole() {
        let ended = shell("echo answer; echo error >&2; exit 3", LIMITS).unwrap();
        assert_eq!(
            (ended.stdout_str(), ended.stderr_str()),
            ("answer\n".into(), "error\n".into())
        );
        assert!(!ended.success());
    }

    #[test]
    fn an_answer_without_end_is_stopped() {
        assert!(matches!(shell("yes", LIMITS), Err(Stopped::TooLong)));
    }

    #[test]
    fn errors_without_end_are_stopped_when_the_time_is_over() {
        let start = Instant::now();
        assert!(matches!(shell("yes >&2", SHORT), Err(Stopped::TooSlow)));
        assert!(start.elapsed() < LIMITS.time);
    }

    #[test]
    fn of_errors_the_end_is_kept() {
        let ended = shell("yes | head -n 100000 >&2; echo last >&2", LIMITS).unwrap();
        assert_eq!(ended.stderr.len(), ERROR_OUTPUT);
        assert!(ended.stderr.ends_with(b"y\nlast\n"));
    }

    #[test]
    fn a_program_is_stopped_with_all_that_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("id");
        let script = format!("sleep 1000 & echo $! > {}; wait", file.display());
        assert!(matches!(shell(&script, SHORT), Err(Stopped::TooSlow)));
        let id = std::fs::read_to_string(file).unwrap();
        // What is gone, and what only waits to be reaped, has no command line.
        let command = Path::new("/proc").join(id.trim()).join("cmdline");
        let is_gone = || std::fs::read(&command).unwrap_or_default().is_empty();
        let waits = (0..100).find(|_| {
            std::thread::sleep(POLL_INTERVAL);
            is_gone()
        });
        assert!(waits.is_some(), "{} is there still", id.trim());
    }

    #[test]
    fn a_program_that_closes_its_outputs_is_waited_for() {
        let ended = shell("exec >&- 2>&-; sleep 0.2; exit 7", LIMITS).unwrap();
        assert_eq!(ended.exit_status.code(), Some(7));
        assert!(matches!(
            shell("exec >&- 2>&-; sleep 60", SHORT),
            Err(Stopped::TooSlow)
        ));
    }

    #[test]
    fn a_program_that_leaves_a_pipe_open_is_not_waited_for() {
        let start = Instant::now();
        let ended = shell(
            "sleep 12 & echo answer",
            Limits {
                time: GRACE * 4,
                ..LIMITS
            },
        )
        .unwrap();
        assert_eq!(ended.stdout_str(), "answer\n");
        assert!(start.elapsed() < GRACE * 2);
    }
}

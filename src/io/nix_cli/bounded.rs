//! A program that may take only so much time and memory, and say only so much.
//!
//! It runs in a process group of its own, which is killed as a whole: Nix starts
//! git and ssh. The shell sets the limits that the kernel holds, so that they
//! hold also when larder itself is gone.
#![expect(
    clippy::disallowed_methods,
    reason = "io starts programs and looks at the PATH"
)]

use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::bounds::Bounds;
use super::error::NixError;
use crate::io::{disk, signal};

/// What a program may answer: a host's settings are some kilobytes.
const MOST: u64 = 16 << 20;
/// Of what it says beside the answer, the end counts.
const SAID: usize = 64 << 10;
/// How often it is looked whether it has ended.
const BREATH: Duration = Duration::from_millis(10);
/// How long its pipes may stay open behind it.
const GRACE: Duration = Duration::from_secs(5);

/// Memory in KiB; seconds of processor time. A shell that knows no such limit
/// (macOS has none for memory) goes on without it.
const LIMITS: &str = "ulimit -v \"$1\"; ulimit -t \"$2\"; shift 2; exec \"$@\"";

/// A place where no proxy listens (RFC 863 keeps the port for discarding).
const NOWHERE: &str = "http://127.0.0.1:9";

/// What git sets for its hooks would lead Nix's own git astray.
const OF_HOOKS: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
];

/// How to run it.
pub(super) struct Bounded<'a> {
    pub(super) program: &'a Path,
    pub(super) dir: &'a Path,
    pub(super) bounds: Bounds,
}

/// A run that came to its end.
pub(super) struct Ended {
    pub(super) success: bool,
    pub(super) answer: Vec<u8>,
    /// The end of what it said on standard error.
    pub(super) said: String,
}

/// A program on the PATH.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    use rustix::fs::{Access, access};
    file.is_file() && access(file, Access::EXEC_OK).is_ok()
}

impl Bounded<'_> {
    /// Runs it to its end, or to a limit.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Ended, NixError> {
        signal::watch();
        let mut child = self
            .command(arguments)
            .spawn()
            .map_err(|error| NixError::NotStarted(disk::os_message(&error)))?;
        let too_much = Arc::new(AtomicBool::new(false));
        let answer = child.stdout.take().map(|pipe| answers(pipe, &too_much));
        let said = child.stderr.take().map(words);
        let ended = self.wait(&mut child, &too_much);
        if ended.is_err() {
            kill(&child);
        }
        // Nothing is left to learn from how a killed program ended.
        let status = child.wait();
        let success = ended? && status.is_ok_and(|status| status.success());
        Ok(Ended {
            success,
            answer: answer.map(|from| all_of(&from)).unwrap_or_default(),
            said: said.map(|from| all_of(&from)).unwrap_or_default(),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let seconds = self.bounds.time.as_secs().max(1);
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", LIMITS, "larder"])
            .arg((self.bounds.memory * 1024).to_string())
            // A process of several threads uses more time than passes.
            .arg((seconds * 4).to_string())
            .arg(self.program)
            .args(arguments)
            .current_dir(self.dir)
            // What it says is read for known words.
            .env("LC_ALL", "C")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        for name in OF_HOOKS {
            command.env_remove(name);
        }
        if !self.bounds.online {
            cut_off(&mut command);
        }
        command
    }

    /// True when it has ended by itself.
    fn wait(&self, child: &mut Child, too_much: &AtomicBool) -> Result<bool, NixError> {
        let end = Instant::now() + self.bounds.time;
        loop {
            match child.try_wait() {
                Ok(None) => {}
                Ok(Some(_)) => return Ok(true),
                Err(error) => return Err(NixError::NotStarted(disk::os_message(&error))),
            }
            if signal::asked_to_stop() {
                return Err(NixError::Interrupted);
            }
            if too_much.load(Ordering::Relaxed) {
                return Err(NixError::UnexpectedAnswer);
            }
            if Instant::now() >= end {
                return Err(NixError::Timeout);
            }
            std::thread::sleep(BREATH);
        }
    }
}

/// `--offline` keeps Nix from asking caches, and still lets it fetch inputs. So
/// downloads are led to a proxy that is not there, and git to its own disk.
fn cut_off(command: &mut Command) {
    for name in ["http_proxy", "https_proxy", "all_proxy", "ftp_proxy"] {
        command.env(name, NOWHERE);
        command.env(name.to_uppercase(), NOWHERE);
    }
    for name in ["no_proxy", "NO_PROXY"] {
        command.env_remove(name);
    }
    command.env("GIT_ALLOW_PROTOCOL", "file");
}

fn kill(child: &Child) {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(id) = id {
        // It may have ended just now: then there is nothing to kill.
        let _ended = kill_process_group(id, Signal::KILL);
    }
}

fn answers(pipe: impl Read + Send + 'static, too_much: &Arc<AtomicBool>) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    let too_much = too_much.clone();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.take(MOST).read_to_end(&mut bytes);
        if read.is_ok_and(|count| count as u64 >= MOST) {
            too_much.store(true, Ordering::Relaxed);
        }
        // Nobody listens any more if it took too long.
        drop(send.send(bytes));
    });
    receive
}

fn words(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes: Vec<u8> = Vec::new();
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            bytes.extend(&buffer[..count]);
            let over = bytes.len().saturating_sub(SAID);
            drop(bytes.drain(..over));
        }
        // Nobody listens any more if it took too long.
        drop(send.send(String::from_utf8_lossy(&bytes).into_owned()));
    });
    receive
}

/// What a pipe has brought; a program that has left someone behind who holds it
/// open is not waited for.
fn all_of<T: Default>(from: &Receiver<T>) -> T {
    from.recv_timeout(GRACE).unwrap_or_default()
}

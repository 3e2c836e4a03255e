//! The program `nix`, within its bounds.
#![expect(clippy::disallowed_methods, reason = "io looks at the PATH")]

use std::path::{Path, PathBuf};

use subprocess::Capture;

use super::bounds::Bounds;
use super::error::NixError;
use crate::io::disk;
use crate::io::program::{Limits, Program, Stopped};
use crate::io::workspace::OF_HOOKS;

/// What Nix may answer: a host's settings are some kilobytes.
const LONGEST_ANSWER: usize = 16 << 20;

/// A place where no proxy listens (RFC 863 keeps the port for discarding).
const NOWHERE: &str = "http://127.0.0.1:9";

const PROXIES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "ftp_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "FTP_PROXY",
];

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

/// Runs Nix in this folder to its end, or to a limit.
pub(super) fn run(
    nix: &Path,
    dir: &Path,
    arguments: &[&str],
    bounds: Bounds,
) -> Result<Capture, NixError> {
    let program = Program::new(nix)
        .args(arguments)
        .dir(dir)
        // What it says is read for known words.
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .without_env(OF_HOOKS);
    let program = if bounds.online {
        program
    } else {
        cut_off(program)
    };
    let limits = Limits {
        time: bounds.time,
        memory: bounds.memory,
        answer: LONGEST_ANSWER,
    };
    program
        .run_within(&limits)
        .map_err(|stopped| match stopped {
            Stopped::NotStarted(error) => NixError::NotStarted(disk::os_message(&error)),
            Stopped::Interrupted => NixError::Interrupted,
            Stopped::TooSlow => NixError::Timeout,
            Stopped::TooLong => NixError::UnexpectedAnswer,
        })
}

/// `--offline` keeps Nix from asking caches, and still lets it fetch inputs. So
/// downloads are led to a proxy that is not there, and git to its own disk.
fn cut_off(nix: Program) -> Program {
    let nix = PROXIES.iter().fold(nix, |nix, name| nix.env(name, NOWHERE));
    nix.without_env(&["no_proxy", "NO_PROXY"])
        .env("GIT_ALLOW_PROTOCOL", "file")
}

//! Questions to live machines: one POSIX script, run here or through the user's own ssh.
//!
//! Nothing is installed, and nothing stays but a path in a store. As root if `sudo` asks for
//! no password, else as the user that logs in: the answers say which.

use std::fmt::Write as _;
use std::time::Duration;

use ssh_key::rand_core::{OsRng, RngCore};

use super::program::{Limits, Program, Stopped};
use crate::doctor::Transcript;
use crate::text::shell_word;

const COMMON: &str = include_str!("common.sh");
const WEB: &str = include_str!("web.sh");
const CLIENT: &str = include_str!("client.sh");
const CLOSURE: &str = include_str!("closure.sh");
const SERVER: &str = include_str!("server.sh");

/// Reads the script from standard input, as root if that needs no password.
const START: &str = "if [ \"$(id -u)\" = 0 ] || ! sudo -n true 2>/dev/null; \
                     then exec sh -s; else exec sudo -n sh -s; fi";

/// A connection that takes longer is given up; a build of the probe takes a second.
const LIMITS: Limits = Limits {
    time: Duration::from_mins(3),
    // Nix reserves address space by the gigabyte, and uses little of it.
    memory: 1 << 20,
    answer: 4 << 20,
};

/// Thousands of paths, over http(s) one after the other.
const LIMITS_OF_CLOSURE: Limits = Limits {
    time: Duration::from_mins(20),
    memory: LIMITS.memory,
    answer: 64 << 20,
};

/// A machine, and how to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// The one that larder runs on.
    Here,
    /// One that ssh leads to: its options, and the destination.
    Remote(Vec<String>, String),
}

impl Machine {
    /// What a client is set up for, and how its caches greet it; with `web`, those over
    /// http(s) too, and whether they have a path.
    ///
    /// # Errors
    /// When the machine cannot be asked; the message says why.
    pub fn look(&self, web: bool, path: Option<&str>) -> Result<Transcript, String> {
        let variables = [
            ("what", "look"),
            ("no_web", if web { "" } else { "1" }),
            ("path", path.unwrap_or_default()),
        ];
        self.run(&[WEB, CLIENT], &variables)
    }

    /// Fetches a path from a cache through the client's daemon; without a path, only offers
    /// the client's public key to the cache.
    ///
    /// # Errors
    /// As [`Machine::look`].
    pub fn prove(&self, fetch: &Fetch<'_>) -> Result<Transcript, String> {
        let keep = if fetch.keep { "1" } else { "" };
        let variables = [
            ("what", "prove"),
            ("url", fetch.url),
            ("path", fetch.path.unwrap_or_default()),
            ("offered", fetch.offered.unwrap_or_default()),
            ("keep", keep),
            ("sample", if fetch.is_sample { "1" } else { "" }),
        ];
        self.run(&[WEB, CLIENT], &variables)
    }

    /// The cache's half: for the user that clients log in as, and for a path, or for a new
    /// one that is built under this name.
    ///
    /// # Errors
    /// As [`Machine::look`].
    pub fn serve(
        &self,
        user: &str,
        path: Option<&str>,
        nonce: Option<&str>,
    ) -> Result<Transcript, String> {
        let variables = [
            ("user", user),
            ("path", path.unwrap_or_default()),
            ("nonce", nonce.unwrap_or_default()),
        ];
        self.run(&[SERVER], &variables)
    }

    /// Which of these paths the client has, and which each of its caches.
    ///
    /// # Errors
    /// As [`Machine::look`].
    pub fn closure(&self, paths: &[String]) -> Result<Transcript, String> {
        self.about_paths("client", paths)
    }

    /// What the cache's machine has under the names of these paths.
    ///
    /// # Errors
    /// As [`Machine::look`].
    pub fn same_names(&self, paths: &[String]) -> Result<Transcript, String> {
        self.about_paths("cache", paths)
    }

    fn about_paths(&self, what: &str, paths: &[String]) -> Result<Transcript, String> {
        let variables = [("what", what), ("paths", &paths.join(" "))];
        self.run_within(&[CLOSURE], &variables, &LIMITS_OF_CLOSURE)
    }

    fn run(&self, parts: &[&str], variables: &[(&str, &str)]) -> Result<Transcript, String> {
        self.run_within(parts, variables, &LIMITS)
    }

    fn run_within(
        &self,
        parts: &[&str],
        variables: &[(&str, &str)],
        limits: &Limits,
    ) -> Result<Transcript, String> {
        let mut text = String::new();
        for (name, value) in variables {
            // A string takes everything.
            let _ = writeln!(text, "{name}={}", shell_word(value));
        }
        text.push_str(COMMON);
        text.extend(parts.iter().copied());
        let ended = self.program().input(text.into_bytes()).run_within(limits);
        let ended = ended.map_err(|stopped: Stopped| stopped.to_string())?;
        let transcript = Transcript::parse(&ended.stdout_str());
        if transcript.is_empty() {
            return Err(why_no_answer(&ended.stderr_str()));
        }
        Ok(transcript)
    }

    fn program(&self) -> Program {
        match self {
            Self::Here => Program::new("/bin/sh").args(["-c", START]),
            Self::Remote(options, destination) => Program::new("ssh")
                .args(["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"])
                .args(options)
                .args(["--", destination])
                .args([format!("sh -c '{START}'")]),
        }
    }
}

/// What to fetch, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Fetch<'a> {
    /// The substituter.
    pub url: &'a str,
    /// The store path; `None`: nothing is fetched.
    pub path: Option<&'a str>,
    /// The public key to offer first; `None`: the cache is known to accept it.
    pub offered: Option<&'a str>,
    /// The path stays in the client's store.
    pub keep: bool,
    /// The path is one that the client has: it is fetched past the daemon, into an empty store.
    pub is_sample: bool,
}

/// The text of a derivation in this machine's store.
#[expect(clippy::disallowed_methods, reason = "io reads the disk")]
pub fn derivation(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// The name of this machine.
pub fn this_machine() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

/// A name that no path had before.
pub fn nonce() -> String {
    let mut bytes = [0; 8];
    // Without random numbers, the clock is as good: it is no secret.
    if OsRng.try_fill_bytes(&mut bytes).is_err() {
        bytes = u64::try_from(super::clock::now().as_nanos() & u128::from(u64::MAX))
            .unwrap_or_default()
            .to_be_bytes();
    }
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .concat()
}

fn why_no_answer(errors: &str) -> String {
    let mut lines = errors.lines().rev().map(str::trim);
    let last = lines.find(|line| !line.is_empty());
    last.unwrap_or("it printed nothing").to_owned()
}

//! What only the machine that serves a cache knows.

use super::settings::Settings;
use super::store_path::PathInfo;
use super::transcript::{Answer, Transcript};
use crate::key::SigningPublicKey;

/// The serving machine's half of the evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheHost {
    /// Its host name.
    pub name: String,
    /// Root has looked: nothing is hidden.
    pub(super) is_root: bool,
    /// The line of `passwd` for the user that clients log in as; `None`: no such user.
    pub(super) account: Option<String>,
    /// The groups of that user.
    pub(super) groups: Vec<String>,
    /// `sshd -T` for that user; empty: it could not be asked.
    pub(super) sshd: Vec<(String, String)>,
    /// Files of authorized keys, each with a fingerprint; `None` for one that only root reads.
    pub(super) authorized: Vec<(String, Option<String>)>,
    /// The fingerprints of its SSH host keys.
    pub(super) host_keys: Vec<String>,
    /// Its settings of Nix.
    pub(super) settings: Settings,
    /// The files of `secret-key-files`, and what is known of each.
    pub(super) signing: Vec<(String, SigningFile)>,
    /// The build of the probe, where one was made.
    pub(super) probe: Option<Answer>,
    /// Whether its daemon has the path.
    pub(super) valid: Option<Answer>,
    /// What its store knows of the path.
    pub(super) info: Option<PathInfo>,
    /// Whether the content of the path is what it was.
    pub(super) verify: Option<Answer>,
    /// The last lines of its sshd.
    pub(super) log: Vec<String>,
}

/// The state of a file that holds a signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningFile {
    /// There is no such file.
    Missing,
    /// Only root can read it, and root did not look.
    Unread,
    /// It holds no signing key.
    Unusable,
    /// The public half of the key in it.
    Public(SigningPublicKey),
    /// A key of a kind that larder does not know, by its name.
    Other(String),
}

impl CacheHost {
    /// Reads what the script printed.
    pub fn read(transcript: &Transcript) -> Self {
        let who = transcript.output("who");
        let get = |name: &str| transcript.get(name).cloned();
        let words = |name: &str| transcript.output(name).join(" ");
        Self {
            name: who
                .get(1)
                .cloned()
                .unwrap_or_else(|| "the cache".to_owned()),
            is_root: who.first().is_some_and(|id| id == "0"),
            account: transcript.output("account").first().cloned(),
            groups: words("groups")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            sshd: transcript
                .output("sshd")
                .iter()
                .filter_map(|line| pair(line))
                .collect(),
            authorized: transcript
                .output("authorized")
                .iter()
                .filter_map(|line| authorized(line))
                .collect(),
            host_keys: transcript
                .output("hostkeys")
                .iter()
                .filter_map(|line| fingerprint(line))
                .collect(),
            settings: Settings::read(transcript.get("settings")),
            signing: transcript
                .output("signing")
                .iter()
                .filter_map(|line| signing(line))
                .collect(),
            probe: get("probe"),
            valid: get("valid"),
            info: transcript.get("info").and_then(PathInfo::read),
            verify: get("verify"),
            log: transcript.output("log").to_vec(),
        }
    }

    /// The path that was built as a probe.
    pub fn probe_path(&self) -> Option<&str> {
        let built = self.probe.as_ref().filter(|answer| answer.is_success())?;
        built.first()
    }

    /// The values of a keyword of sshd for the user that clients log in as.
    pub(super) fn sshd(&self, keyword: &str) -> Vec<&str> {
        let all = self.sshd.iter().filter(|(key, _)| key == keyword);
        all.flat_map(|(_, value)| value.split_whitespace())
            .collect()
    }

    /// True if the key with this fingerprint may log in; `None`: it is not known.
    pub(super) fn authorizes(&self, wanted: &str) -> Option<bool> {
        let is_it = |(_, key): &(String, Option<String>)| key.as_deref() == Some(wanted);
        if self.authorized.iter().any(is_it) {
            return Some(true);
        }
        // Its sshd may ask a program, or read a file that only root can.
        let asks = self
            .sshd("authorizedkeyscommand")
            .first()
            .is_some_and(|it| *it != "none");
        let is_whole = self.is_root && self.authorized.iter().all(|(_, key)| key.is_some());
        (is_whole && !asks).then_some(false)
    }

    /// What it runs for its clients.
    pub(super) fn forced_command(&self) -> Option<String> {
        let words = self.sshd("forcecommand");
        (!words.is_empty() && words != ["none"])
            .then(|| format!("sshd -T: forcecommand {}", words.join(" ")))
    }

    /// The public half of its signing key of this name.
    pub(super) fn public_key(&self, name: &str) -> Option<&SigningPublicKey> {
        self.signing.iter().find_map(|(_, state)| match state {
            SigningFile::Public(key) if key.name() == name => Some(key),
            _ => None,
        })
    }

    /// The last line of its sshd with one of these words.
    pub(super) fn logged(&self, words: &[&str]) -> Option<&str> {
        let mut lines = self.log.iter().rev().map(String::as_str);
        lines.find(|line| words.iter().any(|word| line.contains(word)))
    }

    /// True if nothing that can be seen here keeps the key with this fingerprint out: no
    /// client has to try first.
    pub fn lets_in(&self, fingerprint: &str) -> bool {
        self.account.is_some()
            && !self.sshd.is_empty()
            && self.authorizes(fingerprint) == Some(true)
    }
}

fn pair(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(' ')?;
    Some((key.to_lowercase(), value.to_owned()))
}

/// `FILE BITS FINGERPRINT COMMENT (TYPE)`, or `FILE unread`.
fn authorized(line: &str) -> Option<(String, Option<String>)> {
    let (file, rest) = line.split_once(' ')?;
    match fingerprint(rest) {
        None if rest != "unread" => None,
        key => Some((file.to_owned(), key)),
    }
}

fn fingerprint(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    words
        .find(|word| word.starts_with("SHA256:"))
        .map(str::to_owned)
}

fn signing(line: &str) -> Option<(String, SigningFile)> {
    let (file, rest) = line.split_once(' ')?;
    let state = match rest {
        "missing" => SigningFile::Missing,
        "unread" => SigningFile::Unread,
        "empty" | "unusable" => SigningFile::Unusable,
        key => match (key.parse(), key.split_once(':')) {
            (Ok(key), _) => SigningFile::Public(key),
            (Err(_), Some((name, _))) => SigningFile::Other(name.to_owned()),
            (Err(_), None) => SigningFile::Unusable,
        },
    };
    Some((file.to_owned(), state))
}

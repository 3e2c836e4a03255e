//! A conversation of ssh with an sshd, as `ssh -v` tells it.

use super::transcript::Answer;

/// How far ssh came, and the lines that say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialogue {
    lines: Vec<String>,
}

impl Dialogue {
    /// Reads the standard error of `ssh -v`.
    pub(super) fn read(answer: &Answer) -> Self {
        let lines = answer.errors.clone();
        Self { lines }
    }

    /// What several programs say, one after the other.
    pub(super) fn of<'a>(answers: impl Iterator<Item = &'a Answer>) -> Self {
        let lines = answers.flat_map(|answer| answer.errors.clone()).collect();
        Self { lines }
    }

    /// The first line that contains one of these words, without the `debug1:` before it.
    pub(super) fn line(&self, words: &[&str]) -> Option<&str> {
        let mut lines = self.lines.iter().map(String::as_str);
        let found = lines.find(|line| words.iter().any(|word| line.contains(word)));
        found.map(|line| line.strip_prefix("debug1: ").unwrap_or(line))
    }

    /// The name could not be looked up.
    pub(super) fn name_unknown(&self) -> Option<&str> {
        self.line(&["Could not resolve host", "Couldn't resolve host"])
    }

    /// The connection was refused.
    pub(super) fn refused(&self) -> Option<&str> {
        self.line(&["Connection refused"])
    }

    /// Nothing came back.
    pub(super) fn timed_out(&self) -> Option<&str> {
        self.line(&[
            "Connection timed out",
            "Operation timed out",
            "No route to host",
            "Network is unreachable",
        ])
    }

    /// The line in which the other side says that it is an sshd.
    pub(super) fn greeting(&self) -> Option<&str> {
        self.line(&["Remote protocol version 2.0"])
    }

    /// An sshd that drops the connection says so, since OpenSSH 9.8.
    pub(super) fn dropped(&self) -> Option<&str> {
        self.line(&["banner line 0: Not allowed at this time"])
    }

    /// An sshd that drops the connection says why, until OpenSSH 9.7.
    pub(super) fn full(&self) -> Option<&str> {
        self.line(&["banner line 0: Exceeded MaxStartups"])
    }

    /// The other side is there and says something else.
    pub(super) fn other_greeting(&self) -> Option<&str> {
        if self.dropped().is_some() || self.full().is_some() {
            return None;
        }
        self.line(&[
            "banner line 0:",
            "Invalid SSH identification string",
            "Connection timed out during banner exchange",
        ])
    }

    /// The connection ended before the other side said anything.
    pub(super) fn closed_early(&self) -> Option<&str> {
        if self.greeting().is_some() {
            return None;
        }
        self.line(&[
            "kex_exchange_identification: Connection closed",
            "kex_exchange_identification: read: Connection reset",
            "Connection closed by",
            "Connection reset by",
        ])
    }

    /// The fingerprint of the host key: `SHA256:…`.
    pub(super) fn host_key(&self) -> Option<&str> {
        let line = self.line(&["Server host key: "])?;
        line.split_whitespace()
            .find(|word| word.starts_with("SHA256:"))
    }

    /// The public key that was offered is accepted.
    pub(super) fn accepts_key(&self) -> bool {
        self.line(&["Server accepts key"]).is_some()
    }

    /// No key was accepted.
    pub(super) fn denied(&self) -> Option<&str> {
        self.line(&["Permission denied (", "Too many authentication failures"])
    }
}

//! What came of fetching a path through the daemon, and of the control.

use super::client::free_space;
use super::dialogue::Dialogue;
use super::store_path::PathInfo;
use super::transcript::{Answer, Transcript};

/// One attempt to fetch a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// The answer to the client's public key, where it was offered.
    pub(super) offer: Option<Dialogue>,
    /// True if the path was in the client's store before.
    pub(super) was_there: bool,
    /// The daemon's attempt; `None`: it was not made.
    pub(super) realise: Option<Answer>,
    /// What the client's store knows of the path afterwards.
    pub(super) info: Option<PathInfo>,
    /// The copy into an empty store, with the keys that the client trusts.
    pub(super) trusted: Option<Answer>,
    /// The same without the keys that signed it, which must fail.
    pub(super) untrusted: Option<Answer>,
    /// What root's own Nix says of the path on the cache, where the daemon failed.
    pub(super) direct: Option<Answer>,
    /// A cache over http(s) was asked for the path's narinfo anew.
    pub(super) narinfo: Option<Answer>,
    /// Whether its signature, asked for anew, is one that nix.conf trusts.
    pub(super) verified: Option<Answer>,
    /// The files in which the daemon remembers answers, and the path among them.
    pub(super) remembered: Option<Answer>,
    /// The last lines of the daemon.
    pub(super) journal: Vec<String>,
    /// How many KiB are free in the client's store.
    pub(super) free: Option<u64>,
}

impl Attempt {
    /// Reads what `prove` printed.
    pub fn read(transcript: &Transcript) -> Self {
        let get = |name: &str| transcript.get(name).cloned();
        Self {
            offer: transcript.get("offer").map(Dialogue::read),
            was_there: transcript.get("before").is_some_and(Answer::is_success),
            realise: get("realise"),
            info: transcript.get("info").and_then(PathInfo::read),
            trusted: get("trusted"),
            untrusted: get("untrusted"),
            direct: get("direct"),
            narinfo: get("narinfo"),
            verified: get("verified"),
            remembered: get("remembered"),
            journal: transcript.output("journal").to_vec(),
            free: free_space(transcript.output("space")),
        }
    }

    /// What root's own Nix sees of the path on the cache.
    pub(super) fn direct_info(&self) -> Option<PathInfo> {
        PathInfo::read(self.direct.as_ref()?)
    }

    /// The files in which the daemon remembers something of the path; `None`: only root sees.
    pub(super) fn memory(&self) -> Option<&[String]> {
        let answer = self
            .remembered
            .as_ref()
            .filter(|answer| answer.is_success());
        answer.map(|answer| answer.output.as_slice())
    }

    /// The daemon's attempt, if it failed.
    pub(super) fn failure(&self) -> Option<&Answer> {
        self.realise.as_ref().filter(|answer| !answer.is_success())
    }

    /// The daemon's attempt, if it succeeded.
    pub(super) fn success(&self) -> Option<&Answer> {
        self.realise.as_ref().filter(|answer| answer.is_success())
    }

    /// The first line of any failing program on the client that contains one of these words.
    pub(super) fn says(&self, words: &[&str]) -> Option<&str> {
        let answers = [self.failure(), self.direct.as_ref()].into_iter();
        let mut found = answers
            .flatten()
            .filter_map(|answer| answer.error_with(words));
        let has_word = |line: &&str| words.iter().any(|word| line.contains(word));
        let mut journal = self.journal.iter().map(String::as_str);
        found.next().or_else(|| journal.find(has_word))
    }

    /// The line that says from where the path was copied.
    pub(super) fn copied(&self) -> Option<&str> {
        self.success()?.error_with(&["copying path "])
    }
}

//! The private key file of a client, known by its state and its public half.

use super::transcript::Answer;
use crate::key::PublicKey;

/// What is known of a private key file; never a byte of the key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityFile {
    /// Where it is.
    pub(super) path: String,
    /// How much of it could be seen.
    pub(super) state: IdentityFileState,
    /// The permissions, as in `600`.
    pub(super) mode: Option<u32>,
    /// The user that owns it.
    pub(super) owner: Option<String>,
    /// `private`, `public`, `certificate` or `other`, by its first line.
    pub(super) kind: Option<String>,
    /// Its public half, where it could be found.
    pub(super) public: Option<PublicKey>,
}

/// How much of a private key file could be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdentityFileState {
    /// It was read, by ssh-keygen.
    #[default]
    Read,
    /// There is no such file.
    Missing,
    /// It has no content.
    Empty,
    /// It is in a folder that only root may enter.
    Hidden,
    /// Only root can read it, and root did not look.
    Unread,
}

impl IdentityFile {
    /// Reads the answer of the script.
    pub(super) fn read(answer: &Answer) -> Self {
        let mut lines = answer.output.iter();
        let path = lines.next().cloned().unwrap_or_default();
        let mut file = Self {
            path,
            ..Self::default()
        };
        for line in lines {
            file.take(line);
        }
        file
    }

    fn take(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "missing" => self.state = IdentityFileState::Missing,
            "hidden" => self.state = IdentityFileState::Hidden,
            "empty" => self.state = IdentityFileState::Empty,
            "unread" => self.state = IdentityFileState::Unread,
            "mode" => self.mode = u32::from_str_radix(rest, 8).ok(),
            "owner" => self.owner = Some(rest.to_owned()),
            "kind" => self.kind = Some(rest.to_owned()),
            "public" => self.public = rest.parse().ok(),
            _ => {}
        }
    }

    /// True if there is a file.
    pub(super) fn is_there(&self) -> bool {
        self.state != IdentityFileState::Missing
    }

    /// True if ssh, started by root, ignores the key: others can read it. ssh does not mind
    /// who else reads a key that another user owns.
    pub(super) fn is_open_to_others(&self) -> bool {
        let is_roots = self.owner.as_deref() == Some("root");
        is_roots && self.mode.is_some_and(|mode| mode & 0o077 != 0)
    }
}

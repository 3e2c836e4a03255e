//! How a file is known again without being read.

use std::hash::Hasher;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The identity of a content: its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

// A part of it tells as much as the whole.
impl std::hash::Hash for Hash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [part, ..] = self.0.as_chunks::<8>().0 else {
            return;
        };
        state.write_u64(u64::from_ne_bytes(*part));
    }
}

// As bytes at once, not one by one: thousands of them are kept.
impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        let bytes = bytes.try_into();
        bytes.map(Self).map_err(serde::de::Error::custom)
    }
}

impl Hash {
    /// That of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// What the system says of a file in the work tree. Where it says the same again,
/// nobody has written to the file in between: a time of change cannot be set back.
///
/// It is only taken of files that were at rest: one that was changed a moment ago
/// may be changed again without another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The file system.
    pub device: u64,
    /// The file in it.
    pub inode: u64,
    /// Its length in bytes.
    pub size: u64,
    /// When its content was last written, since 1970.
    pub modified: Duration,
    /// When anything about it was last changed, since 1970.
    pub changed: Duration,
}

// Two files have the same inode, or the same change, only now and then.
impl std::hash::Hash for Stamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.inode);
        state.write_u32(self.changed.subsec_nanos());
    }
}

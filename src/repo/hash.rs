//! The identity of a file's content.

use std::hash::Hasher;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The SHA-256 of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

// Eight bytes of a SHA-256 are distributed as well as all of them.
impl std::hash::Hash for Hash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [part, ..] = self.0.as_chunks::<8>().0 else {
            return;
        };
        state.write_u64(u64::from_ne_bytes(*part));
    }
}

// One block of bytes, not a sequence of numbers: the lint cache holds thousands of hashes.
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
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// The 32 bytes of the hash.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

//! Private keys that harm nobody who reads them.

use base64ct::{Base64, Encoding};

use crate::key::wire::Parts;

/// With this begins the content of an OpenSSH private key file.
pub(super) const MAGIC: &[u8] = b"openssh-key-v1\0";

/// 32 bytes of the public halves of test keys that everybody knows: those of NixOS's own
/// tests, today's and the former ones, and Vagrant's.
const WELL_KNOWN: &[&str] = &[
    "M9BeYRUxUuZ4VHJp8oxVaA8OS/z+5EFPCZwQNq1nMwM=",
    "GAUyFqNSeD5GOP+wIVcj0/MbwFCOu7afsmBRUXUpu/k=",
    "QiVI+I+3gv+17KN0RFLHKh5Vj71vc75eSOkyMsxFxbE=",
    "KF0DYGbBwbj06tA3fd/+yP44cvmwmHBWXZCKbS+RQlA=",
    "6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYc=",
];

/// True if the bytes of a private key file hold no secret, or one that is none.
pub(super) fn is_harmless(bytes: &[u8]) -> bool {
    is_handle(bytes) || is_well_known(bytes)
}

/// True for a key that is in hardware: the file only names it, and is useless without the
/// hardware. Its public half, which is never encrypted, says so by its type.
fn is_handle(bytes: &[u8]) -> bool {
    let kind = || {
        let mut parts = Parts::of(bytes.strip_prefix(MAGIC)?);
        // The cipher, the key derivation and its options; then the number of keys.
        let (_, _, _) = (parts.next()?, parts.next()?, parts.next()?);
        let public = parts.after(4)?.next()?;
        Parts::of(public).next()
    };
    kind().is_some_and(|kind| kind.starts_with(b"sk-"))
}

fn is_well_known(bytes: &[u8]) -> bool {
    let mut known = WELL_KNOWN
        .iter()
        .filter_map(|half| Base64::decode_vec(half).ok());
    known.any(|half| bytes.windows(half.len()).any(|part| part == half))
}

//! Private keys in PEM blocks: `-----BEGIN … PRIVATE KEY-----`.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::harmless::{MAGIC, is_harmless};
use super::kind::PrivateKind;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// A block that is a private key.
pub(super) struct PemBlock {
    pub(super) kind: PrivateKind,
    /// Whoever reads it can do nothing with it that anybody cannot.
    pub(super) is_harmless: bool,
}

/// The blocks that are private keys.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = PemBlock> {
    text.match_indices(BEGIN)
        .filter_map(|(at, _)| block(&text[at + BEGIN.len()..]))
}

/// The block whose label begins here; `None` if it is no private key.
fn block(rest: &str) -> Option<PemBlock> {
    let (label, rest) = rest.split_once(DASHES)?;
    if !label.ends_with("PRIVATE KEY") || label.contains('\n') {
        return None;
    }
    let (body, _) = rest.split_once("-----END ")?;
    let bytes = bytes(body)?;
    Some(PemBlock {
        kind: kind(label, body, &bytes)?,
        is_harmless: is_harmless(&bytes),
    })
}

fn kind(label: &str, body: &str, bytes: &[u8]) -> Option<PrivateKind> {
    if label == "OPENSSH PRIVATE KEY" {
        // The shortest real one, an unencrypted ed25519 key, has about 230 bytes.
        let real = bytes.starts_with(MAGIC) && bytes.len() > 150;
        return real.then_some(PrivateKind::OpenSsh);
    }
    let encrypted = body.contains("Proc-Type: 4,ENCRYPTED");
    let real = is_whole_sequence(bytes) || (encrypted && is_whole_blocks(bytes));
    real.then_some(PrivateKind::Pem)
}

/// The decoded base64 of a block. In a Nix or JSON string, the line ends are `\n`. Old PEM
/// begins with header lines such as `Proc-Type: 4,ENCRYPTED`.
fn bytes(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let unescaped = Zeroizing::new(body.replace("\\n", "\n"));
    let base64: Zeroizing<String> = Zeroizing::new(
        unescaped
            .lines()
            .map(str::trim)
            .filter(|line| !line.contains(':'))
            .collect(),
    );
    Base64::decode_vec(&base64).ok().map(Zeroizing::new)
}

/// True if the bytes are one complete DER `SEQUENCE`, like every PKCS#1, SEC 1 and PKCS#8
/// key, encrypted PKCS#8 included.
fn is_whole_sequence(bytes: &[u8]) -> bool {
    let Some((&0x30, rest)) = bytes.split_first() else {
        return false;
    };
    der_length(rest).is_some_and(|(length, body)| length == body.len() && length > 30)
}

/// True if the bytes fill the blocks of a cipher: the only structure of encrypted old PEM.
fn is_whole_blocks(bytes: &[u8]) -> bool {
    bytes.len() >= 32 && bytes.len().is_multiple_of(8)
}

fn der_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first < 0x80 {
        return Some((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7f);
    let (digits, rest) = rest.split_at_checked(count)?;
    if count > 4 {
        return None;
    }
    let value = digits.iter().fold(0, |sum, &d| sum << 8 | usize::from(d));
    Some((value, rest))
}

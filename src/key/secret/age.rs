//! age secret keys: bech32 (BIP 173) with the prefix `AGE-SECRET-KEY-`.

const PREFIX: &str = "AGE-SECRET-KEY-";
/// The characters after the `1`: 32 bytes in groups of five bits, and a checksum of six.
const GROUPS: usize = 52 + 6;
const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// True if the text contains a key with a correct checksum.
pub(super) fn find(text: &str) -> bool {
    let upper = text.match_indices(PREFIX).map(|(at, _)| at);
    upper
        .filter_map(|at| text.get(at + PREFIX.len()..))
        .filter_map(|rest| rest.strip_prefix('1'))
        .filter_map(|rest| rest.get(..GROUPS))
        .any(checksum_is_right)
}

fn checksum_is_right(data: &str) -> bool {
    let hrp = PREFIX.to_ascii_lowercase();
    let high = hrp.bytes().map(|byte| u32::from(byte >> 5));
    let low = hrp.bytes().map(|byte| u32::from(byte & 31));
    let Some(groups) = data.bytes().map(group).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let all = high.chain([0]).chain(low).chain(groups);
    all.fold(1, step) == 1
}

fn group(byte: u8) -> Option<u32> {
    let at = CHARSET
        .iter()
        .position(|&c| c == byte.to_ascii_lowercase())?;
    u32::try_from(at).ok()
}

/// One round of BIP 173's `polymod`.
fn step(checksum: u32, group: u32) -> u32 {
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let top = checksum >> 25;
    let shifted = ((checksum & 0x01ff_ffff) << 5) ^ group;
    (0..5)
        .filter(|bit| (top >> bit) & 1 == 1)
        .fold(shifted, |sum, bit| sum ^ GENERATOR[bit])
}

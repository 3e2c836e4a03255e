//! Bracket expressions: sets of bytes.

use super::parse::{Parsed, Unclear};

/// The bytes that may be in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByteSet(Box<[bool; 256]>);

impl ByteSet {
    /// Every byte that `holds` is true of.
    pub(super) fn of(holds: impl Fn(u8) -> bool) -> Self {
        let mut bytes = (0..=u8::MAX).map(holds);
        Self(Box::new(std::array::from_fn(|_| {
            bytes.next().unwrap_or_default()
        })))
    }

    /// Its bytes in order, as the first and the last of each run.
    pub(super) fn ranges(&self) -> Vec<(u8, u8)> {
        let bytes: Vec<u8> = (0..=u8::MAX).filter(|byte| self.has(*byte)).collect();
        let runs = bytes.chunk_by(|one, next| one + 1 == *next);
        runs.map(|run| (run[0], run[run.len() - 1])).collect()
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    fn add(&mut self, holds: impl Fn(u8) -> bool) {
        let old = self.clone();
        *self = Self::of(|byte| old.has(byte) || holds(byte));
    }
}

/// Reads a bracket expression behind its `[`, and leaves what is behind its `]`.
pub(super) fn bracket(rest: &mut &[u8]) -> Parsed<ByteSet> {
    let negated = take(rest, b"^");
    let mut set = ByteSet::of(|_| false);
    // A `]` that comes first is one of the bytes.
    let mut is_first = true;
    while is_first || !take(rest, b"]") {
        item(rest, is_first, &mut set)?;
        is_first = false;
    }
    Ok(ByteSet::of(|byte| set.has(byte) != negated))
}

fn item(rest: &mut &[u8], is_first: bool, set: &mut ByteSet) -> Parsed<()> {
    match rest {
        [b'[', b':', ..] => {
            let class = class(rest)?;
            set.add(class);
            ends_item(rest)
        }
        [b'[', b'.' | b'=', ..] | [] => Err(Unclear),
        [b'-', after, ..] if !is_first && *after != b']' => Err(Unclear),
        [low, b'-', high, ..] if *high != b']' => {
            let (low, high) = (*low, *high);
            let is_plain = |byte: u8| byte.is_ascii() && !b"[-".contains(&byte);
            if !is_plain(low) || !is_plain(high) || low > high {
                return Err(Unclear);
            }
            *rest = &rest[3..];
            set.add(|byte| (low..=high).contains(&byte));
            ends_item(rest)
        }
        [byte, after @ ..] => {
            let byte = *byte;
            *rest = after;
            set.add(|other| other == byte);
            Ok(())
        }
    }
}

/// What comes behind a class or a range is not the start of another range.
fn ends_item(rest: &[u8]) -> Parsed<()> {
    match rest {
        [b'-', after, ..] if *after != b']' => Err(Unclear),
        _ => Ok(()),
    }
}

type Class = fn(u8) -> bool;

/// `[:alpha:]`
fn class(rest: &mut &[u8]) -> Parsed<Class> {
    for (name, class) in CLASSES {
        if take(rest, format!("[:{name}:]").as_bytes()) {
            return Ok(*class);
        }
    }
    Err(Unclear)
}

/// Nix leaves the locale at `C`, where only ASCII is of any class.
const CLASSES: &[(&str, Class)] = &[
    ("alnum", |byte| byte.is_ascii_alphanumeric()),
    ("alpha", |byte| byte.is_ascii_alphabetic()),
    ("blank", |byte| matches!(byte, b' ' | b'\t')),
    ("cntrl", |byte| byte.is_ascii_control()),
    ("digit", |byte| byte.is_ascii_digit()),
    ("graph", |byte| byte.is_ascii_graphic()),
    ("lower", |byte| byte.is_ascii_lowercase()),
    ("print", |byte| byte.is_ascii_graphic() || byte == b' '),
    ("punct", |byte| byte.is_ascii_punctuation()),
    ("space", |byte| matches!(byte, b' ' | b'\t'..=b'\r')),
    ("upper", |byte| byte.is_ascii_uppercase()),
    ("xdigit", |byte| byte.is_ascii_hexdigit()),
];

/// Takes these bytes off the front, if they are there.
pub(super) fn take(rest: &mut &[u8], front: &[u8]) -> bool {
    let after = rest.strip_prefix(front);
    *rest = after.unwrap_or(rest);
    after.is_some()
}

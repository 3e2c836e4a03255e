//! The fingerprint of an owned module: by it alone larder's own text is told from one that
//! somebody has edited, whoever committed what in which order.
//!
//! It is a line of the header, made from the tokens and comments of the rest: a formatter
//! and other line ends change neither. It leaves out what each host gives one line of
//! ([`rows_of`]): two people who add a host each, on branches of their own, would otherwise
//! change the same line, and git could not merge them.

use sha2::{Digest, Sha256};

use crate::nix::{tokens_equal, words_of};

/// How the line begins.
const LABEL: &str = "# Fingerprint: ";

/// How many of the 32 bytes are written.
const LENGTH: usize = 8;

/// The lists and sets of a module with a line for each host or cache, by the name of the
/// attribute and of the placeholder.
pub(super) fn rows_of(path: &str) -> &'static [&'static str] {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file {
        _ if folder.ends_with("caches") => &["clients"],
        "keys.nix" => &["hosts", "identities", "shared", "signing"],
        "fleet.nix" => &["hosts", "others"],
        _ => &[],
    }
}

/// The text with its fingerprint as the last line of its header. `without_rows` is the same
/// text with nothing in what [`rows_of`] names.
pub fn sign(text: &str, without_rows: &str) -> String {
    let line = format!("{LABEL}{}\n", digest(&words_of(without_rows)));
    let is_header = |line: &&str| line.starts_with('#');
    let header = text.split_inclusive('\n').take_while(is_header);
    let (header, rest) = text.split_at(header.map(str::len).sum());
    format!("{header}{line}{rest}")
}

/// True if the module at this path is as some larder wrote it, for this inventory or for
/// an earlier one. Larder 0.1 wrote no fingerprints.
pub(super) fn is_as_written(path: &str, text: &str) -> bool {
    let Some((written, rest)) = split(text) else {
        return true;
    };
    let words = words_of(&rest);
    digest(&without_rows(&words, rows_of(path))) == written
}

/// True if the two differ in layout and fingerprint at most: nobody loses anything when
/// one takes the place of the other.
pub(super) fn same_but_fingerprint(a: &str, b: &str) -> bool {
    let rest = |text: &str| split(text).map_or(text.to_owned(), |(_, rest)| rest);
    tokens_equal(&rest(a), &rest(b))
}

/// The fingerprint that a text has, and all else of it.
fn split(text: &str) -> Option<(&str, String)> {
    let mut lines = text.lines();
    let line = lines.find(|line| line.trim_start().starts_with(LABEL.trim_end()))?;
    let written = line.trim_start().strip_prefix(LABEL.trim_end())?.trim();
    Some((written, text.replacen(line, "", 1)))
}

fn digest<S: AsRef<str>>(words: &[S]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.as_ref());
        hash.update([0]);
    }
    let bytes = hash.finalize();
    let hex = bytes.iter().take(LENGTH).map(|byte| format!("{byte:02x}"));
    hex.collect()
}

/// The words of a text but those of its rows, as far as they have the form in which larder
/// writes them.
fn without_rows<'w>(words: &'w [String], rows: &[&str]) -> Vec<&'w str> {
    let mut out = Vec::new();
    let mut rest = words;
    while let [word, behind @ ..] = rest {
        out.push(word.as_str());
        rest = behind;
        if let [equals, open, inside @ ..] = behind
            && rows.contains(&word.as_str())
            && equals == "="
        {
            out.extend([equals.as_str(), open.as_str()]);
            rest = behind_rows(open, inside);
        }
    }
    out
}

/// What follows the rows that stand here.
fn behind_rows<'w>(open: &str, mut words: &'w [String]) -> &'w [String] {
    let row = match open {
        "[" => reference,
        "{" => binding,
        _ => return words,
    };
    while let Some(behind) = row(words) {
        words = behind;
    }
    words
}

/// What follows `keys.hosts.NAME`.
fn reference(words: &[String]) -> Option<&[String]> {
    let [keys, dot, _, second, rest @ ..] = words else {
        return None;
    };
    let is_key = keys == "keys" && dot == "." && second == ".";
    is_key.then(|| name(rest))?
}

/// What follows `NAME = "…";` and `NAME = [ … ];`.
fn binding(words: &[String]) -> Option<&[String]> {
    let [equals, rest @ ..] = name(words)? else {
        return None;
    };
    let (is_value, rest) = match rest {
        [open, _, close, rest @ ..] if open == "\"" && close == "\"" => (true, rest),
        [open, rest @ ..] if open == "[" => (true, rest.get(to_closing(rest)?..)?),
        _ => (false, rest),
    };
    let [end, rest @ ..] = rest else {
        return None;
    };
    (is_value && equals == "=" && end == ";").then_some(rest)
}

/// What follows a name, plain or in quotes.
fn name(words: &[String]) -> Option<&[String]> {
    match words {
        [open, _, close, rest @ ..] if open == "\"" => (close == "\"").then_some(rest),
        [first, rest @ ..] => {
            let is_plain = first.starts_with(|c: char| c.is_alphabetic() || c == '_');
            is_plain.then_some(rest)
        }
        [] => None,
    }
}

/// How many words a list has, its closing bracket among them.
fn to_closing(words: &[String]) -> Option<usize> {
    let mut depth = 1;
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "[" => depth += 1,
            "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

//! Expressions that mean the same to `regex-lite` as to Nix.
//!
//! Of all ways to match, Nix's library (libstdc++) tries the same first as
//! `regex-lite`: more repetitions, earlier alternatives. For a match of the whole
//! text that settles it. A match of a part of the text is another one where a later way
//! is longer: that is looked for, and then the answer is [`Unclear`].
//!
//! Unclear is also what libraries differ in, libstdc++ and the libc++ of macOS among
//! them: what an endless repetition of what may be empty captures, whether a group
//! keeps its text when the next repetition leaves it out, and matches that may be empty.

use std::fmt::Write as _;

use regex_lite::Regex;

use super::node::Node;
use super::parse::{Parsed, Unclear, parse};

/// An expression whose matches are known.
pub(super) struct Pattern(Node);

/// What a text is made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What is between two matches.
    Between(String),
    /// The groups of a match.
    Groups(Groups),
}

/// What each group captured.
pub(super) type Groups = Vec<Option<String>>;

/// The most bytes that a pattern may speak of, all repetitions written out.
const LARGEST: usize = 5_000;

/// Stands in a text where a longer match would go on. No byte is written as this.
const MARK: char = '\u{E000}';

impl Pattern {
    /// The pattern that an expression says.
    pub(super) fn new(expression: &str) -> Parsed<Self> {
        let node = parse(expression)?;
        if is_clear(&node, false) && node.size() <= LARGEST {
            Ok(Self(node))
        } else {
            Err(Unclear)
        }
    }

    /// How much work it is to compile it.
    pub(super) fn cost(&self) -> usize {
        self.0.size()
    }

    /// The groups of a match of the whole text.
    pub(super) fn whole(&self, text: &str) -> Parsed<Option<Groups>> {
        let regex = self.regex("^(?:", ")$", false)?;
        let found = regex.captures(&bytes(text)).map(|found| groups(&found));
        found.transpose()
    }

    /// The text between the matches, and in turn with it the groups of each match.
    /// `spend` hears what each match costs, and says whether to go on.
    pub(super) fn split(
        &self,
        text: &str,
        mut spend: impl FnMut(usize) -> bool,
    ) -> Parsed<Vec<Part>> {
        let is_nothing = self.0 == Node::Sequence(Vec::new());
        if self.0.has_start() || self.0.can_be_empty() && !is_nothing {
            return Err(Unclear);
        }
        let regex = self.regex("(?:", ")", false)?;
        let longer = self.regex("^(?:", &format!(")[^{MARK}]*$"), true)?;
        // Where all matches are of one length, none is longer.
        let are_alike = self.0.length().is_some();
        let text = bytes(text);
        let mut parts = Vec::new();
        let mut done = 0;
        for found in regex.captures_iter(&text) {
            let whole = found.get(0).ok_or(Unclear)?;
            let (before, after) = (whole.as_str(), &text[whole.end()..]);
            if !are_alike {
                let marked = format!("{before}{MARK}{after}");
                if !spend(marked.len()) || longer.is_match(&marked) {
                    return Err(Unclear);
                }
            }
            parts.push(Part::Between(text_of(&text[done..whole.start()])?));
            parts.push(Part::Groups(groups(&found)?));
            done = whole.end();
        }
        parts.push(Part::Between(text_of(&text[done..])?));
        Ok(parts)
    }

    fn regex(&self, before: &str, after: &str, marked: bool) -> Parsed<Regex> {
        let mut pattern = before.to_owned();
        write(&self.0, marked, &mut pattern);
        pattern += after;
        Regex::new(&pattern).map_err(|_| Unclear)
    }
}

/// Nix matches bytes, `regex-lite` characters: each byte becomes one.
fn bytes(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// The text of such characters; a piece of a character is none.
fn text_of(bytes: &str) -> Parsed<String> {
    let bytes = bytes.chars().map(|byte| u8::try_from(byte).unwrap_or(b'?'));
    String::from_utf8(bytes.collect()).map_err(|_| Unclear)
}

fn groups(found: &regex_lite::Captures<'_>) -> Parsed<Groups> {
    let groups = found.iter().skip(1);
    let texts = groups.map(|group| group.map(|group| text_of(group.as_str())).transpose());
    texts.collect()
}

/// The node as `regex-lite` writes it; `marked` lets a [`MARK`] be before any byte.
fn write(node: &Node, marked: bool, out: &mut String) {
    match node {
        Node::Byte(set) => {
            let mark = if marked { "\u{E000}?" } else { "" };
            let ranges = set.ranges().into_iter();
            let ranges = ranges.map(|(low, high)| format!("\\x{low:02X}-\\x{high:02X}"));
            let _ = write!(out, "(?:{mark}[{}])", ranges.collect::<String>());
        }
        Node::Start => out.push('^'),
        Node::End => out.push('$'),
        Node::Group(body) => {
            out.push('(');
            write(body, marked, out);
            out.push(')');
        }
        Node::Repeat { body, min, max } => {
            *out += "(?:";
            write(body, marked, out);
            let max = max.map(|max| max.to_string()).unwrap_or_default();
            let _ = write!(out, "){{{min},{max}}}");
        }
        Node::Sequence(items) => items.iter().for_each(|item| write(item, marked, out)),
        Node::Choice(branches) => {
            *out += "(?:";
            for (at, branch) in branches.iter().enumerate() {
                out.extend((at > 0).then_some('|'));
                write(branch, marked, out);
            }
            out.push(')');
        }
    }
}

/// True if all libraries agree on what its groups capture; `repeated` if it is part
/// of what may be repeated.
fn is_clear(node: &Node, repeated: bool) -> bool {
    match node {
        Node::Byte(_) | Node::Start | Node::End => true,
        Node::Group(body) => is_clear(body, repeated),
        Node::Repeat { body, min, max } => {
            let may_be_left_out = repeated && *min == 0 && body.has_group();
            let has_empty_turns = max.is_none() && body.can_be_empty();
            let repeated = repeated || *max != Some(1);
            !may_be_left_out && !has_empty_turns && is_clear(body, repeated)
        }
        Node::Sequence(items) => items.iter().all(|item| is_clear(item, repeated)),
        Node::Choice(branches) => branches
            .iter()
            .all(|branch| is_clear(branch, repeated) && !(repeated && branch.has_group())),
    }
}

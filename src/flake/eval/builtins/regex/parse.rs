//! POSIX extended expressions as Nix reads them: `std::regex::extended` of libstdc++
//! (seen in Nix 2.8 and 2.34), over bytes.
//!
//! What Nix refuses, and what is read in more than one way, is [`Unclear`].

use super::bracket::{ByteSet, bracket, take};
use super::node::Node;

/// Something of which larder does not know what Nix does with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclear;

pub(super) type Parsed<T> = Result<T, Unclear>;

/// The longest expression that is read.
const LONGEST: usize = 1_000;
/// The most levels of parentheses.
const DEEPEST: usize = 30;
/// The largest number in braces.
const MOST: u32 = 255;

/// What may be behind a backslash.
const SPECIAL: &[u8] = br".[\()*+?{|^$";

/// Reads an expression.
pub(super) fn parse(expression: &str) -> Parsed<Node> {
    if expression.len() > LONGEST {
        return Err(Unclear);
    }
    let mut rest = expression.as_bytes();
    let node = choice(&mut rest, DEEPEST)?;
    if rest.is_empty() {
        Ok(node)
    } else {
        Err(Unclear)
    }
}

fn choice(rest: &mut &[u8], levels: usize) -> Parsed<Node> {
    let mut branches = vec![sequence(rest, levels)?];
    while take(rest, b"|") {
        branches.push(sequence(rest, levels)?);
    }
    match branches.pop() {
        Some(only) if branches.is_empty() => Ok(only),
        last => {
            branches.extend(last);
            Ok(Node::Choice(branches))
        }
    }
}

fn sequence(rest: &mut &[u8], levels: usize) -> Parsed<Node> {
    let mut items = Vec::new();
    while !matches!(rest.first(), None | Some(b'|' | b')')) {
        let mut item = atom(rest, levels)?;
        while let Some((min, max)) = count(rest)? {
            if matches!(item, Node::Start | Node::End) {
                return Err(Unclear);
            }
            let body = Box::new(item);
            item = Node::Repeat { body, min, max };
        }
        items.push(item);
    }
    Ok(Node::Sequence(items))
}

fn atom(rest: &mut &[u8], levels: usize) -> Parsed<Node> {
    let (&first, after) = rest.split_first().ok_or(Unclear)?;
    *rest = after;
    let one = |byte: u8| Node::Byte(ByteSet::of(|other| other == byte));
    match first {
        b'^' => Ok(Node::Start),
        b'$' => Ok(Node::End),
        b'.' => Ok(Node::Byte(ByteSet::of(|byte| byte != 0))),
        b'[' => bracket(rest).map(Node::Byte),
        b'(' => group(rest, levels),
        b'\\' => match rest.split_first() {
            Some((&escaped, after)) if SPECIAL.contains(&escaped) => {
                *rest = after;
                Ok(one(escaped))
            }
            _ => Err(Unclear),
        },
        b'*' | b'+' | b'?' | b'{' => Err(Unclear),
        byte => Ok(one(byte)),
    }
}

fn group(rest: &mut &[u8], levels: usize) -> Parsed<Node> {
    let levels = levels.checked_sub(1).ok_or(Unclear)?;
    let body = choice(rest, levels)?;
    if take(rest, b")") {
        Ok(Node::Group(Box::new(body)))
    } else {
        Err(Unclear)
    }
}

/// How often: the least and the most; `None` if it does not say.
fn count(rest: &mut &[u8]) -> Parsed<Option<(u32, Option<u32>)>> {
    let (first, after) = match rest.split_first() {
        Some((first, after)) if b"*+?{".contains(first) => (*first, after),
        _ => return Ok(None),
    };
    *rest = after;
    let found = match first {
        b'*' => (0, None),
        b'+' => (1, None),
        b'?' => (0, Some(1)),
        _ => braces(rest)?,
    };
    Ok(Some(found))
}

/// `2}`, `2,}` or `2,3}`
fn braces(rest: &mut &[u8]) -> Parsed<(u32, Option<u32>)> {
    let min = number(rest)?;
    let max = match (take(rest, b","), rest.first()) {
        (false, _) => Some(min),
        (true, Some(b'}')) => None,
        (true, _) => Some(number(rest)?),
    };
    let fits = max.is_none_or(|max| min.max(1) <= max);
    if fits && take(rest, b"}") {
        Ok((min, max))
    } else {
        Err(Unclear)
    }
}

fn number(rest: &mut &[u8]) -> Parsed<u32> {
    let end = rest.iter().position(|byte| !byte.is_ascii_digit());
    let (digits, after) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = after;
    let digits = std::str::from_utf8(digits).map_err(|_| Unclear)?;
    let number = digits.parse().map_err(|_| Unclear)?;
    if number <= MOST {
        Ok(number)
    } else {
        Err(Unclear)
    }
}

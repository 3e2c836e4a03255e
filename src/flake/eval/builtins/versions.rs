//! Builtins about versions and names of packages.

use std::cmp::Ordering;

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, Value};
use super::{Builtin, texts};

pub(super) const ALL: &[Builtin] = &[
    ("compareVersions", 2, compare),
    ("parseDrvName", 1, parse_name),
    ("splitVersion", 1, |eval, args| match texts(eval, args) {
        Ok([version]) => {
            let parts = split(&version).into_iter().map(Value::string);
            Value::list(parts.map(Thunk::done).collect())
        }
        Err(unknown) => unknown,
    }),
];

/// The components of a version: runs of digits, and runs of anything else, between dots
/// and dashes.
fn split(version: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in version.split(['.', '-']) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let of_kind = |c: char| c.is_ascii_digit() == first.is_ascii_digit();
            let end = rest.find(|c| !of_kind(c)).unwrap_or(rest.len());
            out.push(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out
}

fn compare(eval: &mut Eval, args: &[Thunk]) -> Value {
    let [left, right] = match texts(eval, args) {
        Ok(texts) => texts,
        Err(unknown) => return unknown,
    };
    let (left, right) = (split(&left), split(&right));
    let at = |parts: &[&str], i: usize| parts.get(i).map(ToString::to_string).unwrap_or_default();
    let orders = (0..left.len().max(right.len())).map(|i| order(&at(&left, i), &at(&right, i)));
    let order = orders.fold(Ordering::Equal, Ordering::then);
    Value::Int(order as i64)
}

/// Nix's order of two components: `pre` is before nothing, a word before a number.
fn order(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), _) if b.is_empty() => Ordering::Greater,
        (_, Ok(_)) if a.is_empty() => Ordering::Less,
        (a_number, b_number) => match (a == "pre", b == "pre") {
            _ if a == b => Ordering::Equal,
            (true, _) => Ordering::Less,
            (_, true) => Ordering::Greater,
            _ => match (a_number.is_ok(), b_number.is_ok()) {
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                _ => a.cmp(b),
            },
        },
    }
}

/// The version begins behind the first dash that no letter follows.
fn parse_name(eval: &mut Eval, args: &[Thunk]) -> Value {
    let [whole] = match texts(eval, args) {
        Ok(texts) => texts,
        Err(unknown) => return unknown,
    };
    let mut dashes = whole.match_indices('-').map(|(at, _)| at);
    let dash = dashes.find(|at| {
        let next = whole[at + 1..].chars().next();
        next.is_some_and(|next| !next.is_ascii_alphabetic())
    });
    let (name, version) = match dash {
        Some(at) => (&whole[..at], &whole[at + 1..]),
        None => (&*whole, ""),
    };
    Attrs::of([
        ("name", Value::string(name)),
        ("version", Value::string(version)),
    ])
    .into()
}

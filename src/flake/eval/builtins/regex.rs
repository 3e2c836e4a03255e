//! `builtins.match` and `builtins.split`: POSIX extended expressions.

mod bracket;
mod node;
mod parse;
mod pattern;
#[cfg(test)]
mod tests;

use self::parse::{Parsed, Unclear};
use self::pattern::{Groups, Part, Pattern};
use super::super::Eval;
use super::super::string::BYTES;
use super::super::thunk::Thunk;
use super::super::value::Value;
use super::{Builtin, texts};

pub(super) const ALL: &[Builtin] = &[
    ("match", 2, |eval, args| run(eval, args, whole_match)),
    ("split", 2, |eval, args| run(eval, args, split)),
];

fn run(
    eval: &mut Eval,
    args: &[Thunk],
    builtin: fn(&mut Eval, &Pattern, &str) -> Parsed<Value>,
) -> Value {
    let [expression, text] = match texts(eval, args) {
        Ok(texts) => texts,
        Err(unknown) => return unknown,
    };
    let value = Pattern::new(&expression).and_then(|pattern| {
        eval.spend(pattern.cost() + text.len());
        builtin(eval, &pattern, &text)
    });
    value.unwrap_or_else(|Unclear| {
        Value::unknown("a regular expression that Nix may read in another way")
    })
}

/// The groups of a match of the whole text, or null.
fn whole_match(_: &mut Eval, pattern: &Pattern, text: &str) -> Parsed<Value> {
    let found = pattern.whole(text)?;
    Ok(found.map_or(Value::Null, groups))
}

/// The text between the matches, and in turn with it the groups of each match.
fn split(eval: &mut Eval, pattern: &Pattern, text: &str) -> Parsed<Value> {
    let parts = pattern.split(text, |bytes| eval.spend(bytes / BYTES))?;
    let values = parts.into_iter().map(|part| match part {
        Part::Between(text) => Value::string(text),
        Part::Groups(found) => groups(found),
    });
    Ok(Value::list(values.map(Thunk::done).collect()))
}

fn groups(found: Groups) -> Value {
    let values = found.into_iter();
    let values = values.map(|group| group.map_or(Value::Null, Value::string));
    Value::list(values.map(Thunk::done).collect())
}

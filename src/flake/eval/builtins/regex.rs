//! `builtins.match` and `builtins.split`: POSIX extended expressions, which differ
//! from Rust's only where alternatives of unlike length match.

use regex_lite::{Captures, Regex};

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::Value;
use super::{Builtin, texts};

pub(super) const ALL: &[Builtin] = &[("match", 2, whole_match), ("split", 2, split)];

/// The longest expression that is compiled.
const LONGEST: usize = 1_000;

fn compiled(expression: &str) -> Result<Regex, Value> {
    if expression.len() > LONGEST {
        return Err(Value::unknown("a long regular expression"));
    }
    Regex::new(expression)
        .map_err(|_| Value::unknown("a regular expression that is not understood"))
}

/// The groups of a match of the whole text, or null.
fn whole_match(eval: &mut Eval, args: &[Thunk]) -> Value {
    let [expression, text] = match texts(eval, args) {
        Ok(texts) => texts,
        Err(unknown) => return unknown,
    };
    eval.spend(text.len());
    match compiled(&format!("^(?s:{expression})$")) {
        Ok(regex) => regex
            .captures(&text)
            .map_or(Value::Null, |found| groups(&found)),
        Err(unknown) => unknown,
    }
}

/// The text between the matches, and in turn with it the groups of each match.
fn split(eval: &mut Eval, args: &[Thunk]) -> Value {
    let [expression, text] = match texts(eval, args) {
        Ok(texts) => texts,
        Err(unknown) => return unknown,
    };
    eval.spend(text.len());
    let regex = match compiled(&format!("(?s:{expression})")) {
        Ok(regex) => regex,
        Err(unknown) => return unknown,
    };
    let mut items = Vec::new();
    let mut done = 0;
    for found in regex.captures_iter(&text) {
        let Some(whole) = found.get(0) else { continue };
        items.push(Value::string(&text[done..whole.start()]));
        items.push(groups(&found));
        done = whole.end();
    }
    items.push(Value::string(&text[done..]));
    Value::list(items.into_iter().map(Thunk::done).collect())
}

fn groups(found: &Captures) -> Value {
    let groups = found.iter().skip(1);
    let values =
        groups.map(|group| group.map_or(Value::Null, |group| Value::string(group.as_str())));
    Value::list(values.map(Thunk::done).collect())
}

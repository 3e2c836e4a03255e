//! Builtins about strings and paths as text.

use std::rc::Rc;

use super::super::Eval;
use super::super::files;
use super::super::string::BYTES;
use super::super::thunk::Thunk;
use super::super::value::{Origin, Text, Value};
use super::lists::closed;
use super::{Builtin, texts};

pub(super) const ALL: &[Builtin] = &[
    ("baseNameOf", 1, base_name),
    ("concatStringsSep", 2, concat_sep),
    ("dirOf", 1, dir_of),
    ("replaceStrings", 3, replace),
    ("stringLength", 1, length),
    ("substring", 3, substring),
    ("toString", 1, to_string),
    ("unsafeDiscardStringContext", 1, to_string),
];

/// Functions of `lib` that `builtins` does not have.
pub(super) const LIB: &[Builtin] = &[
    ("hasInfix", 2, |e, a| {
        compare(e, a, |part, text| text.contains(part))
    }),
    ("hasPrefix", 2, |e, a| {
        compare(e, a, |part, text| text.starts_with(part))
    }),
    ("hasSuffix", 2, |e, a| {
        compare(e, a, |part, text| text.ends_with(part))
    }),
    ("removePrefix", 2, |e, a| {
        strip(e, a, |part, text| text.strip_prefix(part))
    }),
    ("removeSuffix", 2, |e, a| {
        strip(e, a, |part, text| text.strip_suffix(part))
    }),
    ("splitString", 2, split_string),
    ("toLower", 1, |e, a| recase(e, a, str::to_ascii_lowercase)),
    ("toUpper", 1, |e, a| recase(e, a, str::to_ascii_uppercase)),
];

/// A string that was cut out of another. What was found in a folder stays found
/// there; a literal is no longer the text that is written.
fn cut(from: &Value, text: &str) -> Value {
    let origin = match from {
        Value::Str(whole) => whole
            .origin
            .clone()
            .filter(|o| matches!(**o, Origin::Dir(_))),
        _ => None,
    };
    Value::Str(Text {
        text: text.into(),
        origin,
    })
}

fn to_string(eval: &mut Eval, args: &[Thunk]) -> Value {
    let value = eval.force(&args[0]);
    match &value {
        Value::Str(_) => value,
        _ => plain_text(eval, &value).map_or_else(|unknown| unknown, Value::string),
    }
}

/// The text of a value as `toString` has it, which takes more than a string does.
fn plain_text(eval: &mut Eval, value: &Value) -> Result<Rc<str>, Value> {
    match value {
        Value::Null | Value::Bool(false) => Ok("".into()),
        Value::Bool(true) => Ok("1".into()),
        Value::Float(float) => Ok(format!("{float:.6}").into()),
        Value::List(list) => {
            if let Some(why) = &list.open {
                return Err(Value::Unknown(why.clone()));
            }
            let texts = list.items.iter().map(|item| {
                let item = eval.step(|eval| to_string(eval, std::slice::from_ref(item)));
                eval.coerce(&item)
            });
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join(" ").into())
        }
        _ => eval.coerce(value),
    }
}

fn length(eval: &mut Eval, args: &[Thunk]) -> Value {
    match texts(eval, args) {
        Ok([text]) => Value::Int(i64::try_from(text.len()).unwrap_or(i64::MAX)),
        Err(unknown) => unknown,
    }
}

fn substring(eval: &mut Eval, args: &[Thunk]) -> Value {
    let (Value::Int(start), Value::Int(len)) = (eval.force(&args[0]), eval.force(&args[1])) else {
        return Value::unknown("a substring of unknown bounds");
    };
    let value = eval.force(&args[2]);
    let text = match eval.coerce(&value) {
        Ok(text) => text,
        Err(unknown) => return unknown,
    };
    let start = usize::try_from(start).unwrap_or(usize::MAX).min(text.len());
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    let end = start.saturating_add(len).min(text.len());
    match text.get(start..end) {
        Some(part) => cut(&value, part),
        None => Value::unknown("a substring that splits a character"),
    }
}

fn concat_sep(eval: &mut Eval, args: &[Thunk]) -> Value {
    let (separator, list) = match (eval.text(&args[0]), closed(eval, &args[1])) {
        (Ok(separator), Ok(list)) => (separator, list),
        (Err(unknown), _) | (_, Err(unknown)) => return unknown,
    };
    let mut parts = Vec::with_capacity(list.items.len());
    for item in &list.items {
        match eval.text(item) {
            Ok(text) => parts.push(text),
            Err(unknown) => return unknown,
        }
    }
    let size: usize = parts.iter().map(|part| part.len() + separator.len()).sum();
    eval.sized(size / BYTES, || Value::string(parts.join(&separator)))
}

fn replace(eval: &mut Eval, args: &[Thunk]) -> Value {
    let (from, to) = match (strings(eval, &args[0]), strings(eval, &args[1])) {
        (Ok(from), Ok(to)) if from.len() == to.len() => (from, to),
        (Err(unknown), _) | (_, Err(unknown)) => return unknown,
        _ => return Value::unknown("replaceStrings of lists that differ in length"),
    };
    if from.iter().any(|from| from.is_empty()) {
        return Value::unknown("replaceStrings of an empty text");
    }
    let value = eval.force(&args[2]);
    let text = match eval.coerce(&value) {
        Ok(text) => text,
        Err(unknown) => return unknown,
    };
    let growth = to.iter().map(|to| to.len()).max().unwrap_or(1).max(1);
    if !eval.spend(text.len().saturating_mul(growth) / BYTES) {
        return Value::unknown("a text that is too long");
    }
    let mut out = String::new();
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let found = from.iter().position(|from| rest.starts_with(&**from));
        let taken = found.map_or(first.len_utf8(), |i| from[i].len());
        let part = found.map_or(&rest[..taken], |i| &*to[i]);
        out.push_str(part);
        rest = &rest[taken..];
    }
    cut(&value, &out)
}

fn strings(eval: &mut Eval, thunk: &Thunk) -> Result<Vec<Rc<str>>, Value> {
    let list = closed(eval, thunk)?;
    list.items.iter().map(|item| eval.text(item)).collect()
}

fn base_name(eval: &mut Eval, args: &[Thunk]) -> Value {
    let value = eval.force(&args[0]);
    match eval.coerce(&value) {
        Ok(text) => {
            let text = text.trim_end_matches('/');
            cut(&value, text.rsplit('/').next().unwrap_or(text))
        }
        Err(unknown) => unknown,
    }
}

fn dir_of(eval: &mut Eval, args: &[Thunk]) -> Value {
    let value = eval.force(&args[0]);
    match eval.coerce(&value) {
        Ok(text) => {
            let dir = match text.rsplit_once('/') {
                None => ".",
                Some(("", _)) => "/",
                Some((dir, _)) => dir,
            };
            match value {
                Value::Path(_) => Value::Path(files::normal(dir).into()),
                _ => Value::string(dir),
            }
        }
        Err(unknown) => unknown,
    }
}

fn compare(eval: &mut Eval, args: &[Thunk], holds: fn(&str, &str) -> bool) -> Value {
    match texts(eval, args) {
        Ok([part, text]) => Value::Bool(holds(&part, &text)),
        Err(unknown) => unknown,
    }
}

fn strip(
    eval: &mut Eval,
    args: &[Thunk],
    cut_off: for<'a> fn(&str, &'a str) -> Option<&'a str>,
) -> Value {
    let whole = eval.force(&args[1]);
    match texts(eval, args) {
        Ok([part, text]) => match cut_off(&part, &text) {
            Some(rest) => cut(&whole, rest),
            None => whole,
        },
        Err(unknown) => unknown,
    }
}

fn recase(eval: &mut Eval, args: &[Thunk], change: fn(&str) -> String) -> Value {
    match texts(eval, args) {
        Ok([text]) => Value::string(change(&text)),
        Err(unknown) => unknown,
    }
}

fn split_string(eval: &mut Eval, args: &[Thunk]) -> Value {
    match texts(eval, args) {
        // Nix takes text apart by bytes, and half a character is no text here.
        Ok([separator, text]) if separator.is_empty() && !text.is_ascii() => {
            Value::unknown("parts of a character")
        }
        Ok([separator, text]) => {
            let parts = text
                .split(&*separator)
                .map(|part| Thunk::done(Value::string(part)));
            Value::list(parts.collect())
        }
        Err(unknown) => unknown,
    }
}

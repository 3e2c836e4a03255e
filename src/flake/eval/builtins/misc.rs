//! Builtins about types, control, numbers, and constants.

use super::super::Eval;
use super::super::files;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, Value};
use super::Builtin;

/// How the reason of what throws begins.
pub(in crate::flake::eval) const THROWS: &str = "it throws: ";

pub(super) const ALL: &[Builtin] = &[
    ("abort", 1, |_, _| Value::unknown("it aborts")),
    ("addDrvOutputDependencies", 1, same),
    ("addErrorContext", 2, second),
    ("appendContext", 2, |e, a| e.force(&a[0])),
    ("break", 1, same),
    ("deepSeq", 2, second),
    ("derivation", 1, |_, _| Value::unknown("a derivation")),
    ("fetchGit", 1, fetch),
    ("fetchTarball", 1, fetch),
    ("fetchTree", 1, fetch),
    // Flakes are evaluated purely: no variable is set.
    ("getEnv", 1, |_, _| Value::string("")),
    ("getFlake", 1, get_flake),
    ("hasContext", 1, has_context),
    ("isAttrs", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Attrs(_) | Value::System(_)))
    }),
    ("isBool", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Bool(_)))
    }),
    ("isFloat", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Float(_)))
    }),
    ("isFunction", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Lambda(_) | Value::Builtin(_)))
    }),
    ("isInt", 1, |e, a| is(e, a, |v| matches!(v, Value::Int(_)))),
    ("isList", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::List(_)))
    }),
    ("isNull", 1, |e, a| is(e, a, |v| matches!(v, Value::Null))),
    ("isPath", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Path(_)))
    }),
    ("isString", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Str(_)))
    }),
    ("placeholder", 1, |_, _| Value::unknown("a placeholder")),
    ("seq", 2, second),
    ("throw", 1, throw),
    ("trace", 2, second),
    ("traceVerbose", 2, second),
    ("tryEval", 1, try_eval),
    ("typeOf", 1, type_of),
    ("unsafeDiscardOutputDependency", 1, same),
    ("unsafeGetAttrPos", 2, |_, _| {
        Value::unknown("the place of an attribute")
    }),
    ("warn", 2, second),
];

pub(super) fn constants() -> [(&'static str, Value); 8] {
    [
        ("langVersion", Value::Int(6)),
        ("nixPath", Value::list(Vec::new())),
        ("true", Value::Bool(true)),
        ("false", Value::Bool(false)),
        ("null", Value::Null),
        ("nixVersion", Value::unknown("the version of Nix")),
        ("currentSystem", Value::unknown("the system that evaluates")),
        ("storeDir", Value::string("/nix/store")),
    ]
}

/// The result is the second argument; the first is for its effect.
fn second(eval: &mut Eval, args: &[Thunk]) -> Value {
    eval.force(&args[1])
}

fn same(eval: &mut Eval, args: &[Thunk]) -> Value {
    eval.force(&args[0])
}

/// A text without a path of the store in it has no context.
fn has_context(eval: &mut Eval, args: &[Thunk]) -> Value {
    match eval.text(&args[0]) {
        Ok(text) if text.contains("/nix/store/") => Value::unknown("the context of a text"),
        Ok(_) => Value::Bool(false),
        Err(unknown) => unknown,
    }
}

/// A fetched source is as good as an input: its URL names the repository.
pub(in crate::flake) fn fetch(eval: &mut Eval, args: &[Thunk]) -> Value {
    let what = eval.force(&args[0]);
    eval.fetched(&what).unwrap_or_else(|| match &what {
        Value::Str(url) => Value::unknown(format!("what is fetched from `{}`", url.text)),
        Value::Unknown(_) => what,
        _ => Value::unknown("what is fetched from outside of the repository"),
    })
}

fn get_flake(eval: &mut Eval, args: &[Thunk]) -> Value {
    let what = eval.force(&args[0]);
    let own = match &what {
        Value::Str(text) => files::within(text.text.trim_start_matches("path:")),
        Value::Path(path) => files::within(path),
        _ => None,
    };
    match own {
        Some(dir) => eval.subflake(&dir, &Attrs::default()),
        None => fetch(eval, args),
    }
}

fn throw(eval: &mut Eval, args: &[Thunk]) -> Value {
    match eval.text(&args[0]) {
        Ok(text) => {
            // A path is said as people write it, from the root of the repository.
            let text = text.replace(&format!("{}/", files::ROOT), "");
            Value::unknown(format!("{THROWS}{text}"))
        }
        Err(unknown) => unknown,
    }
}

/// What is unknown because it throws is a failure; what else is unknown may be either.
fn try_eval(eval: &mut Eval, args: &[Thunk]) -> Value {
    let (success, value) = match eval.force(&args[0]) {
        Value::Unknown(why) if why.starts_with(THROWS) => (false, Value::Bool(false)),
        unknown @ Value::Unknown(_) => return unknown,
        value => (true, value),
    };
    Attrs::of([("success", Value::Bool(success)), ("value", value)]).into()
}

fn is(eval: &mut Eval, args: &[Thunk], test: fn(&Value) -> bool) -> Value {
    match eval.force(&args[0]) {
        unknown @ Value::Unknown(_) => unknown,
        Value::External(external) => Value::unknown(format!("the type of `{external}`")),
        value => Value::Bool(test(&value)),
    }
}

fn type_of(eval: &mut Eval, args: &[Thunk]) -> Value {
    let word = match eval.force(&args[0]) {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) => "string",
        Value::Path(_) => "path",
        Value::List(_) => "list",
        Value::Attrs(_) | Value::System(_) => "set",
        Value::Lambda(_) | Value::Builtin(_) => "lambda",
        Value::External(external) => return Value::unknown(format!("the type of `{external}`")),
        unknown @ Value::Unknown(_) => return unknown,
    };
    Value::string(word)
}

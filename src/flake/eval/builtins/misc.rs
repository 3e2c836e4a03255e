//! Builtins about types, control, numbers, and constants.

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, Value};
use super::Builtin;

pub(super) const ALL: &[Builtin] = &[
    ("abort", 1, |_, _| Value::unknown("it aborts")),
    ("add", 2, |e, a| integers(e, a, i64::wrapping_add)),
    ("addErrorContext", 2, second),
    ("deepSeq", 2, second),
    ("derivation", 1, |_, _| Value::unknown("a derivation")),
    ("fetchGit", 1, fetch),
    ("fetchTarball", 1, fetch),
    ("fetchTree", 1, fetch),
    // Flakes are evaluated purely: no variable is set.
    ("getEnv", 1, |_, _| Value::string("")),
    ("getFlake", 1, fetch),
    ("isAttrs", 1, |e, a| {
        is(e, a, |v| matches!(v, Value::Attrs(_)))
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
    ("lessThan", 2, less_than),
    ("mul", 2, |e, a| integers(e, a, i64::wrapping_mul)),
    ("placeholder", 1, |_, _| Value::unknown("a placeholder")),
    ("seq", 2, second),
    ("sub", 2, |e, a| integers(e, a, i64::wrapping_sub)),
    ("throw", 1, throw),
    ("trace", 2, second),
    ("traceVerbose", 2, second),
    ("tryEval", 1, try_eval),
    ("typeOf", 1, type_of),
    ("warn", 2, second),
];

pub(super) fn constants() -> [(&'static str, Value); 6] {
    [
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

/// A fetched source is as good as an input: its URL names the repository.
pub(in crate::flake) fn fetch(eval: &mut Eval, args: &[Thunk]) -> Value {
    let what = eval.force(&args[0]);
    eval.fetched(&what)
        .unwrap_or_else(|| Value::unknown("something fetched"))
}

fn throw(eval: &mut Eval, args: &[Thunk]) -> Value {
    match eval.text(&args[0]) {
        Ok(text) => Value::unknown(format!("it throws: {text}")),
        Err(unknown) => unknown,
    }
}

/// A value that throws is `Unknown` here: a success is recognised, a failure is not.
fn try_eval(eval: &mut Eval, args: &[Thunk]) -> Value {
    match eval.force(&args[0]) {
        unknown @ Value::Unknown(_) => unknown,
        value => Attrs::of([("success", Value::Bool(true)), ("value", value)]).into(),
    }
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

fn integers(eval: &mut Eval, args: &[Thunk], run: fn(i64, i64) -> i64) -> Value {
    match (eval.force(&args[0]), eval.force(&args[1])) {
        (Value::Int(a), Value::Int(b)) => Value::Int(run(a, b)),
        _ => Value::unknown("arithmetic with something that is no integer"),
    }
}

fn less_than(eval: &mut Eval, args: &[Thunk]) -> Value {
    match (eval.force(&args[0]), eval.force(&args[1])) {
        (Value::Int(a), Value::Int(b)) => Value::Bool(a < b),
        (Value::Str(a), Value::Str(b)) => Value::Bool(a.text < b.text),
        _ => Value::unknown("a comparison of unknown values"),
    }
}

//! Nix's builtins, one file a subject. One that is missing here is external, and a call
//! of it `Unknown`.

use std::collections::HashMap;

use super::Eval;
use super::external::External;
use super::value::{Attrs, BuiltinFn, Slot, Value};

mod attrs;
mod closure;
mod data;
mod json;
mod lists;
mod misc;
mod numbers;
mod regex;
mod strings;
mod system;
mod versions;

pub(super) use misc::THROWS;
pub(in crate::flake) use misc::fetch;

/// A builtin: its name, how many arguments it takes, what it does.
type Builtin = (&'static str, usize, BuiltinFn);

/// The names that Nix has outside of `builtins` as well.
const GLOBAL: &[&str] = &[
    "abort",
    "baseNameOf",
    "derivation",
    "dirOf",
    "fetchGit",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
];

/// The names that are bound everywhere.
pub(super) fn globals() -> HashMap<&'static str, Value> {
    let mut builtins = Attrs::open(External::word("builtins").into());
    let mut globals = HashMap::new();
    let all = [
        attrs::ALL,
        closure::ALL,
        data::ALL,
        json::ALL,
        lists::ALL,
        misc::ALL,
        numbers::ALL,
        regex::ALL,
        strings::ALL,
        system::ALL,
        versions::ALL,
    ];
    for &(name, arity, run) in all.into_iter().flatten() {
        let value = Value::builtin(name, arity, run);
        builtins.insert(name, Slot::done(value.clone()));
        if GLOBAL.contains(&name) {
            globals.insert(name, value);
        }
    }
    for (name, value) in misc::constants() {
        builtins.insert(name, Slot::done(value));
    }
    globals.insert("true", Value::Bool(true));
    globals.insert("false", Value::Bool(false));
    globals.insert("null", Value::Null);
    globals.insert("builtins", builtins.into());
    globals
}

/// Functions that only `lib` has, and that are easier to write here than in Nix.
pub(super) fn of_lib() -> Value {
    let all = [attrs::LIB, strings::LIB, system::LIB]
        .into_iter()
        .flatten();
    Attrs::of(all.map(|&(name, arity, run)| (name, Value::builtin(name, arity, run)))).into()
}

/// `Unknown` for an argument that is not what it should be.
fn not(what: &str, value: &Value) -> Value {
    match value {
        Value::Unknown(_) | Value::External(_) => Value::Unknown(value.doubt()),
        other => Value::unknown(format!("{} where {what} should be", other.kind())),
    }
}

/// The arguments of a builtin as text, or the `Unknown` to return.
fn texts<const N: usize>(
    eval: &mut Eval,
    args: &[super::thunk::Thunk],
) -> Result<[std::rc::Rc<str>; N], Value> {
    let mut out = Vec::with_capacity(N);
    for arg in args.iter().take(N) {
        out.push(eval.text(arg)?);
    }
    out.try_into()
        .map_err(|_| Value::unknown("too few arguments"))
}

//! A small module system: enough of `lib.evalModules` for flakes that are written
//! as modules (flake-parts and its kin).
//!
//! Options count for their defaults and for the types that change what is set: sets, lists,
//! submodules, deferred modules, and choices between them. Several definitions of one option
//! are merged as nixpkgs does for sets, lists and modules; a conflict is `Unknown`. No value
//! is checked.

mod collect;
mod definition;
mod host;
mod merge;
mod types;
mod unread;

use std::cell::RefCell;
use std::rc::Rc;

use super::Eval;
use super::thunk::Thunk;
use super::value::{Attrs, Slot, Value};

use collect::{CollectedModules, Collector};
use merge::Site;
use unread::Unread;

pub(in crate::flake) use collect::is_function;
pub(in crate::flake) use host::{HostModules, InForce};

/// `lib.evalModules { modules = [ … ]; specialArgs = { … }; }`.
pub(in crate::flake) fn eval_modules(eval: &mut Eval, args: &[Thunk]) -> Value {
    let call = eval.force(&args[0]);
    let mut given = Attrs::default();
    if let Value::Attrs(special) = eval.select(&call, "specialArgs") {
        given.slots.extend(special.slots.clone());
    }
    if let Some(lib) = lib_of(&call) {
        given.slots.entry("lib".into()).or_insert(lib);
    }
    match eval.select(&call, "modules") {
        Value::List(list) => {
            let modules = list.items.iter().map(|item| eval.force(item)).collect();
            evaluate(eval, modules, given, call)
        }
        other => other,
    }
}

/// The `lib` that a call passes on to its modules: the one that was called, which the
/// flake may have extended.
pub(in crate::flake) fn lib_of(call: &Value) -> Option<Slot> {
    match call {
        Value::Attrs(call) => call.slots.get("lib").cloned(),
        _ => None,
    }
}

/// What an evaluation of modules was called with, beside its result.
pub(in crate::flake) const CALL: &str = "_call";

/// Evaluates modules: `{ config }` with the merged definitions; `_unread` are the names of
/// modules of inputs that are not known. A flake may call its hosts so.
///
/// `args` are passed to every module beside `config`, `options` and `lib`.
fn evaluate(eval: &mut Eval, modules: Vec<Value>, args: Attrs, call: Value) -> Value {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let keep = kept.clone();
    let config = config_with(eval, modules, args, None, move |eval, collected| {
        eval.flake_parts.extend(collected.files.iter().cloned());
        eval.unread.extend(collected.unread.foreign.iter().cloned());
        keep.replace(collected.unread.foreign.clone());
    });
    let unread = Thunk::call({
        let config = config.clone();
        move |eval| {
            eval.force(&config);
            let names = kept.take().into_iter().map(Value::string);
            Value::list(names.map(Thunk::done).collect())
        }
    });
    let mut attrs = Attrs::open(Value::unknown("what `evalModules` returns beside `config`"));
    attrs.insert("config", Slot::new(config));
    attrs.insert("_unread", Slot::new(unread));
    attrs.insert(CALL, Slot::done(call));
    attrs.into()
}

/// The merged configuration of some modules, as a thunk since they see it themselves.
/// `unread`: what was not read of the modules around them.
fn config_within(eval: &mut Eval, modules: Vec<Value>, args: Attrs, unread: &Unread) -> Thunk {
    config_with(eval, modules, args, Some(unread.clone()), |_, _| {})
}

/// As [`config_within`], or with no modules around them; `collected` gets what the modules
/// say before it is merged.
fn config_with(
    eval: &mut Eval,
    modules: Vec<Value>,
    mut args: Attrs,
    unread: Option<Unread>,
    collected: impl FnOnce(&mut Eval, &CollectedModules) + 'static,
) -> Thunk {
    let lib = eval.lib();
    args.slots
        .entry("lib".into())
        .or_insert_with(|| Slot::done(lib));
    Thunk::recursive(|config| {
        let config = config.clone();
        move |eval: &mut Eval| {
            args.insert("config", Slot::new(config.clone()));
            args.insert(
                "options",
                Slot::done(Value::unknown("it depends on `options`")),
            );
            let is_whole = unread.is_none();
            let mut collector = Collector::new(args, config, unread.unwrap_or_default());
            for module in modules {
                collector.module(eval, &module);
            }
            let undeclared = collector.undeclared().filter(|_| is_whole);
            let mut all = collector.finish();
            all.unread.undeclared = all.unread.undeclared.or(undeclared);
            collected(eval, &all);
            merge::site(eval, Site::root(all))
        }
    })
}

//! A small module system: enough of `lib.evalModules` for flakes that are written
//! as modules (flake-parts and its kin).
//!
//! Options count only for their defaults and for three kinds of type: sets,
//! submodules and deferred modules. Several definitions of one option are merged as
//! nixpkgs does for sets, lists and modules; a conflict is `Unknown`.

mod collect;
mod definition;
mod host;
mod merge;

use super::Eval;
use super::thunk::Thunk;
use super::value::{Attrs, Slot, Value};

use collect::{CollectedModules, Collector};
use merge::Site;

pub(in crate::flake) use host::{HostModules, InForce};

/// `lib.evalModules { modules = [ … ]; specialArgs = { … }; }`.
pub(in crate::flake) fn eval_modules(eval: &mut Eval, args: &[Thunk]) -> Value {
    let call = eval.force(&args[0]);
    let mut given = Attrs::default();
    if let Value::Attrs(special) = eval.select(&call, "specialArgs") {
        given.slots.extend(special.slots.clone());
    }
    match eval.select(&call, "modules") {
        Value::List(list) => {
            let modules = list.items.iter().map(|item| eval.force(item)).collect();
            evaluate(eval, modules, given)
        }
        other => other,
    }
}

/// Evaluates modules: `{ config, options }` with the merged definitions.
///
/// `args` are passed to every module beside `config`, `options` and `lib`.
fn evaluate(eval: &mut Eval, modules: Vec<Value>, args: Attrs) -> Value {
    let config = config_with(eval, modules, args, |eval, collected| {
        eval.flake_parts.extend(collected.files.iter().cloned());
    });
    let mut attrs = Attrs::open(Value::unknown("part of a module evaluation"));
    attrs.insert("config", Slot::new(config));
    attrs.into()
}

/// The merged configuration of some modules, as a thunk since they see it themselves.
fn config(eval: &mut Eval, modules: Vec<Value>, args: Attrs) -> Thunk {
    config_with(eval, modules, args, |_, _| {})
}

/// As [`config`]; `collected` gets what the modules say before it is merged.
fn config_with(
    eval: &mut Eval,
    modules: Vec<Value>,
    mut args: Attrs,
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
                Slot::done(Value::unknown("the options of a module evaluation")),
            );
            let mut collector = Collector::new(args, config);
            for module in modules {
                collector.module(eval, &module);
            }
            let all = collector.finish();
            collected(eval, &all);
            merge::site(eval, Site::root(all))
        }
    })
}

//! nixpkgs: `lib`, and `nixosSystem`, which all the others come down to.

use std::rc::Rc;

use crate::flake::eval::Eval;
use crate::flake::eval::external::{External, Input, Root};
use crate::flake::eval::operator::update;
use crate::flake::eval::prelude::{EmbeddedNix, embedded};
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{AppliedBuiltin, Attrs, List, NixosSystem, Value};

use super::{Framework, within};

static NIXPKGS: Framework = Framework {
    file: "nixpkgs.nix",
    repos: &[],
    nix: EmbeddedNix::new(|| embedded(include_str!("nixpkgs.nix"))),
};

/// `lib` of nixpkgs, and `nixosSystem` of any input: forks and wrappers keep the name.
pub(super) fn value(eval: &mut Eval, external: &External) -> Option<Value> {
    let path = external.path();
    match (&external.root, path.as_slice()) {
        (Root::Packages, ["lib"]) => Some(eval.lib()),
        (Root::Input(input), ["lib"]) if input.is_nixpkgs() => Some(eval.lib()),
        (Root::Packages, path) => {
            let nixpkgs = eval.framework(&NIXPKGS);
            let packages = eval.select(&nixpkgs, "packages");
            // A set has more in it than these functions.
            within(eval, packages, path)
                .filter(|value| matches!(value, Value::Lambda(_) | Value::Builtin(_)))
        }
        (Root::Input(input), ["legacyPackages", system]) if input.is_nixpkgs() => {
            Some(packages_for(eval, Value::string(*system)))
        }
        (Root::Input(_), [.., "nixosSystem"]) => {
            Some(Value::builtin("nixosSystem", 1, nixos_system))
        }
        _ => None,
    }
}

/// The package set of one system.
fn packages_for(eval: &mut Eval, system: Value) -> Value {
    let nixpkgs = eval.framework(&NIXPKGS);
    let make = eval.select(&nixpkgs, "packagesFor");
    eval.apply(&make, Thunk::done(system))
}

/// `native.isNixpkgs source`.
pub(super) fn is_nixpkgs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let value = eval.force(&args[0]);
    let input = match &value {
        Value::External(external) if external.path.is_empty() => external.input_ref().cloned(),
        Value::Path(path) => eval.input_of_path(path).map(|(input, _)| input),
        _ => None,
    };
    Value::Bool(input.is_some_and(|input| input.is_nixpkgs()))
}

/// `import "${nixpkgs}/flake.nix"`: its outputs are what the input has.
pub(in crate::flake) fn flake_file(input: Rc<Input>) -> Value {
    let outputs = Value::Builtin(Rc::new(AppliedBuiltin {
        name: "outputs",
        arity: 2,
        run: |eval, args| eval.force(&args[0]),
        args: vec![Thunk::done(External::input(input).into())],
    }));
    Attrs::of([("outputs", outputs)]).into()
}

/// `native.system "framework" { modules = [ … ]; … }`.
pub(super) fn system(eval: &mut Eval, args: &[Thunk]) -> Value {
    let maker = match eval.text(&args[0]) {
        Ok(maker) => maker,
        Err(unknown) => return unknown,
    };
    let args = eval.force(&args[1]);
    Value::System(Rc::new(NixosSystem {
        args,
        extra: Vec::new(),
        maker: Some(maker),
    }))
}

/// `nixosSystem { modules = [ … ]; … }`.
pub(in crate::flake) fn nixos_system(eval: &mut Eval, args: &[Thunk]) -> Value {
    let args = eval.force(&args[0]);
    Value::System(Rc::new(NixosSystem {
        args,
        extra: Vec::new(),
        maker: None,
    }))
}

/// The function `system.extendModules`.
pub(in crate::flake) fn extend(system: &Rc<NixosSystem>) -> Value {
    Value::Builtin(Rc::new(AppliedBuiltin {
        name: "extendModules",
        arity: 2,
        run: extended,
        args: vec![Thunk::done(Value::System(system.clone()))],
    }))
}

fn extended(eval: &mut Eval, args: &[Thunk]) -> Value {
    let Value::System(system) = eval.force(&args[0]) else {
        return Value::unknown("a system that is extended");
    };
    let call = eval.force(&args[1]);
    let mut extra = system.extra.clone();
    extra.push(Thunk::call(move |eval| eval.select(&call, "modules")));
    let (args, maker) = (system.args.clone(), system.maker.clone());
    Value::System(Rc::new(NixosSystem { args, extra, maker }))
}

/// `import nixpkgs { overlays = [ … ]; … }`: a package set, with what the overlays
/// of the repository add. Parts of an overlay that cannot be followed are left out.
pub(in crate::flake) fn import_nixpkgs(eval: &mut Eval, args: &[Thunk]) -> Value {
    let call = eval.force(&args[0]);
    let packages = match system_of_packages(eval, &call) {
        Some(system) => packages_for(eval, system),
        None => External::packages().into(),
    };
    match eval.select(&call, "overlays") {
        Value::List(overlays) => with_overlays(eval, packages, overlays),
        _ => packages,
    }
}

/// The system that `import nixpkgs` is asked for.
fn system_of_packages(eval: &mut Eval, call: &Value) -> Option<Value> {
    let named = ["system", "localSystem", "crossSystem"].map(|name| eval.select(call, name));
    let [system, local, cross] = named;
    let system = [cross, local, system]
        .into_iter()
        .find_map(|value| match value {
            Value::Str(_) => Some(value),
            Value::Attrs(_) => Some(eval.select(&value, "system")),
            _ => None,
        });
    system.filter(|system| matches!(system, Value::Str(_)))
}

fn with_overlays(eval: &mut Eval, before: Value, overlays: Rc<List>) -> Value {
    let packages = Thunk::recursive(|packages| {
        let packages = packages.clone();
        move |eval: &mut Eval| {
            let start = match before {
                Value::Attrs(_) => before,
                other => Attrs::open(other).into(),
            };
            overlays.items.iter().fold(start, |before, overlay| {
                let overlay = eval.force(overlay);
                let arguments = [packages.clone(), Thunk::done(before.clone())];
                match eval.apply_all(&overlay, arguments) {
                    Value::Attrs(more) => overlaid(&before, &more),
                    _ => before,
                }
            })
        }
    });
    eval.force(&packages)
}

fn overlaid(before: &Value, more: &Attrs) -> Value {
    let known = Attrs {
        rest: None,
        ..more.clone()
    };
    update(before, &known.into())
}

/// `import "${nixpkgs}/nixos" { configuration = ./configuration.nix; }`.
pub(in crate::flake) fn import_nixos(eval: &mut Eval, args: &[Thunk]) -> Value {
    let call = eval.force(&args[0]);
    let configuration = Thunk::call({
        let call = call.clone();
        move |eval| eval.select(&call, "configuration")
    });
    let modules = Attrs::of([("modules", Value::list(vec![configuration]))]);
    let args = update(&call, &modules.into());
    Value::System(Rc::new(NixosSystem {
        args,
        extra: Vec::new(),
        maker: None,
    }))
}

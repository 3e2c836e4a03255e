//! nixpkgs: `lib`, and `nixosSystem`, which all the others come down to.

use std::rc::Rc;

use crate::flake::eval::Eval;
use crate::flake::eval::external::{External, Root};
use crate::flake::eval::operator::update;
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{AppliedBuiltin, Attrs, NixosSystem, Value};

/// `lib` of nixpkgs, and `nixosSystem` of any input: forks and wrappers keep the name.
pub(super) fn value(eval: &mut Eval, external: &External) -> Option<Value> {
    let path = external.path();
    match (&external.root, path.as_slice()) {
        (Root::Packages, ["lib"]) => Some(eval.lib()),
        (Root::Input(input), ["lib"]) if input.is_nixpkgs() => Some(eval.lib()),
        (Root::Input(input), ["legacyPackages", _]) if input.is_nixpkgs() => {
            Some(External::packages().into())
        }
        (Root::Input(_), [.., "nixosSystem"]) => {
            Some(Value::builtin("nixosSystem", 1, nixos_system))
        }
        _ => None,
    }
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
    let Value::List(overlays) = eval.select(&call, "overlays") else {
        return External::packages().into();
    };
    let packages = Thunk::recursive(|packages| {
        let packages = packages.clone();
        move |eval: &mut Eval| {
            let start = Value::from(Attrs::open(External::packages().into()));
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

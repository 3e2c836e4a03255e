//! The flakes that people build on: nixpkgs and the frameworks, one file each.
//!
//! A framework is a file of Nix that is evaluated in the place of the real input: it
//! gives the hosts that the framework would make of a flake, and their files. It is a
//! function of nixpkgs' `lib` and of `native`, which makes systems and marks what is
//! not known. To add one, write the file and name it in `ALL`.

use crate::flake::eval::external::{External, Input, Root};
use crate::flake::eval::prelude::{EmbeddedNix, embedded};
use crate::flake::eval::thunk::Thunk;
use std::rc::Rc;

use crate::flake::eval::value::{Attrs, Origin, Value};
use crate::flake::eval::{Eval, fetch, files, modules};

mod nixpkgs;

pub(in crate::flake) use nixpkgs::{
    extend, flake_file, import_nixos, import_nixpkgs, nixos_system,
};

/// A framework, and the repositories by which an input is recognised as one.
struct Framework {
    file: &'static str,
    repos: &'static [&'static str],
    nix: EmbeddedNix,
}

macro_rules! frameworks {
    ($($file:literal = [$($repo:literal),+],)+) => {
        [$(Framework {
            file: $file,
            repos: &[$($repo),+],
            nix: EmbeddedNix::new(|| embedded(include_str!($file))),
        }),+]
    };
}

static ALL: [Framework; 18] = frameworks! {
    "adios-flake.nix" = ["mic92/adios-flake"],
    "blueprint.nix" = ["numtide/blueprint"],
    "clan.nix" = ["clan/clan-core"],
    "colmena.nix" = ["zhaofengli/colmena"],
    "den.nix" = ["vic/den"],
    "easy-hosts.nix" = ["tgirlcloud/easy-hosts"],
    "ez-configs.nix" = ["ehllie/ez-configs"],
    "flake-parts.nix" = ["hercules-ci/flake-parts"],
    "flake-utils.nix" = ["numtide/flake-utils"],
    "flake-utils-plus.nix" = ["gytis-ivaskevicius/flake-utils-plus"],
    "flakelight.nix" = ["nix-community/flakelight"],
    "haumea.nix" = ["nix-community/haumea"],
    "import-tree.nix" = ["vic/import-tree"],
    "lib-aggregate.nix" = ["nix-community/lib-aggregate"],
    "lite-config.nix" = ["yelite/lite-config"],
    "nixos-unified.nix" = ["srid/nixos-unified", "srid/nixos-flake"],
    "snowfall.nix" = ["snowfallorg/lib", "snowfall-lib"],
    "sysmodule-flake.nix" = ["applicative-systems/sysmodule-flake"],
};

/// The frameworks' names, as their files are called.
pub(in crate::flake) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|known| known.file.trim_end_matches(".nix"))
}

/// What an external value is, if larder knows it: a function, `lib`, a set.
pub(in crate::flake) fn value(eval: &mut Eval, external: &External) -> Option<Value> {
    let path = external.path();
    match &external.root {
        Root::Outputs => eval.output(&path),
        Root::Input(input) => match path.as_slice() {
            ["inputs", name] => Some(eval.input_within(input, name)),
            ["_type"] => Some(Value::string("flake")),
            _ => of_framework(eval, input, &path).or_else(|| nixpkgs::value(eval, external)),
        },
        _ => nixpkgs::value(eval, external),
    }
}

/// The hive that colmena makes of the output `colmena`.
pub(in crate::flake) fn hive(eval: &mut Eval, nodes: Value) -> Option<Value> {
    let known = ALL.iter().find(|known| known.file == "colmena.nix")?;
    let colmena = eval.framework(known);
    let make = eval.select_path(&colmena, &["lib", "makeHive"]);
    Some(eval.apply(&make, Thunk::done(nodes)))
}

/// The value of `import` of a file of an input, if the framework that it is has one.
pub(in crate::flake) fn file(eval: &mut Eval, input: &Input, path: &str) -> Option<Value> {
    let path = if path.is_empty() { "default.nix" } else { path };
    match systems(input) {
        Some(systems) if path == "default.nix" => Some(systems),
        _ => of_framework(eval, input, &["_files", path]),
    }
}

/// The list that `github:nix-systems/…` is; its name says which.
fn systems(input: &Input) -> Option<Value> {
    let name = input.repo.as_deref()?.strip_prefix("nix-systems/")?;
    let all = [
        "aarch64-darwin",
        "aarch64-linux",
        "x86_64-darwin",
        "x86_64-linux",
    ];
    let kernel = name.strip_prefix("default").unwrap_or(name);
    let of_name = all.into_iter().filter(|system| system.ends_with(kernel));
    let items = of_name.map(|system| Thunk::done(Value::string(system)));
    Some(Value::list(items.collect()))
}

/// True if it is a framework that larder knows.
pub(in crate::flake) fn is_known(input: &Input) -> bool {
    known(input).is_some()
}

fn known(input: &Input) -> Option<&'static Framework> {
    ALL.iter()
        .find(|known| known.repos.iter().any(|repo| input.is(repo)))
}

fn of_framework(eval: &mut Eval, input: &Input, path: &[&str]) -> Option<Value> {
    let known = known(input)?;
    let framework = eval.framework(known);
    within(eval, framework, path)
}

/// What is at a path in a framework; `None` where the framework has it not.
fn within(eval: &mut Eval, framework: Value, path: &[&str]) -> Option<Value> {
    let mut value = framework;
    for name in path {
        match &value {
            Value::Attrs(attrs) if !attrs.slots.contains_key(*name) => return None,
            _ => value = eval.select(&value, name),
        }
    }
    Some(value)
}

impl Eval<'_> {
    fn framework(&mut self, known: &'static Framework) -> Value {
        if let Some(value) = self.frameworks.get(known.file) {
            return value.clone();
        }
        let function = self.embedded(&known.nix);
        let native = Value::builtin_set(&[
            ("system", 2, nixpkgs::system),
            ("unknown", 1, unknown),
            ("absent", 2, absent),
            ("inputsOfFlake", 1, inputs_of_flake),
            ("evalModules", 1, modules::eval_modules),
            ("fetch", 1, fetch),
            ("isNixpkgs", 1, nixpkgs::is_nixpkgs),
        ]);
        let packages = Attrs::of([("packages", External::packages().into())]);
        let native = crate::flake::eval::operator::update(&native, &packages.into());
        let args = Attrs::of([("lib", self.lib()), ("native", native)]);
        let value = self.apply(&function, Thunk::done(args.into()));
        self.frameworks.insert(known.file, value.clone());
        value
    }
}

/// `native.absent set "name"`: an empty set in the place of an attribute that the set, or
/// the first part of it that is written, has not.
fn absent(eval: &mut Eval, args: &[Thunk]) -> Value {
    let set = eval.force(&args[0]);
    let name = match eval.text(&args[1]) {
        Ok(name) => name,
        Err(unknown) => return unknown,
    };
    Attrs {
        origin: written(&set).map(|origin| Rc::new(Origin::Absent(origin, name))),
        ..Attrs::default()
    }
    .into()
}

fn written(value: &Value) -> Option<Rc<Origin>> {
    match value {
        Value::Attrs(attrs) if attrs.parts.is_empty() => attrs.origin.clone(),
        Value::Attrs(attrs) => attrs.parts.iter().find_map(written),
        _ => None,
    }
}

/// `native.inputsOfFlake ./dev`
fn inputs_of_flake(eval: &mut Eval, args: &[Thunk]) -> Value {
    let path = eval.force(&args[0]);
    let dir = match eval.coerce(&path) {
        Ok(path) => files::within(&path),
        Err(unknown) => return unknown,
    };
    match dir {
        Some(dir) => {
            let flake = eval.subflake(&dir, &Attrs::default());
            eval.select(&flake, "inputs")
        }
        None => Attrs::open(Value::unknown("the inputs of another flake")).into(),
    }
}

/// An unknown set with this reason.
fn unknown(eval: &mut Eval, args: &[Thunk]) -> Value {
    match eval.text(&args[0]) {
        Ok(why) => Attrs::open(Value::Unknown(why)).into(),
        Err(unknown) => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn every_framework_is_a_function() {
        for known in &ALL {
            let is_function = matches!(known.nix.expr(), rnix::ast::Expr::Lambda(_));
            assert!(is_function, "{}", known.file);
        }
    }
}

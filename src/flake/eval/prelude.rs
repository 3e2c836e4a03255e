//! nixpkgs' `lib`, as far as flakes use it: a file of Nix that is evaluated in its
//! place, so that it reads as the original does.

use std::sync::LazyLock;

use super::outside::{Input, Outside, Root};
use super::thunk::Thunk;
use super::value::{Attrs, Value};
use super::{Eval, builtins, operator};
use crate::nix::NixFile;

/// A text of Nix that is part of larder, parsed once: a verb that writes evaluates the
/// flake three times.
pub(in crate::flake) type Own = LazyLock<NixFile>;

/// Parses a text of larder's own.
pub(in crate::flake) fn own(text: &'static str) -> NixFile {
    NixFile::parse(text).expect("what is part of larder is Nix")
}

static SOURCE: Own = Own::new(|| own(include_str!("prelude.nix")));

/// The set `lib`; what the prelude lacks is something outside.
pub(in crate::flake) fn lib(eval: &mut Eval) -> Value {
    if let Some(known) = &eval.lib {
        return known.clone();
    }
    let value = evaluated(eval);
    eval.lib = Some(value.clone());
    value
}

fn evaluated(eval: &mut Eval) -> Value {
    let function = eval.own(&SOURCE);
    let native = Attrs::of([("outside", Attrs::open(missing().into()).into())]);
    let native = operator::update(&native.into(), &builtins::native());
    eval.apply(&function, Thunk::done(native))
}

/// The real `lib`, for what the prelude does not have.
fn missing() -> Outside {
    let nixpkgs = Input {
        name: "nixpkgs".into(),
        repo: Some("nixos/nixpkgs".to_owned()),
    };
    Outside {
        root: Root::Input(nixpkgs.into()),
        path: vec!["lib".into()],
    }
}

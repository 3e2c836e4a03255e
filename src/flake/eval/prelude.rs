//! nixpkgs' `lib`, as far as flakes use it: files of Nix that are evaluated in its
//! place, so that they read as the original does.

use std::sync::LazyLock;

use super::external::{External, Input, Root};
use super::thunk::Thunk;
use super::value::{Attrs, Value};
use super::{Eval, builtins, operator};
use crate::nix::NixFile;

/// A text of Nix that is part of larder, parsed once: a verb that writes evaluates the
/// flake three times.
pub(in crate::flake) type EmbeddedNix = LazyLock<NixFile>;

/// Parses a text that is part of larder.
pub(in crate::flake) fn embedded(text: &'static str) -> NixFile {
    NixFile::parse(text).expect("what is part of larder is Nix")
}

static SYSTEMS: EmbeddedNix = EmbeddedNix::new(|| embedded(include_str!("systems.nix")));
static TEXT: EmbeddedNix = EmbeddedNix::new(|| embedded(include_str!("text.nix")));
static SOURCE: EmbeddedNix = EmbeddedNix::new(|| embedded(include_str!("prelude.nix")));

/// The set `lib`; a function that the prelude lacks is external.
pub(in crate::flake) fn lib(eval: &mut Eval) -> Value {
    if let Some(known) = &eval.lib {
        return known.clone();
    }
    let value = evaluated(eval);
    eval.lib = Some(value.clone());
    value
}

fn evaluated(eval: &mut Eval) -> Value {
    let function = eval.embedded(&SOURCE);
    let native = Attrs::of([
        ("external", Attrs::open(missing().into()).into()),
        ("systems", eval.embedded(&SYSTEMS)),
        ("text", eval.embedded(&TEXT)),
    ]);
    let native = operator::update(&native.into(), &builtins::of_lib());
    eval.apply(&function, Thunk::done(native))
}

/// The real `lib`, for what the prelude does not have.
fn missing() -> External {
    let nixpkgs = Input {
        name: "nixpkgs".into(),
        repo: Some("nixos/nixpkgs".to_owned()),
    };
    External {
        root: Root::Input(nixpkgs.into()),
        path: vec!["lib".into()],
    }
}

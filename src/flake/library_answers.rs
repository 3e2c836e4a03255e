//! What the stand-in for nixpkgs' `lib` answers, for a comparison with the real one.

use super::eval::Eval;
use super::eval::thunk::Thunk;
use super::file_reader::NO_FILES;
use super::own_stack::on_own_stack;
use crate::nix::NixFile;

/// The values of expressions in which `lib` is nixpkgs', as JSON; or why one is not known.
#[must_use]
pub fn answers_of_library(expressions: &[String]) -> Vec<Result<String, String>> {
    let answers = || {
        let mut eval = Eval::new(&NO_FILES);
        expressions
            .iter()
            .map(|one| answer(&mut eval, one))
            .collect()
    };
    on_own_stack(answers).unwrap_or_default()
}

fn answer(eval: &mut Eval, expression: &str) -> Result<String, String> {
    eval.refuel();
    let text = format!("lib: builtins.toJSON ({expression})");
    let file = NixFile::parse(text).map_err(|problem| problem.to_string())?;
    let function = eval.embedded(&file);
    let lib = eval.lib();
    let value = eval.apply(&function, Thunk::done(lib));
    let text = eval.coerce(&value);
    text.map(|text| text.to_string())
        .map_err(|unknown| unknown.doubt().to_string())
}

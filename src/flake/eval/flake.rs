//! Calling the flake: its `outputs` with its inputs and with itself.

use super::Eval;
use super::apply::pattern_names;
use super::external::{External, Root};
use super::files;
use super::operator;
use super::thunk::Thunk;
use super::value::{Attrs, Slot, Value};
use crate::repo::RepoPath;

/// What Nix adds to a flake as its `self`.
const OF_SELF: &[&str] = &["lastModified", "lastModifiedDate", "narHash"];

impl Eval<'_> {
    /// The outputs of the flake whose `flake.nix` has this value.
    pub(in crate::flake) fn flake_outputs(&mut self, flake: &Value) -> Value {
        self.declare_inputs(flake);
        let flake = flake.clone();
        let outputs = Thunk::call(move |eval| {
            let function = eval.select(&flake, "outputs");
            let inputs = eval.all_inputs(&function);
            eval.apply(&function, Thunk::done(inputs))
        });
        self.outputs = Some(outputs.clone());
        self.force(&outputs)
    }

    /// The flake in a folder of the repository, as another flake has it for an input.
    /// `given`: what that one gives it for its own inputs.
    pub(in crate::flake) fn subflake(&mut self, dir: &RepoPath, given: &Attrs) -> Value {
        if dir == self.repo.dir() {
            return self.itself();
        }
        let root = Value::string(files::absolute(dir));
        let Some(file) = dir.join("flake.nix").filter(|file| self.is_file(file)) else {
            return Attrs::of([("outPath", root)]).into();
        };
        let flake = self.import(&file);
        let inputs = self.inputs_of(&flake, dir, given);
        let this = Thunk::recursive(|this| {
            let mut arguments = inputs.clone();
            arguments.insert("self", Slot::new(this.clone()));
            let arguments = Thunk::done(arguments.into());
            move |eval: &mut Eval| {
                let function = eval.select(&flake, "outputs");
                let outputs = Thunk::done(eval.apply(&function, arguments));
                let mut of_flake = Attrs::of([
                    ("_type", Value::string("flake")),
                    ("inputs", inputs.into()),
                    ("outPath", root),
                ]);
                of_flake.insert("outputs", Slot::new(outputs.clone()));
                let outputs = eval.force(&outputs);
                operator::update(&outputs, &of_flake.into())
            }
        });
        self.force(&this)
    }

    /// `self.a.b`.
    pub(in crate::flake) fn output(&mut self, path: &[&str]) -> Option<Value> {
        let outputs = self.outputs.clone()?;
        let outputs = self.force(&outputs);
        Some(self.select_path(&outputs, path))
    }

    /// The flake itself, as `self`.
    pub(in crate::flake) fn itself(&mut self) -> Value {
        let root = Value::string(files::absolute(self.repo.dir()));
        let outputs = External {
            root: Root::Outputs,
            path: Vec::new(),
        };
        let mut attrs = Attrs::open(outputs.into());
        attrs.insert("outPath", Slot::done(root.clone()));
        attrs.insert("inputs", Slot::new(Thunk::call(inputs_set)));
        let outputs = Thunk::call(|eval| {
            let outputs = eval.output(&[]);
            outputs.unwrap_or_else(|| Value::unknown("the outputs of the flake"))
        });
        attrs.insert("outputs", Slot::new(outputs));
        attrs.insert("_type", Slot::done(Value::string("flake")));
        attrs.insert(
            "sourceInfo",
            Slot::done(Attrs::of([("outPath", root)]).into()),
        );
        for name in OF_SELF {
            attrs.insert(*name, Slot::done(Value::unknown("a commit of the flake")));
        }
        attrs.into()
    }

    /// The argument of `outputs`: the declared inputs, those that only its pattern
    /// names (the registry has them), and `self`.
    fn all_inputs(&mut self, function: &Value) -> Value {
        if let Value::Lambda(lambda) = function {
            for (name, _) in pattern_names(lambda).unwrap_or_default() {
                if name != "self" {
                    self.input(&name);
                }
            }
        }
        inputs_set(self)
    }
}

/// The inputs and the flake itself, as a set.
fn inputs_set(eval: &mut Eval) -> Value {
    let mut attrs = Attrs::default();
    for name in eval.input_names() {
        let called = name.clone();
        attrs.insert(
            name,
            Slot::new(Thunk::call(move |eval| eval.input(&called))),
        );
    }
    attrs.insert("self", Slot::done(eval.itself()));
    attrs.into()
}

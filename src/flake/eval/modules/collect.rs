//! Collects modules and their imports: the options and the definitions of each.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::apply::pattern_names;
use super::super::files;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, Lambda, Origin, Slot, Value};
use super::super::{Eval, TOO_MUCH};
use super::definition::{OptionDefinition, tagged};
use super::unread::Unread;
use crate::repo::RepoPath;

/// Names that are about the module itself and set nothing.
const STRUCTURE: &[&str] = &[
    "_class",
    "_file",
    "config",
    "disabledModules",
    "freeformType",
    "imports",
    "key",
    "meta",
    "options",
    "require",
];

/// The options and definitions of the modules, one entry a module.
#[derive(Clone, Default)]
pub(super) struct CollectedModules {
    pub(super) config: Vec<OptionDefinition>,
    pub(super) options: Vec<Value>,
    /// The files of the repository that are among the modules.
    pub(super) files: BTreeSet<RepoPath>,
    /// The type of what is defined and declared nowhere.
    pub(super) freeform: Option<Value>,
    /// The modules that were not read.
    pub(super) unread: Unread,
}

/// Walks modules, each file once.
pub(super) struct Collector {
    args: Attrs,
    config: Thunk,
    seen: BTreeSet<RepoPath>,
    /// The names of the options that are declared, and of those that modules set.
    declared: BTreeSet<Rc<str>>,
    defined: BTreeSet<Rc<str>>,
    /// The modules of frameworks, which a flake may import by several names.
    of_frameworks: Vec<Rc<Lambda>>,
    out: CollectedModules,
}

impl Collector {
    /// `unread`: what was not read of the modules around these.
    pub(super) fn new(args: Attrs, config: Thunk, unread: Unread) -> Self {
        Self {
            args,
            config,
            seen: BTreeSet::new(),
            declared: BTreeSet::new(),
            defined: BTreeSet::new(),
            of_frameworks: Vec::new(),
            out: CollectedModules {
                unread,
                ..CollectedModules::default()
            },
        }
    }

    pub(super) fn finish(self) -> CollectedModules {
        self.out
    }

    /// An option that is set, and declared by no module that was read.
    pub(super) fn undeclared(&self) -> Option<Rc<str>> {
        let names = self.defined.iter().filter(|name| &***name != "_module");
        let mut undeclared = names.filter(|name| !self.declared.contains(*name));
        let is_free = self.out.freeform.is_some();
        undeclared.next().filter(|_| !is_free).cloned()
    }

    pub(super) fn module(&mut self, eval: &mut Eval, module: &Value) {
        if !eval.spend(1) {
            self.out.unread.add_own(TOO_MUCH);
            return;
        }
        self.out.files.extend(written_in(module));
        match module {
            Value::Path(path) => self.file(eval, path),
            Value::Str(text) => self.file(eval, &text.text),
            Value::Lambda(lambda) if self.has_framework(lambda) => {}
            value if is_function(value) => {
                let args = self.args_for(module);
                let body = eval.apply(module, Thunk::done(args.into()));
                // Functions of functions are no modules; a level or two is what
                // `importApply` leaves.
                eval_nested(eval, self, &body);
            }
            Value::Attrs(attrs) if !attrs.parts.is_empty() => {
                for part in &attrs.parts {
                    self.module(eval, part);
                }
            }
            Value::List(list) => {
                for item in &list.items {
                    let item = eval.force(item);
                    self.module(eval, &item);
                }
                if let Some(why) = &list.open {
                    self.out.unread.add_own(why.clone());
                }
            }
            Value::Attrs(attrs) => self.set(eval, module, attrs),
            // What an input sets is not what the repository says.
            Value::External(external) => self.out.unread.add_foreign(external.to_string()),
            Value::Unknown(why) => self.out.unread.add_own(why.clone()),
            other => {
                let what = format!("{} among the modules", other.kind());
                self.out.unread.add_own(what);
            }
        }
    }

    /// True if it is a framework's module that was there before; it is from now on.
    fn has_framework(&mut self, module: &Rc<Lambda>) -> bool {
        let is_written = !module.span.file.as_str().is_empty();
        if is_written || self.of_frameworks.iter().any(|one| Rc::ptr_eq(one, module)) {
            return !is_written;
        }
        self.of_frameworks.push(module.clone());
        false
    }

    fn file(&mut self, eval: &mut Eval, path: &str) {
        let Some(file) = files::within(path) else {
            self.out.unread.add_foreign(files::shown_outside(path));
            return;
        };
        let Some(file) = eval.module_file(&file) else {
            self.out.unread.add_own(eval.repo.why_absent(&file));
            return;
        };
        if self.seen.insert(file.clone()) {
            self.out.files.insert(file.clone());
            let module = eval.import(&file);
            self.module(eval, &module);
        }
    }

    /// The arguments of a module: what its pattern names beyond the known ones is
    /// looked up in `_module.args`, when it is used.
    fn args_for(&self, module: &Value) -> Attrs {
        let mut args = self.args.clone();
        args.rest = Some(Value::unknown("what a module is called with"));
        let Value::Lambda(lambda) = module else {
            return args;
        };
        // One that has a default is passed as well: nixpkgs never uses the default.
        for (name, _) in pattern_names(lambda).unwrap_or_default() {
            if args.slots.contains_key(&*name) {
                continue;
            }
            let (config, wanted) = (self.config.clone(), name.clone());
            let value = Thunk::call(move |eval| {
                let config = eval.force(&config);
                match eval.select_path(&config, &["_module", "args", &wanted]) {
                    Value::Unknown(why) => module_argument(&wanted, &why),
                    known => known,
                }
            });
            args.insert(name, Slot::new(value));
        }
        args
    }

    fn set(&mut self, eval: &mut Eval, module: &Value, attrs: &Attrs) {
        if tagged(eval, module).is_some_and(|(tag, _)| matches!(&*tag, "if" | "merge" | "override"))
        {
            self.out
                .config
                .push(OptionDefinition::plain(&Slot::done(module.clone())));
            return;
        }
        if let Some(slot) = attrs.slots.get("imports") {
            let imports = eval.force(&slot.value);
            self.module(eval, &imports);
        }
        if let Some(slot) = attrs.slots.get("options") {
            let options = eval.force(&slot.value);
            if let Value::Attrs(options) = &options {
                self.declared.extend(options.slots.keys().cloned());
            }
            self.out.options.push(options);
        }
        if let Some(slot) = attrs.slots.get("freeformType") {
            let kind = eval.force(&slot.value);
            if matches!(&kind, Value::Attrs(kind) if kind.slots.contains_key("elem")) {
                self.out.freeform = Some(eval.select(&kind, "elem"));
            }
        }
        if let Some(slot) = attrs.slots.get("config") {
            self.out.config.push(OptionDefinition::plain(slot));
        }
        let mut rest = attrs.clone();
        rest.slots.retain(|name, _| !STRUCTURE.contains(&&**name));
        if !rest.slots.is_empty() {
            self.defined.extend(rest.slots.keys().cloned());
            self.out
                .config
                .push(OptionDefinition::plain(&Slot::done(rest.into())));
        }
    }
}

fn module_argument(name: &str, why: &str) -> Value {
    Value::unknown(format!("the module argument `{name}` is not known: {why}"))
}

/// True if it is called with the arguments of a module.
pub(in crate::flake) fn is_function(value: &Value) -> bool {
    match value {
        Value::Lambda(_) | Value::Builtin(_) => true,
        Value::Attrs(attrs) => attrs.slots.contains_key("__functor"),
        _ => false,
    }
}

/// The file in which a module that is a value is written.
fn written_in(module: &Value) -> Option<RepoPath> {
    match module {
        Value::Lambda(lambda) => Some(lambda.span.file.clone()),
        Value::Attrs(attrs) => match attrs.origin.as_deref()? {
            Origin::Set(span) | Origin::Part(span, _) => Some(span.file.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A module body that is a function once more, or a module.
fn eval_nested(eval: &mut Eval, collector: &mut Collector, body: &Value) {
    eval.step(|eval| {
        collector.module(eval, body);
        Value::Null
    });
}

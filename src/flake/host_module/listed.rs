//! The modules that a host is made of, as the flake lists them.

use std::rc::Rc;

use crate::flake::eval::external::{External, Root};
use crate::flake::eval::modules::{is_function, lib_of};
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{Attrs, FileSpan, NixosSystem, Origin, Slot, Value};
use crate::flake::eval::{Eval, files};
use crate::flake::host_module::module_ref::{
    ModuleRef, absent, list_around, written_at, written_in_parts,
};
use crate::repo::RepoPath;

/// A host and the modules that the flake lists for it.
pub(in crate::flake) struct ListedHost {
    pub(in crate::flake) name: String,
    /// The modules, each with how many imports lead to it.
    pub(in crate::flake) modules: Vec<(usize, ListedModule)>,
    pub(in crate::flake) system: Option<Rc<NixosSystem>>,
    /// The list is Nix's own.
    pub(in crate::flake) is_from_nix: bool,
}

impl ListedHost {
    /// True if the list is the host's, and not what is written in its entry.
    pub(in crate::flake) fn is_known(&self) -> bool {
        self.system.is_some() || self.is_from_nix
    }

    /// True if there are no other modules of it.
    pub(super) fn is_known_whole(&self) -> bool {
        let is_open = |module: &ListedModule| matches!(module, ListedModule::Unknown(_));
        self.is_known() && !self.modules.iter().any(|(_, module)| is_open(module))
    }

    /// Why none of its modules is its own for certain.
    pub(super) fn why_none(&self) -> String {
        let modules = self.modules.iter().map(|(_, module)| module);
        let mut unknown = modules.clone().filter_map(|module| match module {
            ListedModule::Unknown(why) => Some(why),
            _ => None,
        });
        let is_inline = |module: &ListedModule| matches!(module, ListedModule::Inline(_));
        match unknown.next() {
            Some(why) => format!("not known: {why}"),
            None if modules.clone().any(is_inline) => {
                "the host is written within the flake".to_owned()
            }
            None => "several modules, none of them the host's entry".to_owned(),
        }
    }
}

/// One module of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flake) enum ListedModule {
    /// A file of the repository, or the module at an attribute path in it.
    File(ModuleRef),
    /// A list of modules that is an attribute of a file.
    List(ModuleRef),
    /// A module written where no attribute path leads.
    Inline(FileSpan),
    /// A module of an input, by its name.
    Foreign(String),
    /// A module that is not known, for this reason.
    Unknown(String),
}

/// How many modules within modules are followed from one host.
const MAX_MODULES: usize = 2_000;

/// How many arguments a module may take one by one.
const MAX_ARGUMENTS: usize = 4;

/// How a module that is a value was written.
enum Written {
    /// As a set or a function.
    Whole(FileSpan),
    /// As dotted bindings: the first one, and how many of its names lie within.
    Part(FileSpan, usize),
    /// Not yet, but there is the set that it would be an attribute of.
    Absent(Rc<Origin>, Rc<str>),
    Nowhere,
}

/// The modules in the order of the flake; those that inline modules import are
/// behind them. Files are not looked into.
pub(in crate::flake) fn modules_of(
    eval: &mut Eval,
    system: &NixosSystem,
) -> Vec<(usize, ListedModule)> {
    let listed = eval.select(&system.args, "modules");
    let mut walk = ModuleWalk::new(eval, system);
    walk.written_lists(&listed);
    walk.list(&listed);
    for extra in &system.extra {
        let value = walk.eval.force(extra);
        walk.module(&value);
    }
    walk.out
}

/// The modules that a file imports, when it is a module of this host.
pub(super) fn imports_of(
    eval: &mut Eval,
    system: &NixosSystem,
    file: &RepoPath,
) -> Vec<(usize, ListedModule)> {
    let mut walk = ModuleWalk::new(eval, system);
    let module = walk.eval.import(file);
    walk.imports(&module);
    walk.out
}

/// The modules that have a place of their own.
pub(super) fn module_refs(modules: &[(usize, ListedModule)]) -> Vec<(usize, ModuleRef)> {
    let mut out: Vec<(usize, ModuleRef)> = Vec::new();
    for (level, module) in modules {
        if let ListedModule::File(module) | ListedModule::List(module) = module
            && !out.iter().any(|(_, known)| known == module)
        {
            out.push((*level, module.clone()));
        }
    }
    out
}

/// The arguments of a NixOS module: what the flake passes, and what only an
/// evaluation of the configuration knows.
pub(in crate::flake) fn module_args(eval: &mut Eval, system: &NixosSystem) -> Value {
    let lib = lib_of(&system.args).unwrap_or_else(|| Slot::done(eval.lib()));
    let modules_path = format!("{}nixpkgs/nixos/modules", files::INPUT);
    let mut args = Attrs::open(Value::unknown(
        "a module argument that the flake does not pass",
    ));
    args.insert("lib", lib);
    for (name, value) in [
        ("pkgs", External::packages().into()),
        ("config", External::word("config").into()),
        ("options", External::word("options").into()),
        ("modulesPath", Value::string(modules_path)),
    ] {
        args.insert(name, Slot::done(value));
    }
    if let Value::Attrs(special) = eval.select(&system.args, "specialArgs") {
        for (name, slot) in &special.slots {
            args.insert(name.clone(), slot.clone());
        }
    }
    args.into()
}

/// A module that is a value from elsewhere; what is not an input's own may be made of
/// the repository's files.
fn external(module: &External) -> ListedModule {
    match module.root {
        Root::Input(_) | Root::Packages => ListedModule::Foreign(module.to_string()),
        Root::Outputs | Root::Word(_) | Root::File(_) => {
            ListedModule::Unknown(format!("`{module}` is not known"))
        }
    }
}

/// Walks the modules of one host.
struct ModuleWalk<'e, 'r> {
    eval: &'e mut Eval<'r>,
    /// What the host's modules are called with.
    args: Value,
    out: Vec<(usize, ListedModule)>,
    /// How many modules that have a place of their own are around this one.
    level: usize,
    left: usize,
}

impl<'e, 'r> ModuleWalk<'e, 'r> {
    fn new(eval: &'e mut Eval<'r>, system: &NixosSystem) -> Self {
        Self {
            args: module_args(eval, system),
            eval,
            out: Vec::new(),
            level: 0,
            left: MAX_MODULES,
        }
    }

    fn list(&mut self, list: &Value) {
        match list {
            Value::List(list) => {
                for item in &list.items {
                    let value = self.eval.force(item);
                    self.module(&value);
                }
                if let Some(why) = &list.open {
                    self.push(ListedModule::Unknown(why.to_string()));
                }
            }
            Value::Unknown(why) => self.push(ListedModule::Unknown(why.to_string())),
            other => self.push(ListedModule::Unknown(other.kind().to_owned())),
        }
    }

    /// The lists, as they are written, of which the host's list is made.
    fn written_lists(&mut self, list: &Value) {
        let Value::List(list) = list else { return };
        for item in &list.items {
            let list = item.written();
            let list = list.and_then(|span| list_around(self.eval, &span));
            if let Some(list) = list.map(ListedModule::List)
                && !self.out.contains(&(self.level, list.clone()))
            {
                self.push(list);
            }
        }
    }

    fn push(&mut self, module: ListedModule) {
        self.out.push((self.level, module));
    }

    fn module(&mut self, value: &Value) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        match value {
            Value::Path(path) => self.path(path),
            Value::Str(text) => self.path(&text.text),
            Value::External(module) => self.push(external(module)),
            Value::Attrs(attrs) if !attrs.parts.is_empty() => {
                for part in &attrs.parts {
                    self.module(part);
                }
            }
            Value::Attrs(attrs) => {
                let written = match attrs.origin.as_deref() {
                    Some(Origin::Set(span)) => Written::Whole(span.clone()),
                    Some(Origin::Part(span, names)) => Written::Part(span.clone(), *names),
                    Some(Origin::Absent(set, name)) => Written::Absent(set.clone(), name.clone()),
                    _ => Written::Nowhere,
                };
                self.inline(written, value);
            }
            // A function of a framework's own is written nowhere in the repository.
            Value::Lambda(lambda) if lambda.span.file.as_str().is_empty() => {
                self.inline(Written::Nowhere, value);
            }
            Value::Lambda(lambda) => self.inline(Written::Whole(lambda.span.clone()), value),
            Value::List(_) => self.list(value),
            Value::Unknown(why) => self.push(ListedModule::Unknown(why.to_string())),
            other => self.push(ListedModule::Unknown(other.kind().to_owned())),
        }
    }

    fn path(&mut self, path: &Rc<str>) {
        let module = match files::within(path) {
            None => ListedModule::Foreign(files::shown_outside(path)),
            Some(file) => match self.eval.module_file(&file) {
                Some(file) => ListedModule::File(ModuleRef::file(file)),
                None => ListedModule::Unknown(self.eval.repo.why_absent(&file)),
            },
        };
        self.push(module);
    }

    fn inline(&mut self, written: Written, value: &Value) {
        let module = match &written {
            Written::Whole(span) => written_at(self.eval, span),
            Written::Part(span, names) => written_in_parts(self.eval, span, *names),
            Written::Absent(set, name) => absent(self.eval, set, name),
            Written::Nowhere => None,
        };
        if module.is_none()
            && let Some(body) = self.written_elsewhere(value)
        {
            return self.module(&body);
        }
        // What a module without a place imports is as if the flake listed it.
        let deeper = usize::from(module.is_some());
        match (module, written) {
            (Some(module), _) => self.push(ListedModule::File(module)),
            (None, Written::Whole(span)) => self.push(ListedModule::Inline(span)),
            (None, _) => {}
        }
        self.level += deeper;
        self.imports(value);
        self.level -= deeper;
    }

    /// What a function gives that only passes its arguments on: a set that is written in
    /// another file.
    fn written_elsewhere(&mut self, function: &Value) -> Option<Value> {
        let Value::Lambda(lambda) = function else {
            return None;
        };
        let body = self.called(function);
        let Value::Attrs(attrs) = &body else {
            return None;
        };
        let is_elsewhere = match attrs.origin.as_deref()? {
            Origin::Set(span) => span.file != lambda.span.file,
            _ => false,
        };
        is_elsewhere.then_some(body)
    }

    /// A module, called with its arguments until it is no function.
    fn called(&mut self, module: &Value) -> Value {
        let mut module = module.clone();
        for _ in 0..MAX_ARGUMENTS {
            if !is_function(&module) {
                break;
            }
            module = self.eval.apply(&module, Thunk::done(self.args.clone()));
        }
        module
    }

    /// The modules that a module imports.
    fn imports(&mut self, module: &Value) {
        let module = self.called(module);
        if let Value::Attrs(attrs) = &module
            && let Some(slot) = attrs.slots.get("imports")
        {
            let imports = self.eval.force(&slot.value);
            self.list(&imports);
        }
    }
}

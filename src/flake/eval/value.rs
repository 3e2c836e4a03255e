//! What an expression of Nix evaluates to, as far as it can be known without
//! Nix, without inputs and without a machine.
//!
//! Two variants are for what is not known. [`Value::External`] comes from an input (a
//! function, a module, a package set): its attribute path is known, its content is not.
//! [`Value::Unknown`] carries the reason in words. A set or a list may be *open*: it may
//! have more names or items than are known.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use rnix::ast;

use super::Eval;
use super::external::External;
use super::scope::Env;
use super::thunk::Thunk;
use crate::repo::RepoPath;

/// A value in weak head normal form; cheap to clone.
#[derive(Clone)]
pub(in crate::flake) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Text),
    /// An absolute path; those of the repository begin with [`super::files::ROOT`].
    Path(Rc<str>),
    List(Rc<List>),
    Attrs(Rc<Attrs>),
    Lambda(Rc<Lambda>),
    Builtin(Rc<AppliedBuiltin>),
    External(Rc<External>),
    /// A NixOS system: what `nixosSystem` was called with.
    System(Rc<NixosSystem>),
    Unknown(Rc<str>),
}

/// Where in the repository a name or a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flake) enum Origin {
    /// `name = value;` in a set: the range of the whole binding.
    Binding(FileSpan),
    /// A string literal.
    Text(FileSpan),
    /// A set literal.
    Set(FileSpan),
    /// A set that is written in dotted bindings (`a.b.c = 1;` for `a.b`): the first of
    /// them, and how many names of its path lie within the set.
    Part(FileSpan, usize),
    /// A set that is not written yet: an attribute of this name of a set that is.
    Absent(Rc<Origin>, Rc<str>),
    /// A file or folder that was found by reading its parent.
    Dir(RepoPath),
    /// The text of a file.
    File(RepoPath),
    /// A key or a text in a TOML or JSON file.
    Data(FileSpan),
}

/// Bytes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flake) struct FileSpan {
    pub(in crate::flake) file: RepoPath,
    pub(in crate::flake) range: Range<usize>,
}

impl FileSpan {
    /// True if the other is within it.
    pub(in crate::flake) fn covers(&self, other: &Self) -> bool {
        self.file == other.file
            && self.range.start <= other.range.start
            && other.range.end <= self.range.end
    }
}

/// A string, and where it was written if it was one literal.
#[derive(Clone)]
pub(in crate::flake) struct Text {
    pub(in crate::flake) text: Rc<str>,
    pub(in crate::flake) origin: Option<Rc<Origin>>,
}

/// A list; `open` is the reason why it may have more items, at unknown indices.
#[derive(Default)]
pub(in crate::flake) struct List {
    pub(in crate::flake) items: Vec<Thunk>,
    pub(in crate::flake) open: Option<Rc<str>>,
}

/// One binding of a set.
#[derive(Clone)]
pub(in crate::flake) struct Slot {
    pub(in crate::flake) value: Thunk,
    pub(in crate::flake) origin: Option<Rc<Origin>>,
}

/// A set. What is not among the `slots` is looked up in `rest`, which is
/// `Unknown`, `External` or a system; a set without `rest` is closed.
#[derive(Clone, Default)]
pub(in crate::flake) struct Attrs {
    pub(in crate::flake) slots: BTreeMap<Rc<str>, Slot>,
    pub(in crate::flake) rest: Option<Value>,
    pub(in crate::flake) origin: Option<Rc<Origin>>,
    /// The definitions that a module system has merged into this set.
    pub(in crate::flake) parts: Vec<Value>,
}

/// A function written in the repository.
pub(in crate::flake) struct Lambda {
    pub(in crate::flake) param: ast::Param,
    pub(in crate::flake) body: ast::Expr,
    pub(in crate::flake) env: Env,
    pub(in crate::flake) span: FileSpan,
}

/// What a builtin does when it has all its arguments.
pub(in crate::flake) type BuiltinFn = fn(&mut Eval, &[Thunk]) -> Value;

/// A function of Nix or of a framework that is written in Rust, with the
/// arguments that it already has.
pub(in crate::flake) struct AppliedBuiltin {
    pub(in crate::flake) name: &'static str,
    pub(in crate::flake) arity: usize,
    pub(in crate::flake) run: BuiltinFn,
    pub(in crate::flake) args: Vec<Thunk>,
}

/// A call of `nixosSystem` or of something that ends in one.
pub(in crate::flake) struct NixosSystem {
    /// The argument of the call.
    pub(in crate::flake) args: Value,
    /// Modules that were added to those of the argument (`extendModules`).
    pub(in crate::flake) extra: Vec<Thunk>,
    /// The framework that made it, if one did.
    pub(in crate::flake) maker: Option<Rc<str>>,
}

impl Value {
    pub(in crate::flake) fn unknown(why: impl Into<Rc<str>>) -> Self {
        Self::Unknown(why.into())
    }

    pub(in crate::flake) fn string(text: impl Into<Rc<str>>) -> Self {
        let text = text.into();
        Self::Str(Text { text, origin: None })
    }

    pub(in crate::flake) fn list(items: Vec<Thunk>) -> Self {
        Self::List(Rc::new(List { items, open: None }))
    }

    pub(in crate::flake) fn builtin(name: &'static str, arity: usize, run: BuiltinFn) -> Self {
        let args = Vec::new();
        Self::Builtin(Rc::new(AppliedBuiltin {
            name,
            arity,
            run,
            args,
        }))
    }

    /// A set of builtins.
    pub(in crate::flake) fn builtin_set(all: &[(&'static str, usize, BuiltinFn)]) -> Self {
        let slots = all
            .iter()
            .map(|&(name, arity, run)| (name, Self::builtin(name, arity, run)));
        Attrs::of(slots).into()
    }

    /// Why what depends on it is not known.
    pub(in crate::flake) fn doubt(&self) -> Rc<str> {
        match self {
            Self::Unknown(why) => why.clone(),
            Self::External(external) => format!("it depends on `{external}`").into(),
            Self::Attrs(attrs) if attrs.rest.is_some() => attrs.why_open().unwrap_or_default(),
            Self::List(list) if list.open.is_some() => list.open.clone().unwrap_or_default(),
            other => format!("it depends on {}", other.kind()).into(),
        }
    }

    /// Its type, in the words of a message.
    pub(in crate::flake) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Str(_) => "a string",
            Self::Path(_) => "a path",
            Self::List(_) => "a list",
            Self::Attrs(_) => "a set",
            Self::Lambda(_) | Self::Builtin(_) => "a function",
            Self::External(_) => "something from an input",
            Self::System(_) => "a NixOS system",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl From<Attrs> for Value {
    fn from(attrs: Attrs) -> Self {
        Self::Attrs(Rc::new(attrs))
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Self::List(Rc::new(list))
    }
}

impl Slot {
    pub(in crate::flake) fn new(value: Thunk) -> Self {
        Self {
            value,
            origin: None,
        }
    }

    pub(in crate::flake) fn done(value: Value) -> Self {
        Self::new(Thunk::done(value))
    }
}

impl Attrs {
    /// A closed set of these values.
    pub(in crate::flake) fn of<'a>(slots: impl IntoIterator<Item = (&'a str, Value)>) -> Self {
        let slots = slots.into_iter();
        Self {
            slots: slots
                .map(|(name, value)| (name.into(), Slot::done(value)))
                .collect(),
            ..Self::default()
        }
    }

    /// A set of which nothing is known.
    pub(in crate::flake) fn open(rest: Value) -> Self {
        Self {
            rest: Some(rest),
            ..Self::default()
        }
    }

    pub(in crate::flake) fn insert(&mut self, name: impl Into<Rc<str>>, slot: Slot) {
        self.slots.insert(name.into(), slot);
    }

    /// `self // other`.
    pub(in crate::flake) fn update(mut self, other: &Self) -> Self {
        self.slots
            .extend(other.slots.iter().map(|(k, v)| (k.clone(), v.clone())));
        self.rest = other.rest.clone().or(self.rest);
        self.origin = None;
        self.parts.clear();
        self
    }

    /// The reason why it may have more names than are known, if it may.
    pub(in crate::flake) fn why_open(&self) -> Option<Rc<str>> {
        match self.rest.as_ref()? {
            Value::Unknown(why) => Some(why.clone()),
            other => Some(other.doubt()),
        }
    }
}

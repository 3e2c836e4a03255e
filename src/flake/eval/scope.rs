//! Lexical scoping: the value of a name at a place of a file.
//!
//! As in Nix, a name bound by `let`, `rec` or a function always wins over one
//! that some `with` brings in, however far out it was bound.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Eval;
use super::thunk::Thunk;
use super::value::Value;
use crate::repo::RepoPath;

/// The innermost frame of a scope, shared by the expressions within it.
pub(in crate::flake) type Env = Rc<Frame>;

/// The names of one `let`, `rec`, function or `with`, and what is around it.
pub(in crate::flake) struct Frame {
    pub(in crate::flake) file: Rc<RepoPath>,
    names: Names,
    up: Option<Env>,
}

enum Names {
    /// Filled after the frame exists, since the values are evaluated in it.
    Fixed(RefCell<HashMap<Rc<str>, Thunk>>),
    With(Thunk),
}

impl Frame {
    /// The outermost frame of a file.
    pub(in crate::flake) fn of_file(file: RepoPath) -> Env {
        let names = Names::Fixed(RefCell::default());
        Rc::new(Self {
            file: Rc::new(file),
            names,
            up: None,
        })
    }

    /// A frame whose names are bound later.
    pub(in crate::flake) fn within(up: &Env) -> Env {
        Self::nested(up, Names::Fixed(RefCell::default()))
    }

    /// The frame of `with namespace;`.
    pub(in crate::flake) fn with(up: &Env, namespace: Thunk) -> Env {
        Self::nested(up, Names::With(namespace))
    }

    fn nested(up: &Env, names: Names) -> Env {
        Rc::new(Self {
            file: up.file.clone(),
            names,
            up: Some(up.clone()),
        })
    }

    pub(in crate::flake) fn bind(&self, name: impl Into<Rc<str>>, value: Thunk) {
        if let Names::Fixed(names) = &self.names {
            names.borrow_mut().insert(name.into(), value);
        }
    }

    /// What a name is bound to by a `let`, an argument or a recursive set.
    pub(super) fn lexical(&self, name: &str) -> Option<Thunk> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Names::Fixed(names) = &here.names
                && let Some(found) = names.borrow().get(name)
            {
                return Some(found.clone());
            }
            scope = here.up.as_deref();
        }
        None
    }

    fn namespaces(&self) -> Vec<Thunk> {
        let mut all = Vec::new();
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Names::With(namespace) = &here.names {
                all.push(namespace.clone());
            }
            scope = here.up.as_deref();
        }
        all
    }
}

/// The value of an identifier.
pub(super) fn lookup(eval: &mut Eval, env: &Env, name: &str) -> Value {
    match binding(eval, env, name) {
        Ok(thunk) => eval.force(&thunk),
        Err(value) => value,
    }
}

/// What an identifier is bound to in the repository; else its value.
pub(in crate::flake) fn binding(eval: &mut Eval, env: &Env, name: &str) -> Result<Thunk, Value> {
    if let Some(thunk) = env.lexical(name) {
        return Ok(thunk);
    }
    if let Some(value) = eval.global(name) {
        return Err(value);
    }
    let mut from_external = None;
    for namespace in env.namespaces() {
        let value = eval.force(&namespace);
        if let Value::Attrs(attrs) = &value
            && let Some(slot) = attrs.slots.get(name)
        {
            return Ok(slot.value.clone());
        }
        match &value {
            Value::Attrs(attrs) if attrs.rest.is_none() => {}
            // A package set may have the name too, but a name that the
            // repository or `lib` binds further out is what is meant.
            Value::Attrs(attrs) if matches!(attrs.rest, Some(Value::External(_))) => {
                from_external.get_or_insert(value);
            }
            Value::External(_) => {
                from_external.get_or_insert(value);
            }
            other => return Err(eval.select(other, name)),
        }
    }
    Err(match from_external {
        Some(external) => eval.select(&external, name),
        None => Value::unknown(format!("`{name}` is not defined")),
    })
}

//! Calling functions.

use std::rc::Rc;

use rnix::ast;
use rowan::ast::AstNode;

use super::Eval;
use super::expr::thunk;
use super::external;
use super::scope::{Env, Frame};
use super::thunk::Thunk;
use super::value::{AppliedBuiltin, Attrs, Lambda, Slot, Value};

impl Eval<'_> {
    /// `function argument`.
    pub(in crate::flake) fn apply(&mut self, function: &Value, argument: Thunk) -> Value {
        self.step(|eval| eval.call(function, argument))
    }

    /// `function a b …`.
    pub(in crate::flake) fn apply_all<const N: usize>(
        &mut self,
        function: &Value,
        arguments: [Thunk; N],
    ) -> Value {
        let start = function.clone();
        arguments
            .into_iter()
            .fold(start, |f, argument| self.apply(&f, argument))
    }

    fn call(&mut self, function: &Value, argument: Thunk) -> Value {
        match function {
            Value::Lambda(lambda) => self.call_lambda(lambda, argument),
            Value::Builtin(builtin) => self.call_builtin(builtin, argument),
            Value::External(external) => external::call(self, external, argument),
            Value::Attrs(attrs) if attrs.slots.contains_key("__functor") => {
                let functor = self.select(function, "__functor");
                let itself = Thunk::done(function.clone());
                self.apply_all(&functor, [itself, argument])
            }
            Value::Attrs(attrs) => match &attrs.rest {
                Some(rest) => self.call(&rest.clone(), argument),
                None => Value::unknown("a set is called as if it were a function"),
            },
            Value::Unknown(_) => function.clone(),
            other => Value::unknown(format!(
                "{} is called as if it were a function",
                other.kind()
            )),
        }
    }

    fn call_builtin(&mut self, builtin: &AppliedBuiltin, argument: Thunk) -> Value {
        let mut args = builtin.args.clone();
        args.push(argument);
        if args.len() == builtin.arity {
            return (builtin.run)(self, &args);
        }
        let &AppliedBuiltin {
            name, arity, run, ..
        } = builtin;
        Value::Builtin(Rc::new(AppliedBuiltin {
            name,
            arity,
            run,
            args,
        }))
    }

    fn call_lambda(&mut self, lambda: &Lambda, argument: Thunk) -> Value {
        let inner = Frame::within(&lambda.env);
        match &lambda.param {
            ast::Param::IdentParam(param) => {
                if let Some(ident) = param.ident() {
                    inner.bind(ident.to_string(), argument);
                }
            }
            ast::Param::Pattern(pattern) => self.bind_pattern(pattern, argument, &inner),
        }
        self.expr(&lambda.body, &inner)
    }

    fn bind_pattern(&mut self, pattern: &ast::Pattern, argument: Thunk, inner: &Env) {
        let value = self.force(&argument);
        for entry in pattern.pat_entries() {
            let Some(ident) = entry.ident() else { continue };
            let name = ident.to_string();
            let bound = self.parameter(&value, &name, entry.default(), inner);
            inner.bind(name, bound);
        }
        if let Some(ident) = pattern.pat_bind().and_then(|bind| bind.ident()) {
            inner.bind(ident.to_string(), argument);
        }
    }

    fn parameter(
        &mut self,
        argument: &Value,
        name: &str,
        default: Option<ast::Expr>,
        inner: &Env,
    ) -> Thunk {
        match (argument, default) {
            (Value::Attrs(attrs), default) => match (attrs.slots.get(name), default) {
                (Some(slot), _) => slot.value.clone(),
                (None, Some(default)) if attrs.rest.is_none() => thunk(default, inner),
                (None, _) => Thunk::done(self.select(argument, name)),
            },
            (other, _) => Thunk::done(self.select(other, name)),
        }
    }
}

/// The names that a function's pattern asks for, with whether each is optional;
/// `None` if it takes its argument whole.
pub(in crate::flake) fn pattern_names(lambda: &Lambda) -> Option<Vec<(String, bool)>> {
    let ast::Param::Pattern(pattern) = &lambda.param else {
        return None;
    };
    let entries = pattern.pat_entries();
    Some(
        entries
            .filter_map(|e| {
                Some((
                    e.ident()?.syntax().text().to_string(),
                    e.default().is_some(),
                ))
            })
            .collect(),
    )
}

/// `builtins.functionArgs`.
pub(super) fn function_args(function: &Value) -> Value {
    match function {
        Value::Lambda(lambda) => {
            let names = pattern_names(lambda).unwrap_or_default();
            let mut attrs = Attrs::default();
            for (name, optional) in names {
                attrs.insert(name, Slot::done(Value::Bool(optional)));
            }
            attrs.into()
        }
        Value::Builtin(_) => Attrs::default().into(),
        other => Value::unknown(format!("the arguments of {}", other.kind())),
    }
}

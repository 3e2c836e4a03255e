//! A value that is computed when somebody first asks for it.

use std::cell::RefCell;
use std::rc::Rc;

use rnix::ast;

use super::Eval;
use super::expr::span;
use super::scope::Env;
use super::value::{FileSpan, Value};

/// A lazy value, shared by all who hold it.
#[derive(Clone)]
pub(in crate::flake) struct Thunk(Rc<RefCell<State>>);

enum State {
    Done(Value),
    Expr(ast::Expr, Env),
    Call(Box<dyn FnOnce(&mut Eval) -> Value>),
    /// Being computed; asked for again now, it depends on itself.
    Busy,
}

impl Thunk {
    pub(in crate::flake) fn done(value: Value) -> Self {
        Self::new(State::Done(value))
    }

    pub(in crate::flake) fn expr(expr: ast::Expr, env: &Env) -> Self {
        Self::new(State::Expr(expr, env.clone()))
    }

    pub(in crate::flake) fn call(run: impl FnOnce(&mut Eval) -> Value + 'static) -> Self {
        Self::new(State::Call(Box::new(run)))
    }

    /// A thunk whose computation may refer to the thunk itself.
    pub(in crate::flake) fn recursive<F>(make: impl FnOnce(&Self) -> F) -> Self
    where
        F: FnOnce(&mut Eval) -> Value + 'static,
    {
        let thunk = Self::new(State::Busy);
        let run = make(&thunk);
        thunk.0.replace(State::Call(Box::new(run)));
        thunk
    }

    /// Where its expression is written; `None` once it was computed.
    pub(in crate::flake) fn written(&self) -> Option<FileSpan> {
        let (expr, env) = self.expression()?;
        Some(span(&expr, &env))
    }

    /// Its expression and the scope of it; `None` once it was computed.
    pub(in crate::flake) fn expression(&self) -> Option<(ast::Expr, Env)> {
        match &*self.0.borrow() {
            State::Expr(expr, env) => Some((expr.clone(), env.clone())),
            _ => None,
        }
    }

    fn new(state: State) -> Self {
        Self(Rc::new(RefCell::new(state)))
    }

    pub(super) fn force(&self, eval: &mut Eval) -> Value {
        let state = self.0.replace(State::Busy);
        let value = match state {
            State::Done(value) => value,
            State::Expr(expr, env) => eval.expr(&expr, &env),
            State::Call(run) => run(eval),
            State::Busy => Value::unknown("it depends on itself"),
        };
        self.0.replace(State::Done(value.clone()));
        value
    }
}

//! Expressions: one arm a construct of the language.

use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use super::builtins::THROWS;
use super::scope::{self, Env, Frame};
use super::thunk::Thunk;
use super::value::{FileSpan, Lambda, List, Origin, Value};
use super::{Eval, attrset, lexical, operator, string};
use crate::nix::is_whole_path;
use std::rc::Rc;

impl Eval<'_> {
    /// Evaluates an expression to weak head normal form.
    pub(in crate::flake) fn expr(&mut self, expr: &ast::Expr, env: &Env) -> Value {
        self.step(|eval| eval.construct(expr, env))
    }

    fn construct(&mut self, expr: &ast::Expr, env: &Env) -> Value {
        match expr {
            ast::Expr::Apply(e) => self.application(e, env),
            ast::Expr::Assert(e) => self.assertion(e, env),
            ast::Expr::AttrSet(e) => attrset::literal(self, e, env),
            ast::Expr::BinOp(e) => operator::binary(self, e, env),
            ast::Expr::HasAttr(e) => attrset::has(self, e, env),
            ast::Expr::Ident(e) => scope::lookup(self, env, &e.syntax().text().to_string()),
            ast::Expr::IfElse(e) => self.conditional(e, env),
            ast::Expr::Lambda(e) => lambda(e, env),
            ast::Expr::LegacyLet(e) => self.legacy_let(e, env),
            ast::Expr::LetIn(e) => self.let_in(e, env),
            ast::Expr::List(e) => list(e, env),
            ast::Expr::Literal(e) => literal(e),
            ast::Expr::Paren(e) => self.body(e.expr(), env),
            path if !is_whole_path(path) => Value::unknown("a path with blanks in it"),
            ast::Expr::PathAbs(e) => string::path(self, &e.parts(), env),
            ast::Expr::PathRel(e) => string::path(self, &e.parts(), env),
            ast::Expr::PathSearch(e) => string::search_path(e),
            ast::Expr::Root(e) => self.body(e.expr(), env),
            ast::Expr::Select(e) => attrset::selection(self, e, env),
            ast::Expr::Str(e) => string::string(self, e, env),
            ast::Expr::UnaryOp(e) => operator::unary(self, e, env),
            ast::Expr::With(e) => self.with(e, env),
            ast::Expr::PathHome(_) => Value::unknown("it is in somebody's home folder"),
            ast::Expr::CurPos(_) | ast::Expr::Error(_) => Value::unknown("it is not evaluated"),
        }
    }

    fn body(&mut self, expr: Option<ast::Expr>, env: &Env) -> Value {
        match expr {
            Some(expr) => self.expr(&expr, env),
            None => Value::unknown("the expression is incomplete"),
        }
    }

    fn application(&mut self, apply: &ast::Apply, env: &Env) -> Value {
        let function = self.body(apply.lambda(), env);
        match apply.argument() {
            Some(argument) => self.apply(&function, thunk(argument, env)),
            None => Value::unknown("the expression is incomplete"),
        }
    }

    fn conditional(&mut self, choice: &ast::IfElse, env: &Env) -> Value {
        match self.body(choice.condition(), env) {
            Value::Bool(true) => self.body(choice.body(), env),
            Value::Bool(false) => self.body(choice.else_body(), env),
            unknown @ (Value::Unknown(_) | Value::External(_)) => match not_thrown(choice) {
                Some(branch) => self.expr(&branch, env),
                None => Value::Unknown(unknown.doubt()),
            },
            other => Value::unknown(format!("`if` of {}", other.kind())),
        }
    }

    /// What is unknown is taken to hold: a flake is there to be evaluated.
    fn assertion(&mut self, e: &ast::Assert, env: &Env) -> Value {
        match self.body(e.condition(), env) {
            Value::Bool(false) => Value::unknown(format!("{THROWS}an assertion does not hold")),
            _ => self.body(e.body(), env),
        }
    }

    fn let_in(&mut self, e: &ast::LetIn, env: &Env) -> Value {
        let inner = self.let_scope(e, env);
        self.body(e.body(), &inner)
    }

    fn legacy_let(&mut self, e: &ast::LegacyLet, env: &Env) -> Value {
        let inner = Frame::within(env);
        let attrs = attrset::bind(self, e.entries(), &inner, env);
        self.select(&attrs.into(), "body")
    }

    fn with(&mut self, e: &ast::With, env: &Env) -> Value {
        match lexical::with_scope(e, env) {
            Some(inner) => self.body(e.body(), &inner),
            None => Value::unknown("the expression is incomplete"),
        }
    }
}

/// A thunk of an expression; literals and functions at once, since they cost
/// nothing.
pub(super) fn thunk(expr: ast::Expr, env: &Env) -> Thunk {
    match &expr {
        ast::Expr::Literal(e) => Thunk::done(literal(e)),
        ast::Expr::Lambda(e) => Thunk::done(lambda(e, env)),
        _ => Thunk::expr(expr, env),
    }
}

/// The bytes of a node.
pub(super) fn span(node: &impl AstNode<Language = rnix::NixLanguage>, env: &Env) -> FileSpan {
    let range = node.syntax().text_range();
    FileSpan {
        file: (*env.file).clone(),
        range: range.start().into()..range.end().into(),
    }
}

/// The place of a node as an origin; none in a text of Nix that is part of larder.
pub(super) fn origin(
    node: &impl AstNode<Language = rnix::NixLanguage>,
    env: &Env,
    of: fn(FileSpan) -> Origin,
) -> Option<Rc<Origin>> {
    let is_embedded = env.file.as_str().is_empty();
    (!is_embedded).then(|| Rc::new(of(span(node, env))))
}

/// The branch of a choice whose other branch throws: a flake is there to be evaluated.
fn not_thrown(choice: &ast::IfElse) -> Option<ast::Expr> {
    let (yes, no) = (choice.body()?, choice.else_body()?);
    match (throws(&yes), throws(&no)) {
        (true, false) => Some(no),
        (false, true) => Some(yes),
        _ => None,
    }
}

fn throws(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Paren(e) => e.expr().is_some_and(|inner| throws(&inner)),
        ast::Expr::Apply(e) => e.lambda().is_some_and(|function| {
            let called = function.syntax().text();
            ["throw", "abort", "builtins.throw", "builtins.abort"]
                .iter()
                .any(|name| called == *name)
        }),
        _ => false,
    }
}

fn lambda(e: &ast::Lambda, env: &Env) -> Value {
    match (e.param(), e.body()) {
        (Some(param), Some(body)) => Value::Lambda(Rc::new(Lambda {
            param,
            body,
            env: env.clone(),
            span: span(e, env),
        })),
        _ => Value::unknown("the function is incomplete"),
    }
}

fn list(e: &ast::List, env: &Env) -> Value {
    let items = e.items().map(|item| thunk(item, env)).collect();
    List { items, open: None }.into()
}

fn literal(e: &ast::Literal) -> Value {
    let text = e.syntax().text().to_string();
    if let Ok(int) = text.parse() {
        return Value::Int(int);
    }
    match text.parse() {
        Ok(float) => Value::Float(float),
        Err(_) => Value::string(text),
    }
}

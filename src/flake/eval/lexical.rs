//! Expressions that are looked at by themselves, outside of any evaluation: what the names
//! around them mean.

use rnix::SyntaxNode;
use rnix::ast::{self, Expr, HasEntry};
use rowan::ast::AstNode;

use super::external::External;
use super::scope::{Env, Frame};
use super::thunk::Thunk;
use super::value::Value;
use super::{Eval, attrset, expr};

impl Eval<'_> {
    /// The scope within a construct that surrounds `inner`, where `env` is the scope around
    /// the construct; `None` if it binds no name there.
    pub(in crate::flake) fn scope_within(
        &mut self,
        outer: &SyntaxNode,
        inner: &SyntaxNode,
        env: &Env,
    ) -> Option<Env> {
        match Expr::cast(outer.clone())? {
            Expr::LetIn(e) => Some(self.let_scope(&e, env)),
            Expr::AttrSet(e) if e.rec_token().is_some() => {
                let scope = Frame::within(env);
                attrset::bind(self, e.entries(), &scope, env);
                Some(scope)
            }
            Expr::Lambda(e) => Some(self.uncalled(&e, env)),
            Expr::With(e) if e.body().is_some_and(|body| body.syntax() == inner) => {
                with_scope(&e, env)
            }
            _ => None,
        }
    }

    /// The scope of a `let`.
    pub(in crate::flake) fn let_scope(&mut self, e: &ast::LetIn, env: &Env) -> Env {
        let scope = Frame::within(env);
        attrset::bind(self, e.entries(), &scope, env);
        scope
    }

    /// The scope of a function that nobody has called: its arguments are not known, but
    /// that modules are called with the machine's `config` and with `lib`.
    fn uncalled(&mut self, lambda: &ast::Lambda, env: &Env) -> Env {
        let scope = Frame::within(env);
        for name in arguments(lambda) {
            let value = match name.as_str() {
                "config" => External::word(CONFIG).into(),
                "lib" => self.lib(),
                _ => Value::unknown(format!("the argument `{name}`")),
            };
            scope.bind(name, Thunk::done(value));
        }
        scope
    }
}

/// The machine's configuration, where no machine is evaluated.
pub(in crate::flake) const CONFIG: &str = "config";

/// The scope of the body of a `with`.
pub(in crate::flake) fn with_scope(e: &ast::With, env: &Env) -> Option<Env> {
    let namespace = expr::thunk(e.namespace()?, env);
    Some(Frame::with(env, namespace))
}

/// The names that a function binds.
fn arguments(lambda: &ast::Lambda) -> Vec<String> {
    let name = |ident: Option<ast::Ident>| ident.map(|ident| ident.to_string());
    match lambda.param() {
        Some(ast::Param::IdentParam(param)) => name(param.ident()).into_iter().collect(),
        Some(ast::Param::Pattern(pattern)) => {
            let whole = name(pattern.pat_bind().and_then(|bind| bind.ident()));
            let each = pattern.pat_entries().filter_map(|one| name(one.ident()));
            whole.into_iter().chain(each).collect()
        }
        None => Vec::new(),
    }
}

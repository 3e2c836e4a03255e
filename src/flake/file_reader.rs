//! What the names in one file mean, as far as the file by itself tells.
//!
//! The evaluator resolves them: `let`, `rec`, `inherit`, `with` and functions mean what they
//! mean to it. What is written out is given back as it is written, with its place, and not
//! as a value: a list has items with conditions, of which no value is known.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use rnix::ast::{self, Expr};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use crate::flake::eval::Eval;
use crate::flake::eval::external::{External, Root};
use crate::flake::eval::lexical::{CONFIG, with_scope};
use crate::flake::eval::scope::{Env, Frame, binding};
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::Value;
use crate::flake::known_value::{KnownValue, known_value};
use crate::flake::own_stack::on_own_stack;
use crate::nix::{range_of, static_name};
use crate::repo::{Repo, RepoPath};

/// Names that stand for names, one after another; people write two or three.
const HOPS: usize = 100;

/// Where the file is taken to be: so deep that no path leads out of the repository.
static PLACE: LazyLock<RepoPath> = LazyLock::new(|| {
    let deep = format!("{}file.nix", "folder/".repeat(30));
    RepoPath::new(&deep).expect("it is inside")
});

/// A repository without any.
pub(super) static NO_FILES: LazyLock<Repo> = LazyLock::new(|| Repo::from_pairs([]));

/// A construct that binds names, and whether it is looked at from where it binds them.
type ScopeKey = (SyntaxKind, Range<usize>, bool);

/// Reads the expressions of one file.
pub struct FileReader {
    /// `None`: nobody has needed it, or may.
    eval: Option<Eval<'static>>,
    /// The scopes within the constructs of the file.
    scopes: HashMap<ScopeKey, Env>,
    was_asked: bool,
}

/// An expression, and what its names mean.
#[derive(Clone)]
pub struct ScopedExpr {
    /// The expression.
    pub expr: Expr,
    /// `None`: what they mean where it is written.
    scope: Option<Env>,
}

/// What an expression stands for.
pub enum Reading {
    /// What is written here, which is no name.
    Written(ScopedExpr),
    /// A value that the evaluator has worked out.
    Value(KnownValue),
    /// The value at this attribute path of another file, which is named relative to this one.
    Imported(String, Vec<String>),
    /// `config.NAMES` of the machine that is evaluated.
    Config(Vec<String>),
    /// The file by itself does not tell.
    Unknown,
}

impl ScopedExpr {
    /// An expression that means what it means where it is written.
    pub fn new(expr: Expr) -> Self {
        Self { expr, scope: None }
    }

    /// A part of it that is in no other scope.
    #[must_use]
    pub fn part(&self, expr: Expr) -> Self {
        Self {
            expr,
            scope: self.scope.clone(),
        }
    }
}

impl FileReader {
    /// A reader that knows no name: it notes that it was asked for one.
    pub fn of_literals() -> Self {
        Self {
            eval: None,
            scopes: HashMap::new(),
            was_asked: false,
        }
    }

    /// True if a name has been asked for that it does not know.
    pub fn was_asked(&self) -> bool {
        self.was_asked
    }

    /// Does some work with a reader that knows names, on a stack that is large enough;
    /// `None` if that fails. The file must be taken apart within `work`.
    pub fn with_names<T: Send>(work: impl FnOnce(&mut Self) -> T + Send) -> Option<T> {
        let read = || {
            work(&mut Self {
                eval: Some(Eval::of_one_file(&NO_FILES)),
                ..Self::of_literals()
            })
        };
        on_own_stack(read).ok()
    }

    /// What an expression stands for: names and selections are followed.
    pub fn meaning(&mut self, expr: &ScopedExpr) -> Reading {
        self.followed(expr.clone(), HOPS)
    }

    /// What an expression comes to.
    pub fn value(&mut self, expr: &ScopedExpr) -> Reading {
        let Some(scope) = self.scope_of(expr) else {
            return Reading::Unknown;
        };
        let value = self.evaluated(&expr.expr, &scope);
        self.reading(&value)
    }

    /// What a name means that is inherited: `inherit a;`, `inherit (from) a;`.
    pub fn inherited(&mut self, inherit: &ast::Inherit, name: &str) -> Reading {
        let from = inherit.from().map(|from| from.expr());
        let set = inherit.syntax().parent();
        match (from, set) {
            (Some(Some(from)), _) => {
                let from = ScopedExpr::new(from);
                let Some(scope) = self.scope_of(&from) else {
                    return Reading::Unknown;
                };
                let value = self.evaluated(&from.expr, &scope);
                self.selected(&value, name, HOPS)
            }
            (None, Some(set)) => match self.scope_at(&set) {
                Some(scope) => self.named(name, &scope, HOPS),
                None => Reading::Unknown,
            },
            _ => Reading::Unknown,
        }
    }

    fn followed(&mut self, scoped: ScopedExpr, hops: usize) -> Reading {
        let Some(hops) = hops.checked_sub(1) else {
            return Reading::Unknown;
        };
        match &scoped.expr {
            Expr::Ident(ident) => match ident.to_string().as_str() {
                "true" => Reading::Value(KnownValue::Bool(true)),
                "false" => Reading::Value(KnownValue::Bool(false)),
                "null" => Reading::Unknown,
                name => match self.scope_of(&scoped) {
                    Some(scope) => self.named(name, &scope, hops),
                    None => Reading::Unknown,
                },
            },
            Expr::Select(select) => self.select(select, &scoped, hops),
            Expr::Apply(apply) if is_import(apply) => self.value(&scoped),
            other => match self.inside(other, &scoped) {
                Some(inner) => self.followed(inner, hops),
                None => Reading::Written(scoped),
            },
        }
    }

    /// The value within what only binds or groups.
    fn inside(&mut self, expr: &Expr, scoped: &ScopedExpr) -> Option<ScopedExpr> {
        match expr {
            Expr::Paren(paren) => Some(scoped.part(paren.expr()?)),
            Expr::Assert(assert) => Some(scoped.part(assert.body()?)),
            Expr::LetIn(let_in) => {
                let scope = scoped.scope.as_ref();
                let scope = scope.and_then(|env| Some(self.eval.as_mut()?.let_scope(let_in, env)));
                let expr = let_in.body()?;
                Some(ScopedExpr { expr, scope })
            }
            Expr::With(with) => {
                let scope = scoped.scope.as_ref();
                let scope = scope.and_then(|env| with_scope(with, env));
                let expr = with.body()?;
                Some(ScopedExpr { expr, scope })
            }
            _ => None,
        }
    }

    fn select(&mut self, select: &ast::Select, scoped: &ScopedExpr, hops: usize) -> Reading {
        let path = select.attrpath();
        let names = path.and_then(|path| fixed_names(&path));
        let (Some(base), Some(names), None) = (select.expr(), names, select.default_expr()) else {
            return self.value(scoped);
        };
        let Some(scope) = self.scope_of(scoped) else {
            return Reading::Unknown;
        };
        let mut value = self.evaluated(&base, &scope);
        let Some((last, around)) = names.split_last() else {
            return Reading::Unknown;
        };
        for name in around {
            value = self.attribute(&value, name);
        }
        self.selected(&value, last, hops)
    }

    /// What an attribute of a value stands for.
    fn selected(&mut self, value: &Value, name: &str, hops: usize) -> Reading {
        let slot = match value {
            Value::Attrs(attrs) => attrs.slots.get(name),
            _ => None,
        };
        if let Some(slot) = slot {
            return self.bound(&slot.value, hops);
        }
        let value = self.attribute(value, name);
        self.reading(&value)
    }

    fn named(&mut self, name: &str, scope: &Env, hops: usize) -> Reading {
        let Some(eval) = &mut self.eval else {
            return Reading::Unknown;
        };
        match binding(eval, scope, name) {
            Ok(thunk) => self.bound(&thunk, hops),
            Err(value) => self.reading(&value),
        }
    }

    fn bound(&mut self, thunk: &Thunk, hops: usize) -> Reading {
        match thunk.expression() {
            Some((expr, scope)) if *scope.file == *PLACE => {
                let scope = Some(scope);
                self.followed(ScopedExpr { expr, scope }, hops)
            }
            _ => {
                let value = self.eval.as_mut().map(|eval| eval.force(thunk));
                value.map_or(Reading::Unknown, |value| self.reading(&value))
            }
        }
    }

    fn evaluated(&mut self, expr: &Expr, scope: &Env) -> Value {
        match &mut self.eval {
            Some(eval) => eval.expr(expr, scope),
            None => Value::unknown("names are not asked for"),
        }
    }

    fn attribute(&mut self, value: &Value, name: &str) -> Value {
        match &mut self.eval {
            Some(eval) => eval.select(value, name),
            None => Value::unknown("names are not asked for"),
        }
    }

    fn reading(&mut self, value: &Value) -> Reading {
        if let Value::External(external) = value {
            return of_external(external);
        }
        let known = self.eval.as_mut();
        let known = known.map(|eval| known_value(eval, &PLACE, value));
        match known {
            None | Some(KnownValue::Unknown) => Reading::Unknown,
            Some(known) => Reading::Value(known),
        }
    }

    fn scope_of(&mut self, scoped: &ScopedExpr) -> Option<Env> {
        match &scoped.scope {
            Some(scope) => Some(scope.clone()),
            None => self.scope_at(scoped.expr.syntax()),
        }
    }

    /// The scope around a node of the file; those of the constructs around it are made once.
    fn scope_at(&mut self, node: &SyntaxNode) -> Option<Env> {
        self.was_asked = true;
        let eval = self.eval.as_mut()?;
        let mut missing = Vec::new();
        let mut scope = None;
        let mut inner = node.clone();
        while let Some(outer) = inner.parent() {
            scope = self.scopes.get(&scope_key(&outer, &inner)).cloned();
            if scope.is_some() {
                break;
            }
            missing.push((outer.clone(), inner));
            inner = outer;
        }
        let mut scope = scope.unwrap_or_else(|| Frame::of_file(PLACE.clone()));
        for (outer, inner) in missing.into_iter().rev() {
            if let Some(within) = eval.scope_within(&outer, &inner, &scope) {
                self.scopes
                    .insert(scope_key(&outer, &inner), within.clone());
                scope = within;
            }
        }
        Some(scope)
    }
}

/// Of a `with`, only the body is in its scope.
fn scope_key(outer: &SyntaxNode, inner: &SyntaxNode) -> ScopeKey {
    let body = ast::With::cast(outer.clone()).map(|with| with.body());
    let binds = body.is_none_or(|body| body.is_some_and(|body| body.syntax() == inner));
    (outer.kind(), range_of(outer), binds)
}

/// The names of a path; `None` if one is computed.
pub fn fixed_names(path: &ast::Attrpath) -> Option<Vec<String>> {
    path.attrs().map(|attr| static_name(&attr)).collect()
}

/// `import FILE`, also with arguments behind it.
fn is_import(apply: &ast::Apply) -> bool {
    match apply.lambda() {
        Some(Expr::Apply(inner)) => is_import(&inner),
        Some(Expr::Ident(name)) => name.to_string() == "import",
        Some(Expr::Select(select)) => {
            let path = select.attrpath().and_then(|path| fixed_names(&path));
            path.is_some_and(|path| path == ["import"])
        }
        _ => false,
    }
}

fn of_external(external: &External) -> Reading {
    let names = || external.path.iter().map(ToString::to_string).collect();
    match &external.root {
        Root::File(file) => Reading::Imported(file.relative_to(&PLACE.parent()), names()),
        Root::Word(CONFIG) => Reading::Config(names()),
        _ => Reading::Unknown,
    }
}

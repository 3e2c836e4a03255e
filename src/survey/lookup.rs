//! What a name means in its file: a small static lookup, not an evaluator.
//!
//! It follows `let`, `rec`, `inherit`, `with`, selections and `import ./file`,
//! and says "unknown" for everything else. It takes a bounded number of steps,
//! because names can chase each other for ever.

use std::cell::Cell;

use rnix::SyntaxNode;
use rnix::ast::{self, Expr, HasEntry};
use rowan::ast::AstNode;

use crate::nix::{static_name, static_string};
use crate::survey::value::{Elsewhere, How};

/// Steps for one question; people's files need fewer than ten.
const STEPS: u32 = 300;

/// What an expression stands for.
pub(super) enum Meaning {
    /// This expression of the same file.
    Here(Expr),
    /// Something that another file says.
    Elsewhere(Elsewhere),
    /// `config.NAMES` of the machine that is evaluated.
    Config(Vec<String>),
    /// Cannot be known without evaluation.
    Unknown,
}

/// What a set of bindings says of a name.
enum Binding {
    Found(Meaning),
    Absent,
}

/// One question to a file.
pub(super) struct Lookup {
    left: Cell<u32>,
}

impl Lookup {
    pub(super) fn new() -> Self {
        Self {
            left: Cell::new(STEPS),
        }
    }

    /// What an expression stands for, names and selections followed.
    pub(super) fn meaning(&self, expr: &Expr) -> Meaning {
        if !self.step() {
            return Meaning::Unknown;
        }
        match expr {
            Expr::Paren(paren) => self.of(paren.expr()),
            Expr::LetIn(let_in) => self.of(let_in.body()),
            Expr::With(with) => self.of(with.body()),
            Expr::Assert(assert) => self.of(assert.body()),
            Expr::Ident(ident) => match ident.to_string().as_str() {
                "true" | "false" | "null" => Meaning::Here(expr.clone()),
                name => self.name(ident.syntax(), &[name.to_owned()]),
            },
            Expr::Select(select) => self.select(select),
            Expr::Apply(apply) => {
                imported(apply).map_or_else(|| Meaning::Here(expr.clone()), Meaning::Elsewhere)
            }
            other => Meaning::Here(other.clone()),
        }
    }

    /// The value at an attribute path below an expression.
    pub(super) fn at(&self, expr: &Expr, names: &[String]) -> Meaning {
        let meaning = self.meaning(expr);
        self.below(meaning, names)
    }

    fn of(&self, expr: Option<Expr>) -> Meaning {
        expr.map_or(Meaning::Unknown, |expr| self.meaning(&expr))
    }

    fn select(&self, select: &ast::Select) -> Meaning {
        let names = select.attrpath().and_then(|path| names_of(&path));
        let (Some(base), Some(names)) = (select.expr(), names) else {
            return Meaning::Unknown;
        };
        match base {
            Expr::Ident(ident) => {
                let all: Vec<_> = std::iter::once(ident.to_string()).chain(names).collect();
                self.name(ident.syntax(), &all)
            }
            base => self.at(&base, &names),
        }
    }

    fn below(&self, meaning: Meaning, names: &[String]) -> Meaning {
        if names.is_empty() {
            return meaning;
        }
        match meaning {
            Meaning::Here(Expr::AttrSet(set)) => found(self.bound(&set, names)),
            Meaning::Here(Expr::Lambda(lambda)) => match lambda.body() {
                // `import ./keys.nix { inherit lib; }`: the arguments change no literal.
                Some(body) => self.at(&body, names),
                None => Meaning::Unknown,
            },
            Meaning::Here(Expr::BinOp(op)) => found(self.updated(&op, names)),
            Meaning::Elsewhere(mut there) if there.how == How::Import => {
                there.names.extend_from_slice(names);
                Meaning::Elsewhere(there)
            }
            Meaning::Config(mut path) => {
                path.extend_from_slice(names);
                Meaning::Config(path)
            }
            _ => Meaning::Unknown,
        }
    }

    /// `a // b`: what `b` says, else what `a` says.
    fn updated(&self, op: &ast::BinOp, names: &[String]) -> Binding {
        if op.operator() != Some(ast::BinOpKind::Update) {
            return Binding::Found(Meaning::Unknown);
        }
        for side in [op.rhs(), op.lhs()] {
            let binding = match self.of(side) {
                Meaning::Here(Expr::AttrSet(set)) => self.bound(&set, names),
                Meaning::Here(Expr::BinOp(op)) => self.updated(&op, names),
                _ => return Binding::Found(Meaning::Unknown),
            };
            if let Binding::Found(meaning) = binding {
                return Binding::Found(meaning);
            }
        }
        Binding::Absent
    }

    /// What the name at `node` means: the innermost `let`, `rec` or argument that
    /// binds it, else the innermost `with` that may.
    fn name(&self, node: &SyntaxNode, names: &[String]) -> Meaning {
        let mut withs = Vec::new();
        let mut from = node.clone();
        for scope in node.ancestors().skip(1) {
            if let Some(meaning) = self.in_scope(&scope, names) {
                return meaning;
            }
            let with = ast::With::cast(scope.clone());
            withs.extend(with.filter(|with| is_body(with, &from)));
            from = scope;
        }
        self.in_withs(&withs, names)
    }

    fn in_scope(&self, scope: &SyntaxNode, names: &[String]) -> Option<Meaning> {
        let binding = match Expr::cast(scope.clone())? {
            Expr::LetIn(let_in) => self.bound(&let_in, names),
            Expr::AttrSet(set) if set.rec_token().is_some() => self.bound(&set, names),
            Expr::Lambda(lambda) => argument(&lambda, names)?,
            _ => return None,
        };
        match binding {
            Binding::Found(meaning) => Some(meaning),
            Binding::Absent => None,
        }
    }

    fn in_withs(&self, withs: &[ast::With], names: &[String]) -> Meaning {
        for with in withs {
            match self.of(with.namespace()) {
                Meaning::Here(Expr::AttrSet(set)) => match self.bound(&set, names) {
                    Binding::Found(meaning) => return meaning,
                    Binding::Absent => {}
                },
                there @ Meaning::Elsewhere(_) => return self.below(there, names),
                _ => return Meaning::Unknown,
            }
        }
        Meaning::Unknown
    }

    /// What the entries of a set or a `let` say at an attribute path.
    fn bound(&self, entries: &impl HasEntry, names: &[String]) -> Binding {
        if !self.step() {
            return Binding::Found(Meaning::Unknown);
        }
        for entry in entries.entries() {
            let binding = match entry {
                ast::Entry::AttrpathValue(one) => self.bound_by_path(&one, names),
                ast::Entry::Inherit(inherit) => self.inherited(&inherit, names),
            };
            if let Binding::Found(meaning) = binding {
                return Binding::Found(meaning);
            }
        }
        Binding::Absent
    }

    fn bound_by_path(&self, one: &ast::AttrpathValue, names: &[String]) -> Binding {
        let Some(path) = one.attrpath().and_then(|path| names_of(&path)) else {
            return Binding::Absent;
        };
        match names.strip_prefix(path.as_slice()) {
            Some(rest) => {
                let meaning = self.of(one.value());
                Binding::Found(self.below(meaning, rest))
            }
            // A set in parts: `keys.a = …; keys.b = …`, asked for as a whole.
            None if path.starts_with(names) => Binding::Found(Meaning::Unknown),
            None => Binding::Absent,
        }
    }

    fn inherited(&self, inherit: &ast::Inherit, names: &[String]) -> Binding {
        let has = |attr: ast::Attr| static_name(&attr).as_ref() == names.first();
        if inherit.attrs().any(has) {
            Binding::Found(self.of_inherit(inherit, names))
        } else {
            Binding::Absent
        }
    }

    /// What a name that is inherited means: `inherit a;`, `inherit (from) a;`.
    pub(super) fn of_inherit(&self, inherit: &ast::Inherit, names: &[String]) -> Meaning {
        let set = inherit.syntax().parent();
        match (inherit.from(), set) {
            (Some(from), _) => match from.expr() {
                Some(expr) => self.at(&expr, names),
                None => Meaning::Unknown,
            },
            (None, Some(set)) => self.name(&set, names),
            (None, None) => Meaning::Unknown,
        }
    }

    fn step(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }
}

fn found(binding: Binding) -> Meaning {
    match binding {
        Binding::Found(meaning) => meaning,
        Binding::Absent => Meaning::Unknown,
    }
}

/// The fixed names of a path; `None` if one is computed.
pub(super) fn names_of(path: &ast::Attrpath) -> Option<Vec<String>> {
    path.attrs().map(|attr| static_name(&attr)).collect()
}

/// What a function's arguments say of a name; `None`: not an argument of it.
fn argument(lambda: &ast::Lambda, names: &[String]) -> Option<Binding> {
    let (first, rest) = names.split_first()?;
    let is_it = |ident: Option<ast::Ident>| ident.is_some_and(|i| i.to_string() == *first);
    let binds = match lambda.param()? {
        ast::Param::IdentParam(param) => is_it(param.ident()),
        ast::Param::Pattern(pattern) => {
            is_it(pattern.pat_bind().and_then(|bind| bind.ident()))
                || pattern.pat_entries().any(|entry| is_it(entry.ident()))
        }
    };
    let meaning = match first.as_str() {
        "config" => Meaning::Config(rest.to_vec()),
        _ => Meaning::Unknown,
    };
    binds.then_some(Binding::Found(meaning))
}

fn is_body(with: &ast::With, node: &SyntaxNode) -> bool {
    with.body().is_some_and(|body| body.syntax() == node)
}

/// `import ./file`, also with arguments behind it.
fn imported(apply: &ast::Apply) -> Option<Elsewhere> {
    match (apply.lambda()?, apply.argument()?) {
        (Expr::Apply(inner), _) => imported(&inner),
        (function, argument) if function_name(&function).as_deref() == Some("import") => {
            Some(Elsewhere {
                file: path_text(&argument)?,
                names: Vec::new(),
                how: How::Import,
            })
        }
        _ => None,
    }
}

/// The last name of a function: `mkForce` of `lib.mkForce`.
pub(super) fn function_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Ident(ident) => Some(ident.to_string()),
        Expr::Select(select) => static_name(&select.attrpath()?.attrs().last()?),
        Expr::Paren(paren) => function_name(&paren.expr()?),
        _ => None,
    }
}

/// A relative Nix path as written, without computed parts.
pub(super) fn path_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::PathRel(path) => {
            let text = path.to_string();
            (!text.contains("${")).then_some(text)
        }
        Expr::Paren(paren) => path_text(&paren.expr()?),
        // `./. + "/a b.nix"`, for what Nix has no other spelling of.
        Expr::BinOp(op) if op.operator() == Some(ast::BinOpKind::Add) => {
            let Expr::Str(tail) = op.rhs()? else {
                return None;
            };
            Some(path_text(&op.lhs()?)? + &static_string(&tail)?)
        }
        _ => None,
    }
}

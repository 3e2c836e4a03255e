//! A file's tree as a flat list of settings.
//!
//! `nix = { settings = { a = 1; }; }`, `nix.settings.a = 1` and
//! `config.nix = lib.mkIf x { settings.a = 1; }` come out as the same option.

use std::ops::Range;

use rnix::ast::{self, Expr, HasEntry};
use rowan::ast::AstNode;

use crate::flake::{FileReader, Reading, ScopedExpr};
use crate::nix::{NixFile, known_name, plain_names, range_of, static_name};
use crate::survey::facts::{Facts, Import, Setting, Strength};
use crate::survey::function_name::function_name;
use crate::survey::import_items::import_items;
use crate::survey::import_target::import_target;
use crate::survey::manner::{Manner, ordering, overriding, written_flag};
use crate::survey::module_path::{COMPUTED, ModulePath};
use crate::survey::options;
use crate::survey::read::{meant, value};
use crate::survey::value::{Item, Value};

/// Sets in sets, deeper than anyone writes.
const DEPTH: usize = 100;

/// What a file says.
pub fn facts(file: &NixFile) -> Facts {
    walked(|| file.expr())
}

/// What the module says that is written at these bytes of a file; `None`: none is.
pub(super) fn facts_of_part(file: &NixFile, module: &Range<usize>) -> Option<Facts> {
    file.expr_at(module)?;
    // The bytes are those of an expression.
    Some(walked(|| {
        file.expr_at(module).unwrap_or_else(|| file.expr())
    }))
}

/// What a module says. Most have no name that matters, and then nobody has to know any.
fn walked(module: impl Fn() -> Expr + Sync) -> Facts {
    let mut literals = FileReader::of_literals();
    let facts = walk(&module(), &mut literals);
    if !literals.was_asked() {
        return facts;
    }
    FileReader::with_names(|names| walk(&module(), names)).unwrap_or(facts)
}

fn walk(module: &Expr, reader: &mut FileReader) -> Facts {
    let mut walk = Walk {
        path: ModulePath::default(),
        depth: 0,
        facts: Facts::default(),
        reader,
    };
    walk.expr(module, Manner::PLAIN);
    walk.facts
}

struct Walk<'r> {
    path: ModulePath,
    depth: usize,
    facts: Facts,
    reader: &'r mut FileReader,
}

impl Walk<'_> {
    fn expr(&mut self, expr: &Expr, manner: Manner) {
        if self.depth > DEPTH {
            self.facts.opaque = true;
            return;
        }
        self.depth += 1;
        self.any(expr, manner);
        self.depth -= 1;
    }

    fn any(&mut self, expr: &Expr, manner: Manner) {
        match expr {
            Expr::AttrSet(set) => {
                if set.entries().next().is_none() && options::has_names(&self.path.0) {
                    self.record(Value::Set(Vec::new()), range_of(set.syntax()), manner);
                }
                self.entries(set, manner);
            }
            Expr::Lambda(lambda) => self.maybe(lambda.body(), manner),
            Expr::Paren(paren) => self.maybe(paren.expr(), manner),
            Expr::With(with) => self.maybe(with.body(), manner),
            Expr::Assert(assert) => self.maybe(assert.body(), manner),
            Expr::LetIn(let_in) => {
                self.bindings(let_in, manner);
                self.maybe(let_in.body(), manner);
            }
            Expr::IfElse(choice) => {
                let manner = manner.only_if(choice.condition().as_ref());
                self.maybe(choice.body(), manner);
                self.maybe(choice.else_body(), manner);
            }
            Expr::BinOp(op) if op.operator() == Some(ast::BinOpKind::Update) => {
                self.maybe(op.lhs(), manner);
                self.maybe(op.rhs(), manner);
            }
            Expr::BinOp(op)
                if op.operator() == Some(ast::BinOpKind::Concat) && self.path.in_modules() =>
            {
                self.maybe(op.lhs(), manner);
                self.maybe(op.rhs(), manner);
            }
            Expr::Apply(apply) => self.apply(apply, manner),
            other => self.leaf(other, manner),
        }
    }

    fn maybe(&mut self, expr: Option<Expr>, manner: Manner) {
        if let Some(expr) = expr {
            self.expr(&expr, manner);
        }
    }

    fn inside(&mut self, name: &str, body: impl FnOnce(&mut Self)) {
        self.path.0.push(name.to_owned());
        body(self);
        self.path.0.pop();
    }

    fn entries(&mut self, set: &impl HasEntry, manner: Manner) {
        for entry in set.entries() {
            match entry {
                ast::Entry::AttrpathValue(one) => self.binding(&one, manner),
                ast::Entry::Inherit(inherit) => self.inherit(&inherit, manner),
            }
        }
    }

    /// What a `let` binds is used who knows where; but what its body inherits stands
    /// there, as in `let flake.modules.… = …; in { inherit flake; }`.
    fn bindings(&mut self, let_in: &ast::LetIn, manner: Manner) {
        let inherited = inherited_names(let_in);
        for entry in let_in.attrpath_values() {
            let path = entry.attrpath();
            let first = path.and_then(|path| static_name(&path.attrs().next()?));
            if first.is_some_and(|first| inherited.contains(&first)) {
                self.binding(&entry, manner);
            } else {
                self.inside("let", |walk| walk.binding(&entry, manner));
            }
        }
        for inherit in let_in.inherits() {
            self.inside("let", |walk| walk.inherit(&inherit, manner));
        }
    }

    fn binding(&mut self, one: &ast::AttrpathValue, manner: Manner) {
        let before = self.path.0.len();
        match plain_names(one) {
            // That is so for most of a file.
            Some(names) if options::leads_nowhere(&self.path.0, &names) => return,
            Some(names) => self.path.0.extend(names.into_iter().map(str::to_owned)),
            None => self.path.0.extend(names(one)),
        }
        self.facts.opaque |= self.path.is_computed();
        if !options::leads_nowhere(&self.path.0, &[]) {
            self.maybe(one.value(), manner);
        }
        self.path.0.truncate(before);
    }

    fn inherit(&mut self, inherit: &ast::Inherit, manner: Manner) {
        for attr in inherit.attrs() {
            let Some(name) = static_name(&attr) else {
                continue;
            };
            self.inside(&name, |walk| {
                walk.facts.opaque |= walk.path.is_part();
                if walk.path.in_option() {
                    let reading = walk.reader.inherited(inherit, &name);
                    walk.inherited(reading, range_of(attr.syntax()), manner);
                }
            });
        }
    }

    fn inherited(&mut self, reading: Reading, place: Range<usize>, manner: Manner) {
        if let Some(set) = written_set(&reading) {
            return self.expr(&set, manner);
        }
        let value = meant(self.reader, reading, &place);
        self.setting(value, place, manner);
    }

    /// Functions that wrap a definition; the arguments of others are looked
    /// through, because modules stand among them.
    fn apply(&mut self, apply: &ast::Apply, manner: Manner) {
        let (Some(function), Some(argument)) = (apply.lambda(), apply.argument()) else {
            return;
        };
        let name = match &function {
            Expr::Apply(inner) => inner.lambda().and_then(|f| function_name(&f)),
            plain => function_name(plain),
        };
        match name.as_deref() {
            Some("mkForce") => self.forced(apply, &argument, manner.with(Strength::Force)),
            Some("mkDefault") => self.expr(&argument, manner.with(Strength::Default)),
            Some("mkOverride") => {
                self.forced(apply, &argument, manner.with(overriding(&function)));
            }
            Some(name @ ("mkBefore" | "mkAfter" | "mkOrder")) => {
                self.expr(&argument, manner.at(ordering(name, &function)));
            }
            Some("mkIf" | "optionalAttrs") => {
                let condition = match &function {
                    Expr::Apply(inner) => inner.argument(),
                    _ => None,
                };
                match condition.as_ref().and_then(written_flag) {
                    Some(true) => self.expr(&argument, manner),
                    Some(false) => {}
                    None => self.expr(&argument, manner.only_if(condition.as_ref())),
                }
            }
            Some("mkMerge") => self.each(&argument, manner),
            _ if self.path.in_option() || self.path.in_imports() => {
                self.leaf(&Expr::Apply(apply.clone()), manner);
            }
            _ => {
                self.expr(&function, manner);
                self.expr(&argument, manner);
            }
        }
    }

    /// A set of entries that takes the place of all others counts as such, also when it is
    /// empty.
    fn forced(&mut self, apply: &ast::Apply, argument: &Expr, manner: Manner) {
        if manner.strength == Strength::Force && options::is_set_of_entries(&self.path.0) {
            let range = range_of(apply.syntax());
            self.record(Value::Set(Vec::new()), range, manner);
        }
        self.expr(argument, manner);
    }

    fn each(&mut self, list: &Expr, manner: Manner) {
        match list {
            Expr::List(list) => list.items().for_each(|item| self.expr(&item, manner)),
            Expr::Paren(paren) => {
                if let Some(inner) = paren.expr() {
                    self.each(&inner, manner);
                }
            }
            other => self.leaf(other, manner),
        }
    }

    fn leaf(&mut self, expr: &Expr, manner: Manner) {
        if self.path.in_imports() {
            return self.imports(expr, manner);
        }
        if self.path.in_option() {
            if !self.named_set(expr, manner) {
                let value = value(self.reader, expr);
                self.setting(value, range_of(expr.syntax()), manner);
            }
            return;
        }
        if let Expr::List(list) = expr {
            if self.path.in_modules() {
                self.modules(list);
            }
            // `modules = [ ./a.nix { … } ]`.
            list.items()
                .filter(|item| !matches!(item, Expr::PathRel(_) | Expr::Ident(_) | Expr::Str(_)))
                .for_each(|item| self.expr(&item, manner));
        } else if self.path.is_root() {
            let is_known = self.named_set(expr, manner);
            self.facts.opaque |= !is_known && self.path.is_part();
        } else {
            self.facts.opaque |= self.path.is_part();
        }
    }

    fn setting(&mut self, value: Value, range: Range<usize>, manner: Manner) {
        let value = match value {
            // A set that has been worked out, and is written nowhere.
            Value::Set(entries) if manner.condition.is_none() && entries.iter().all(is_whole) => {
                for (name, item) in entries {
                    self.inside(&name, |walk| {
                        walk.setting(item.value, range.clone(), manner);
                    });
                }
                return;
            }
            // What is in it can be asked about only as a whole.
            Value::Set(_) => Value::Unknown,
            other => other,
        };
        self.record(value, range, manner);
    }

    fn record(&mut self, value: Value, range: Range<usize>, manner: Manner) {
        let Some((scope, option)) = options::split(&self.path.0) else {
            return;
        };
        self.facts.settings.push(Setting {
            scope: scope.to_vec(),
            option: option.to_vec(),
            value: options::read_file(option, value),
            strength: manner.strength,
            order: manner.order,
            condition: manner.condition.map(|(start, end)| start..end),
            range,
        });
    }

    /// `nix.settings = common;` with `common` bound to a set in the same file.
    fn named_set(&mut self, expr: &Expr, manner: Manner) -> bool {
        if !matches!(expr, Expr::Ident(_) | Expr::Select(_)) {
            return false;
        }
        let scoped = ScopedExpr::new(expr.clone());
        let set = written_set(&self.reader.meaning(&scoped));
        if let Some(set) = &set {
            self.expr(set, manner);
        }
        set.is_some()
    }

    /// The files in `nixosHosts.pai.modules = [ ./a.nix { … } ]`.
    fn modules(&mut self, list: &ast::List) {
        for item in list.items() {
            if !matches!(item, Expr::AttrSet(_) | Expr::Lambda(_)) {
                self.facts.imports.push(Import {
                    scope: self.path.0.clone(),
                    target: import_target(&item),
                    conditional: false,
                    range: range_of(item.syntax()),
                });
            }
        }
    }

    fn imports(&mut self, expr: &Expr, manner: Manner) {
        let is_conditional = manner.condition.is_some();
        for item in import_items(expr, is_conditional) {
            if !matches!(item.expr, Expr::AttrSet(_) | Expr::Lambda(_)) {
                self.push_import(&item.expr, item.is_conditional);
            } else if item.is_conditional && !is_conditional {
                // The condition is somewhere in how the list is put together.
                self.expr(&item.expr, manner.only_if(Some(expr)));
            } else {
                self.expr(&item.expr, manner);
            }
        }
    }

    fn push_import(&mut self, expr: &Expr, conditional: bool) {
        let scope = self.path.0[..self.path.0.len() - 1].to_vec();
        self.facts.imports.push(Import {
            scope,
            target: import_target(expr),
            conditional,
            range: range_of(expr.syntax()),
        });
    }
}

fn is_whole((_, item): &(String, Item)) -> bool {
    item.value.is_whole()
}

/// The set that is written where a name leads.
fn written_set(reading: &Reading) -> Option<Expr> {
    match reading {
        Reading::Written(scoped) if matches!(scoped.expr, Expr::AttrSet(_)) => {
            Some(scoped.expr.clone())
        }
        _ => None,
    }
}

/// The names that a binding defines, whatever they are written as.
fn names(one: &ast::AttrpathValue) -> Vec<String> {
    let attrs = one.attrpath().into_iter().flat_map(|path| path.attrs());
    let name = |attr| known_name(&attr).unwrap_or_else(|| COMPUTED.to_owned());
    attrs.map(name).collect()
}

/// The names that the set behind a `let` inherits from around it.
fn inherited_names(let_in: &ast::LetIn) -> Vec<String> {
    let Some(Expr::AttrSet(set)) = let_in.body() else {
        return Vec::new();
    };
    let plain = set.inherits().filter(|inherit| inherit.from().is_none());
    let attrs = plain.flat_map(|inherit| inherit.attrs().collect::<Vec<_>>());
    attrs.filter_map(|attr| static_name(&attr)).collect()
}

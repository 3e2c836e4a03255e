//! The modules that a host is made of, as the flake lists them.

use std::rc::Rc;

use rnix::SyntaxNode;
use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use crate::flake::eval::outside::Outside;
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{Attrs, Origin, Slot, Span, System, Value};
use crate::flake::eval::{Eval, files};
use crate::nix::{AttrPath, static_name};
use crate::repo::RepoPath;

/// One module of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    /// A file of the repository, or the module at an attribute path in it.
    File(Place),
    /// A list of modules that is an attribute of a file.
    List(Place),
    /// A module written where no attribute path leads.
    Inline(Span),
    /// A module of an input.
    Foreign,
    /// It cannot be told.
    Unknown(String),
}

/// Where a module is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: RepoPath,
    /// The attribute path within the file, if the file is more than the module.
    pub(super) within: Option<String>,
    /// At that attribute path is a list of modules, of which this is an item.
    pub(super) in_list: bool,
}

impl Place {
    /// A file that is a module.
    pub(super) fn file(file: RepoPath) -> Self {
        Self {
            file,
            within: None,
            in_list: false,
        }
    }
}

/// Modules within modules that are followed from one host.
const MOST: usize = 2_000;

/// How a module that is a value was written.
enum Written {
    /// As a set or a function.
    Whole(Span),
    /// As dotted bindings: the first one, and how many of its names lie within.
    Part(Span, usize),
    Nowhere,
}

/// Walks the modules of one host.
pub(super) struct Walk<'e, 'r> {
    eval: &'e mut Eval<'r>,
    /// What the host's modules are called with.
    args: Value,
    out: Vec<(usize, Member)>,
    /// How many modules of their own are around what is looked at.
    level: usize,
    left: usize,
}

/// The modules in the order of the flake; those that inline modules import stand
/// behind them. Files are not looked into.
pub(super) fn members(eval: &mut Eval, system: &System) -> Vec<(usize, Member)> {
    let args = module_args(eval, system);
    let listed = eval.select(&system.args, "modules");
    let mut walk = Walk {
        eval,
        args,
        out: Vec::new(),
        level: 0,
        left: MOST,
    };
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
    system: &System,
    file: &RepoPath,
) -> Vec<(usize, Member)> {
    let args = module_args(eval, system);
    let module = eval.import(file);
    let mut walk = Walk {
        eval,
        args,
        out: Vec::new(),
        level: 0,
        left: MOST,
    };
    walk.imports(&module);
    walk.out
}

/// The arguments of a NixOS module: what the flake passes, and what only an
/// evaluation of the configuration knows.
fn module_args(eval: &mut Eval, system: &System) -> Value {
    let lib = eval.lib();
    let mut args = Attrs::open(Value::unknown("a module argument"));
    for (name, value) in [
        ("lib", lib),
        ("pkgs", Outside::packages().into()),
        ("config", Outside::word("config").into()),
        ("options", Outside::word("options").into()),
        (
            "modulesPath",
            Value::string(format!("{}nixpkgs/nixos/modules", files::INPUT)),
        ),
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

impl Walk<'_, '_> {
    fn list(&mut self, list: &Value) {
        match list {
            Value::List(list) => {
                for item in &list.items {
                    let value = self.eval.force(item);
                    self.module(&value);
                }
                if let Some(why) = &list.open {
                    self.push(Member::Unknown(why.to_string()));
                }
            }
            Value::Unknown(why) => self.push(Member::Unknown(why.to_string())),
            other => self.push(Member::Unknown(other.kind().to_owned())),
        }
    }

    /// The lists, as they are written, of which the host's list is made.
    fn written_lists(&mut self, list: &Value) {
        let Value::List(list) = list else { return };
        for item in &list.items {
            let place = item.written().and_then(|span| self.eval.list_of(&span));
            if let Some(list) = place.map(Member::List)
                && !self.out.contains(&(self.level, list.clone()))
            {
                self.push(list);
            }
        }
    }

    fn push(&mut self, member: Member) {
        self.out.push((self.level, member));
    }

    fn module(&mut self, value: &Value) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        match value {
            Value::Path(path) => self.path(path),
            Value::Str(text) => self.path(&text.text),
            Value::Outside(_) => self.push(Member::Foreign),
            Value::Attrs(attrs) if !attrs.parts.is_empty() => {
                for part in &attrs.parts {
                    self.module(part);
                }
            }
            Value::Attrs(attrs) => {
                let place = match attrs.origin.as_deref() {
                    Some(Origin::Set(span)) => Written::Whole(span.clone()),
                    Some(Origin::Part(span, names)) => Written::Part(span.clone(), *names),
                    _ => Written::Nowhere,
                };
                self.inline(place, value);
            }
            Value::Lambda(lambda) => self.inline(Written::Whole(lambda.span.clone()), value),
            Value::List(_) => self.list(value),
            Value::Unknown(why) => self.push(Member::Unknown(why.to_string())),
            other => self.push(Member::Unknown(other.kind().to_owned())),
        }
    }

    fn path(&mut self, path: &Rc<str>) {
        let member = match files::within(path) {
            None => Member::Foreign,
            Some(file) => match self.eval.module_file(&file) {
                Some(file) => Member::File(Place {
                    file,
                    within: None,
                    in_list: false,
                }),
                None => Member::Unknown(format!("`{file}` is not among the tracked files")),
            },
        };
        self.push(member);
    }

    fn inline(&mut self, written: Written, value: &Value) {
        let place = match &written {
            Written::Whole(span) => self.eval.place_of(span),
            Written::Part(span, names) => self.eval.place_of_part(span, *names),
            Written::Nowhere => None,
        };
        // What a module without a place imports is as if the flake listed it.
        let deeper = usize::from(place.is_some());
        match (place, written) {
            (Some(place), _) => self.push(Member::File(place)),
            (None, Written::Whole(span)) => self.push(Member::Inline(span)),
            (None, _) => {}
        }
        self.level += deeper;
        self.imports(value);
        self.level -= deeper;
    }

    /// The modules that a module imports.
    fn imports(&mut self, module: &Value) {
        let mut module = module.clone();
        for _ in 0..4 {
            let Value::Lambda(_) = module else { break };
            module = self.eval.apply(&module, Thunk::done(self.args.clone()));
        }
        if let Value::Attrs(attrs) = &module
            && let Some(slot) = attrs.slots.get("imports")
        {
            let imports = self.eval.force(&slot.value);
            self.list(&imports);
        }
    }
}

impl Eval<'_> {
    /// The place of the list in which an item was written, if it is an attribute.
    fn list_of(&mut self, item: &Span) -> Option<Place> {
        let nix = self.repo.nix(&item.file)?.ok()?;
        let list = nix
            .node_at(&item.range)?
            .parent()
            .and_then(ast::List::cast)?;
        let within = Some(attribute_path(list.syntax(), Vec::new())?);
        let file = item.file.clone();
        Some(Place {
            file,
            within,
            in_list: true,
        })
    }

    /// Where a module is that was written at these bytes: the whole file, what is
    /// left of the file when its outer arguments are given, or an attribute of that.
    fn place_of(&mut self, span: &Span) -> Option<Place> {
        let nix = self.repo.nix(&span.file)?.ok()?;
        let body = under_binders(nix.expr(), |expr| covers(expr, span));
        let file = span.file.clone();
        if covers(&body, span) {
            return Some(Place {
                file,
                within: None,
                in_list: false,
            });
        }
        let node = nix.expr_at(&span.range)?;
        let within = Some(attribute_path(node.syntax(), Vec::new())?);
        let mut above = node.syntax().ancestors().skip(1);
        let parent = above.find(|above| !ast::Paren::can_cast(above.kind()));
        let in_list = parent.is_some_and(|above| ast::List::can_cast(above.kind()));
        Some(Place {
            file,
            within,
            in_list,
        })
    }
}

impl Eval<'_> {
    /// Where a module is that dotted bindings make.
    fn place_of_part(&mut self, span: &Span, names: usize) -> Option<Place> {
        let nix = self.repo.nix(&span.file)?.ok()?;
        let node = nix.node_at(&span.range)?;
        let binding = node.ancestors().find_map(ast::AttrpathValue::cast)?;
        let mut own = own_names(&binding)?;
        own.truncate(own.len().checked_sub(names)?);
        let within = attribute_path(binding.syntax(), own)?;
        let file = span.file.clone();
        Some(Place {
            file,
            within: Some(within),
            in_list: false,
        })
    }
}

fn own_names(binding: &ast::AttrpathValue) -> Option<Vec<String>> {
    binding
        .attrpath()?
        .attrs()
        .map(|attr| static_name(&attr))
        .collect()
}

fn covers(expr: &ast::Expr, span: &Span) -> bool {
    let range = expr.syntax().text_range();
    usize::from(range.start()) == span.range.start && usize::from(range.end()) == span.range.end
}

/// Goes through arguments, `let`, `with`, `assert` and parentheses.
fn under_binders(mut expr: ast::Expr, stop: impl Fn(&ast::Expr) -> bool) -> ast::Expr {
    while !stop(&expr) {
        let inner = match &expr {
            ast::Expr::Lambda(e) => e.body(),
            ast::Expr::Paren(e) => e.expr(),
            ast::Expr::LetIn(e) => e.body(),
            ast::Expr::With(e) => e.body(),
            ast::Expr::Assert(e) => e.body(),
            _ => None,
        };
        match inner {
            Some(inner) => expr = inner,
            None => break,
        }
    }
    expr
}

/// The attribute path that leads to `node` from the top of its file; `None` if the
/// way goes through calls or conditions, where it is not the only way. `names` are
/// those below the node.
fn attribute_path(node: &SyntaxNode, mut names: Vec<String>) -> Option<String> {
    let mut below = node.clone();
    for above in node.ancestors().skip(1) {
        if let Some(binding) = ast::AttrpathValue::cast(above.clone()) {
            names.splice(0..0, own_names(&binding)?);
        } else if !passes(&above, &below, names.first()) {
            return None;
        }
        below = above;
    }
    (!names.is_empty()).then(|| AttrPath::new(names).to_string())
}

/// True if what is `below` this node is reached by the names alone. A `let` is
/// passed in its body, or where its body takes the name over by `inherit`.
fn passes(above: &SyntaxNode, below: &SyntaxNode, name: Option<&String>) -> bool {
    match ast::Expr::cast(above.clone()) {
        Some(ast::Expr::LetIn(e)) => {
            let Some(body) = e.body() else { return false };
            let inherits = |set: &ast::AttrSet| {
                let all = set.inherits().filter(|inherit| inherit.from().is_none());
                let mut attrs = all.flat_map(|inherit| inherit.attrs().collect::<Vec<_>>());
                attrs.any(|attr| static_name(&attr).as_ref() == name)
            };
            body.syntax() == below || matches!(&body, ast::Expr::AttrSet(set) if inherits(set))
        }
        // `a ++ b` in a list of modules.
        Some(ast::Expr::BinOp(e)) => e.operator() == Some(ast::BinOpKind::Concat),
        Some(expr) => matches!(
            expr,
            ast::Expr::AttrSet(_)
                | ast::Expr::Paren(_)
                | ast::Expr::Lambda(_)
                | ast::Expr::With(_)
                | ast::Expr::Assert(_)
                | ast::Expr::List(_)
                | ast::Expr::Root(_)
        ),
        None => false,
    }
}

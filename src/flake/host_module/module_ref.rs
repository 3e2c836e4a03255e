//! Where a module is written: a file, or an attribute path in one.

use rnix::SyntaxNode;
use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use crate::flake::eval::Eval;
use crate::flake::eval::value::{FileSpan, Origin};
use crate::nix::{AttrPath, NixFile, Scope, known_name, range_of, static_name};
use crate::repo::RepoPath;

/// Where a module is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::flake) struct ModuleRef {
    pub(in crate::flake) file: RepoPath,
    /// The attribute path within the file, if the file is more than the module.
    pub(in crate::flake) within: Option<String>,
    /// At that attribute path is a list of modules, of which this is an item.
    pub(in crate::flake) in_list: bool,
    /// The list is what a call on the way is given.
    pub(in crate::flake) in_call: bool,
}

impl ModuleRef {
    /// A file that is a module.
    pub(super) fn file(file: RepoPath) -> Self {
        Self {
            file,
            within: None,
            in_list: false,
            in_call: false,
        }
    }

    /// A module at an attribute path of a file.
    fn attribute(file: &RepoPath, within: String) -> Self {
        Self {
            file: file.clone(),
            within: Some(within),
            in_list: false,
            in_call: false,
        }
    }

    /// An item of a list at an attribute path of a file.
    fn item(file: &RepoPath, within: String) -> Self {
        Self {
            in_list: true,
            ..Self::attribute(file, within)
        }
    }
}

/// The list in which an item was written, if it is at an attribute path.
pub(super) fn list_around(eval: &Eval, item: &FileSpan) -> Option<ModuleRef> {
    let nix = eval.repo.nix(&item.file)?.ok()?;
    let list = nix
        .node_at(&item.range)?
        .parent()
        .and_then(ast::List::cast)?;
    if let Some(within) = attribute_path(list.syntax(), Vec::new()) {
        return Some(ModuleRef::item(&item.file, within));
    }
    let within = list_of_call(&nix, list.syntax())?;
    Some(ModuleRef {
        in_call: true,
        ..ModuleRef::item(&item.file, within)
    })
}

/// The path to a list of modules through calls (`pai = nixosSystem { modules = [ … ]; }`):
/// the names that are written around it, where they lead to it and nowhere else.
fn list_of_call(nix: &NixFile, list: &SyntaxNode) -> Option<String> {
    let bindings = list.ancestors().filter_map(ast::AttrpathValue::cast);
    let mut paths: Vec<Vec<String>> = bindings
        .map(|binding| own_names(&binding))
        .collect::<Option<_>>()?;
    paths.reverse();
    let path = AttrPath::new(paths.concat());
    let lists = Scope::lists_of_modules(nix, &path);
    lists.contains(&range_of(list)).then(|| path.to_string())
}

/// The module that was written at these bytes: the whole file, what is left of the file
/// when its outer arguments are given, or an attribute of that.
pub(super) fn written_at(eval: &Eval, span: &FileSpan) -> Option<ModuleRef> {
    let nix = eval.repo.nix(&span.file)?.ok()?;
    let body = under_binders(nix.expr(), |expr| covers(expr, span));
    if covers(&body, span) {
        return Some(ModuleRef::file(span.file.clone()));
    }
    let node = nix.expr_at(&span.range)?;
    let within = attribute_path(node.syntax(), Vec::new())?;
    let mut above = node.syntax().ancestors().skip(1);
    let parent = above.find(|above| !ast::Paren::can_cast(above.kind()));
    let is_item = parent.is_some_and(|above| ast::List::can_cast(above.kind()));
    let module = if is_item {
        ModuleRef::item
    } else {
        ModuleRef::attribute
    };
    Some(module(&span.file, within))
}

/// The module that dotted bindings make: the first of them, and how many names of its
/// path lie within the module.
pub(super) fn written_in_parts(eval: &Eval, first: &FileSpan, names: usize) -> Option<ModuleRef> {
    let nix = eval.repo.nix(&first.file)?.ok()?;
    let node = nix.node_at(&first.range)?;
    let binding = node.ancestors().find_map(ast::AttrpathValue::cast)?;
    let mut own = own_names(&binding)?;
    own.truncate(own.len().checked_sub(names)?);
    let within = attribute_path(binding.syntax(), own)?;
    Some(ModuleRef::attribute(&first.file, within))
}

/// The module that a set would have at this attribute, if the set is at a path itself.
pub(super) fn absent(eval: &Eval, set: &Origin, name: &str) -> Option<ModuleRef> {
    let set = match set {
        Origin::Set(span) => written_at(eval, span),
        Origin::Part(span, names) => written_in_parts(eval, span, *names),
        _ => None,
    }?;
    let within = set.within.as_deref()?.parse::<AttrPath>().ok()?;
    let names = within.names().iter().cloned().chain([name.to_owned()]);
    Some(ModuleRef::attribute(
        &set.file,
        AttrPath::new(names).to_string(),
    ))
}

fn own_names(binding: &ast::AttrpathValue) -> Option<Vec<String>> {
    binding
        .attrpath()?
        .attrs()
        .map(|attr| known_name(&attr))
        .collect()
}

fn covers(expr: &ast::Expr, span: &FileSpan) -> bool {
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

/// True if `below` is reached from this node by the names alone. A `let` is
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

//! Names of attributes that the file itself spells out: `${host}` beside `host = "pai"`.

use rnix::SyntaxNode;
use rnix::ast::{self, HasEntry, InterpolPart};
use rowan::ast::AstNode;

use crate::nix::attr::{static_name, static_string};

/// As [`static_name`], and a name that is bound to a string around it: of
/// `let host = "pai"; in { hosts.${host} = …; }` it is `pai`.
pub fn known_name(attr: &ast::Attr) -> Option<String> {
    static_name(attr).or_else(|| match attr {
        ast::Attr::Ident(_) => None,
        ast::Attr::Str(string) => of_string(string),
        ast::Attr::Dynamic(dynamic) => of_expr(&dynamic.expr()?),
    })
}

/// The names of an attribute path; `None` where one is computed.
pub(in crate::nix) fn known_names(path: &ast::Attrpath) -> Vec<Option<String>> {
    path.attrs().map(|attr| known_name(&attr)).collect()
}

/// What binds a name.
enum Binding {
    /// This expression is its value.
    Value(ast::Expr),
    /// An argument, or what an `inherit` brings.
    Other,
}

fn of_string(string: &ast::Str) -> Option<String> {
    let parts = string.normalized_parts().into_iter();
    parts
        .map(|part| match part {
            InterpolPart::Literal(text) => Some(text),
            InterpolPart::Interpolation(inner) => of_expr(&inner.expr()?),
        })
        .collect()
}

fn of_expr(expr: &ast::Expr) -> Option<String> {
    match expr {
        ast::Expr::Str(string) => of_string(string),
        ast::Expr::Ident(ident) => {
            let name = ident.ident_token()?.text().to_owned();
            let mut around = ident.syntax().ancestors();
            match around.find_map(|node| binding(node, &name))? {
                Binding::Value(ast::Expr::Str(string)) => static_string(&string),
                _ => None,
            }
        }
        ast::Expr::Select(select) => of_select(select),
        _ => None,
    }
}

/// `host.name` beside `host = { name = "pai"; }`.
fn of_select(select: &ast::Select) -> Option<String> {
    let ast::Expr::Ident(ident) = select.expr()? else {
        return None;
    };
    let name = ident.ident_token()?.text().to_owned();
    let mut around = ident.syntax().ancestors();
    let mut value = match around.find_map(|node| binding(node, &name))? {
        Binding::Value(value) => value,
        Binding::Other => return None,
    };
    for attr in select.attrpath()?.attrs() {
        let ast::Expr::AttrSet(set) = value else {
            return None;
        };
        match binding_in(&set, &static_name(&attr)?)? {
            Binding::Value(inner) => value = inner,
            Binding::Other => return None,
        }
    }
    match value {
        ast::Expr::Str(string) => static_string(&string),
        _ => None,
    }
}

/// What this node binds the name to. A `with` never hides what is bound around it.
fn binding(node: SyntaxNode, name: &str) -> Option<Binding> {
    let node = match ast::Lambda::cast(node.clone()) {
        Some(lambda) => return has_argument(&lambda.param()?, name).then_some(Binding::Other),
        None => node,
    };
    if let Some(let_in) = ast::LetIn::cast(node.clone()) {
        return binding_in(&let_in, name);
    }
    let set = ast::AttrSet::cast(node)?;
    set.rec_token().and_then(|_| binding_in(&set, name))
}

fn binding_in(entries: &impl HasEntry, name: &str) -> Option<Binding> {
    let is_it = |attr: &ast::Attr| static_name(attr).as_deref() == Some(name);
    entries.entries().find_map(|entry| match entry {
        ast::Entry::Inherit(inherit) => {
            let mut attrs = inherit.attrs();
            attrs.any(|attr| is_it(&attr)).then_some(Binding::Other)
        }
        ast::Entry::AttrpathValue(binding) => {
            let mut names = binding.attrpath()?.attrs();
            names.next().filter(is_it)?;
            match (names.next(), binding.value()) {
                (None, Some(value)) => Some(Binding::Value(value)),
                _ => Some(Binding::Other),
            }
        }
    })
}

fn has_argument(param: &ast::Param, name: &str) -> bool {
    let is_it = |ident: Option<ast::Ident>| {
        let token = ident.and_then(|ident| ident.ident_token());
        token.is_some_and(|token| token.text() == name)
    };
    match param {
        ast::Param::IdentParam(param) => is_it(param.ident()),
        ast::Param::Pattern(pattern) => {
            let whole = pattern.pat_bind().and_then(|bind| bind.ident());
            is_it(whole) || pattern.pat_entries().any(|entry| is_it(entry.ident()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nix::file::NixFile;

    #[track_caller]
    fn check_first(text: &str, expected: Option<&str>) {
        let file = NixFile::parse(text).unwrap();
        let mut nodes = file.syntax().descendants();
        let path = nodes.find_map(|node| {
            let path = ast::Attrpath::cast(node)?;
            path.to_string().contains("${").then_some(path)
        });
        let first = path.unwrap().attrs().next().unwrap();
        assert_eq!(known_name(&first).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_name_is_known_where_the_file_spells_it_out() {
        check_first(r#"let n = "pai"; in { ${n} = 1; }"#, Some("pai"));
        check_first(
            r#"let n = "pai"; in { l, ... }: { "x/${n}".a = 1; }"#,
            Some("x/pai"),
        );
        check_first(r#"let n = "pai"; in with x; { ${n} = 1; }"#, Some("pai"));
        check_first(r#"rec { n = "pai"; a = { ${n} = 1; }; }"#, Some("pai"));
        check_first(r#"{ n = "pai"; a = { ${n} = 1; }; }"#, None);
        check_first(r#"let n = "pai"; in n: { ${n} = 1; }"#, None);
        check_first(r#"let n = "pai"; in { n, ... }: { ${n} = 1; }"#, None);
        check_first(r#"let n = "pai"; in { x, ... }@n: { ${n} = 1; }"#, None);
        check_first(
            r#"let n = "pai"; in let inherit (x) n; in { ${n} = 1; }"#,
            None,
        );
        check_first(r#"let h = { n = "pai"; }; in { ${h.n} = 1; }"#, Some("pai"));
        check_first(r"let h = { n = x; }; in { ${h.n} = 1; }", None);
        check_first(r#"let h = f { n = "pai"; }; in { ${h.n} = 1; }"#, None);
        check_first(r"{ h, ... }: { ${h.n} = 1; }", None);
        check_first(r#"let n.a = "pai"; in { ${n} = 1; }"#, None);
        check_first(r#"let n = f "pai"; in { ${n} = 1; }"#, None);
    }
}

//! A module as an attribute of a file.

use rnix::ast;

use crate::nix::NixFile;

/// The text of a file that has a module at an attribute path:
/// `{ flake.modules.nixos.thor = MODULE; }`, laid out as nixfmt does.
///
/// `module` is the text of a module that would be a file of its own.
pub fn nested(within: &str, module: &str) -> String {
    let module = module.trim_end();
    if !module.contains('\n') {
        return format!("{{\n  {within} = {module};\n}}\n");
    }
    if is_set(module) {
        return format!(
            "{{\n  {within} = {};\n}}\n",
            moved(module, "  ").trim_start()
        );
    }
    format!("{{\n  {within} =\n{};\n}}\n", moved(module, "    "))
}

/// True for a module without arguments: its brace stays on the line of the name.
fn is_set(module: &str) -> bool {
    let nix = NixFile::parse(module);
    nix.is_ok_and(|nix| matches!(nix.expr(), ast::Expr::AttrSet(_)))
}

fn moved(module: &str, indent: &str) -> String {
    let lines = module.lines().map(|line| match line {
        "" => String::new(),
        _ => format!("{indent}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::nested;

    #[test]
    fn a_module_is_moved_in() {
        assert_eq!(nested("a.b", "{ }\n"), "{\n  a.b = { };\n}\n");
        assert_eq!(
            nested("a.b", "{\n  c = 1;\n\n  d = 2;\n}\n"),
            "{\n  a.b = {\n    c = 1;\n\n    d = 2;\n  };\n}\n"
        );
        assert_eq!(
            nested("a.b", "{ pkgs, ... }:\n\n{\n  c = 1;\n}\n"),
            "{\n  a.b =\n    { pkgs, ... }:\n\n    {\n      c = 1;\n    };\n}\n"
        );
    }
}

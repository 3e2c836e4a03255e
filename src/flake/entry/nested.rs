//! A module as an attribute of a file.

/// The text of a file that has a module at an attribute path:
/// `{ flake.modules.nixos.thor = MODULE; }`, laid out as nixfmt does.
///
/// `module` is the text of a module that would be a file of its own.
pub fn nested(within: &str, module: &str) -> String {
    let module = module.trim_end();
    if !module.contains('\n') {
        return format!("{{\n  {within} = {module};\n}}\n");
    }
    let indented: Vec<String> = module
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("    {line}")
            }
        })
        .collect();
    format!("{{\n  {within} =\n{};\n}}\n", indented.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::nested;

    #[test]
    fn a_module_is_moved_in() {
        assert_eq!(nested("a.b", "{ }\n"), "{\n  a.b = { };\n}\n");
        assert_eq!(
            nested("a.b", "{ pkgs, ... }:\n\n{\n  c = 1;\n}\n"),
            "{\n  a.b =\n    { pkgs, ... }:\n\n    {\n      c = 1;\n    };\n}\n"
        );
    }
}

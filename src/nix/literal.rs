//! Values as Nix source: the only place that quotes.

use std::fmt;

use crate::nix::reindent::reindent;

/// Printed Nix that means exactly one value.
///
/// It can only be made here, where everything is escaped: a hostile name or
/// key stays data wherever a literal is put.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Literal(String);

impl Literal {
    /// `"…"`, whatever the text holds. (Nix strings cannot hold NUL: callers see to that.)
    pub fn string(text: &str) -> Self {
        Self(format!("\"{}\"", escape_string(text)))
    }

    /// `''…''` with a line of the text a line, where that keeps it, else `"…"`: a text whose
    /// lines all begin with a blank would lose them.
    pub fn text(text: &str) -> Self {
        let is_flush = |line: &str| !line.is_empty() && !line.starts_with([' ', '\t']);
        if !text.ends_with('\n') || !text.lines().any(is_flush) {
            return Self::string(text);
        }
        let lines = escape_indented(text);
        let lines = lines.lines().map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("  {line}\n"),
        });
        Self(format!("''\n{}''", lines.collect::<String>()))
    }

    /// A path relative to the file that it is written in: `./x`, `../x`, and
    /// `(./. + "/a b")` where Nix has no spelling for a character.
    pub fn path(relative: &str) -> Self {
        let components: Vec<&str> = relative
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        let ups = components.iter().take_while(|part| **part == "..").count();
        let base = match ups {
            _ if relative.starts_with('/') => String::new(),
            0 => ".".to_owned(),
            _ => vec![".."; ups].join("/"),
        };
        let down = components[ups..].join("/");
        if down.is_empty() {
            return Self(format!("{base}/."));
        }
        if down.chars().all(is_path_char) {
            return Self(format!("{base}/{down}"));
        }
        let tail = Self::string(&format!("/{down}"));
        Self(format!("({base}/. + {tail})"))
    }

    /// `true` or `false`.
    pub fn bool(value: bool) -> Self {
        Self(value.to_string())
    }

    /// A whole number. Nix has no negative literals; parentheses make it safe as an item.
    pub fn int(value: i64) -> Self {
        match value {
            0.. => Self(value.to_string()),
            i64::MIN => Self("(-9223372036854775807 - 1)".to_owned()),
            _ => Self(format!("({value})")),
        }
    }

    /// One item a line, as nixfmt has it; `[ item ]` for a single short one.
    pub fn rows(items: &[Literal]) -> Self {
        match items {
            [] => Self("[ ]".to_owned()),
            [only] if !only.0.contains('\n') => Self(format!("[ {only} ]")),
            _ => Self(format!(
                "[\n{}]",
                indented_lines(items.iter().map(|item| item.0.clone()))
            )),
        }
    }

    /// `{ }`, or one binding a line; the names are quoted where they must be.
    pub fn set<'a>(bindings: impl IntoIterator<Item = (&'a str, Literal)>) -> Self {
        let lines = indented_lines(
            bindings
                .into_iter()
                .map(|(name, value)| format!("{} = {value};", attr_name(name))),
        );
        if lines.is_empty() {
            return Self("{ }".to_owned());
        }
        Self(format!("{{\n{lines}}}"))
    }

    /// What a name of the surrounding Nix stands for, and an attribute of it:
    /// `keys.hosts.pai`. The first name must be an identifier.
    pub fn reference(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| attr_name(name)).collect();
        Self(names.join("."))
    }

    /// A function of `config` that looks an attribute up: null where it is not there.
    pub fn lookup(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| attr_name(name)).collect();
        Self(format!("config: config.{} or null", names.join(".")))
    }

    /// What a function makes of its arguments, `(f a b)`: safe as an item.
    pub fn call(function: &Literal, arguments: &[Literal]) -> Self {
        let mut out = format!("({function}");
        for argument in arguments {
            out.push(' ');
            out.push_str(&argument.0);
        }
        out.push(')');
        Self(out)
    }

    /// The Nix source.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An attribute's name as Nix source, quoted where it is no identifier.
pub fn attr_name(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        Literal::string(name).0
    }
}

fn indented_lines(entries: impl Iterator<Item = String>) -> String {
    let mut lines = String::new();
    for entry in entries {
        lines.push_str("  ");
        lines.push_str(&reindent(&entry, "  ", "\n"));
        lines.push('\n');
    }
    lines
}

/// The text as it stands between `"` and `"`.
pub(in crate::nix) fn escape_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(c),
        }
    }
    out
}

/// The text as it stands between `''` and `''`; a quote at the end needs care by the caller.
pub(in crate::nix) fn escape_indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (escaped, taken) = match c {
            '\'' if rest.starts_with("''") => ("'''", 2),
            '$' if rest.starts_with("${") => ("''${", 2),
            '\t' => ("''\\t", 1),
            '\r' => ("''\\r", 1),
            _ => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        out.push_str(escaped);
        rest = &rest[taken..];
    }
    out
}

fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '.' | '+' | '-')
}

fn is_identifier(name: &str) -> bool {
    const RESERVED: [&str; 11] = [
        "if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or", "__curPos",
    ];
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let goes_on_well = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''));
    starts_well && goes_on_well && !RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_it_was() {
        for text in [
            "a\n\n  b ${c} ''d''\n\te\n",
            "it's '\n",
            "x ''' y\n",
            "  a\n  b\n",
            "no end",
            "\n",
        ] {
            let literal = Literal::text(text);
            let file = crate::nix::NixFile::parse(literal.as_str()).expect("Nix");
            let rnix::ast::Expr::Str(string) = file.expr() else {
                panic!("no string: {literal}");
            };
            let said = crate::nix::attr::static_string(&string);
            assert_eq!(said.as_deref(), Some(text), "{literal}");
        }
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(Literal::string("a\"${b}\\\n").as_str(), r#""a\"\${b}\\\n""#);
        assert_eq!(Literal::string("5$ {").as_str(), r#""5$ {""#);
    }

    #[test]
    fn paths_are_spelt_as_nix_needs_them() {
        for (path, expected) in [
            ("larder/hosts/pai.nix", "./larder/hosts/pai.nix"),
            ("./a.nix", "./a.nix"),
            ("../../larder/hosts/pai.nix", "../../larder/hosts/pai.nix"),
            ("../a b.nix", "(../. + \"/a b.nix\")"),
            ("a[1]/b", "(./. + \"/a[1]/b\")"),
            (".", "./."),
            ("..", "../."),
            ("/etc/nixos", "/etc/nixos"),
        ] {
            assert_eq!(Literal::path(path).as_str(), expected);
        }
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        assert_eq!(attr_name("a-b'"), "a-b'");
        assert_eq!(attr_name("or"), "\"or\"");
        assert_eq!(attr_name("1a"), "\"1a\"");
        assert_eq!(attr_name(""), "\"\"");
    }

    #[test]
    fn sets_and_lists_have_nixfmts_layout() {
        let way = Literal::set([("port", Literal::int(22))]);
        let use_it = Literal::call(
            &Literal::reference(&["import"]),
            &[Literal::path("../use.nix"), way],
        );
        assert_eq!(
            Literal::rows(&[use_it]).as_str(),
            "[\n  (import ../use.nix {\n    port = 22;\n  })\n]"
        );
        assert_eq!(
            Literal::rows(&[Literal::reference(&["keys", "hosts", "1a"])]).as_str(),
            "[ keys.hosts.\"1a\" ]"
        );
        assert_eq!(
            Literal::lookup(&["age", "secrets", "a/b"]).as_str(),
            "config: config.age.secrets.\"a/b\" or null"
        );
        assert_eq!(Literal::rows(&[]).as_str(), "[ ]");
        assert_eq!(Literal::set([]).as_str(), "{ }");
    }
}

//! Attribute paths as the names they mean.

use std::fmt;
use std::str::FromStr;

use rnix::ast::{self, HasEntry, InterpolPart};
use serde::{Deserialize, Serialize};

use crate::nix::file::NixFile;
use crate::nix::literal::attr_name;

/// A path of attribute names: `nix.settings`, with `"settings"` and `settings` the same.
///
/// Prints as Nix needs it, with quotes where a name is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AttrPath(Vec<String>);

/// The text is not an attribute path of fixed names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("names are joined by dots, and a name that is not plain is quoted")]
pub struct AttrPathError;

impl AttrPath {
    /// The path of these names, outermost first.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }

    /// The names, outermost first.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for AttrPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(|name| attr_name(name)).collect();
        f.write_str(&names.join("."))
    }
}

impl FromStr for AttrPath {
    type Err = AttrPathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_path(text).ok_or(AttrPathError)
    }
}

/// The name of an attribute if it is fixed: `a`, `"a b"`, `${"a"}`; not `${a}`.
pub fn static_name(attr: &ast::Attr) -> Option<String> {
    match attr {
        ast::Attr::Ident(ident) => Some(ident.ident_token()?.text().to_owned()),
        ast::Attr::Str(string) => static_string(string),
        ast::Attr::Dynamic(dynamic) => match dynamic.expr()? {
            ast::Expr::Str(string) => static_string(&string),
            _ => None,
        },
    }
}

/// What a string without interpolation means.
pub fn static_string(string: &ast::Str) -> Option<String> {
    string
        .normalized_parts()
        .into_iter()
        .map(|part| match part {
            InterpolPart::Literal(text) => Some(text),
            InterpolPart::Interpolation(_) => None,
        })
        .collect()
}

fn parse_path(text: &str) -> Option<AttrPath> {
    let file = NixFile::parse(format!("{{ {text} = 0; }}")).ok()?;
    let ast::Expr::AttrSet(set) = file.expr() else {
        return None;
    };
    let mut entries = set.entries();
    let (Some(ast::Entry::AttrpathValue(binding)), None) = (entries.next(), entries.next()) else {
        return None;
    };
    let value_is_ours =
        matches!(binding.value()?, ast::Expr::Literal(zero) if zero.to_string() == "0");
    let names: Option<Vec<String>> = binding
        .attrpath()?
        .attrs()
        .map(|attr| static_name(&attr))
        .collect();
    names.filter(|_| value_is_ours).map(AttrPath)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_count_and_not_their_spelling() {
        let plain: AttrPath = "nix.settings.substituters".parse().unwrap();
        let quoted: AttrPath = r#""nix" . settings."substituters""#.parse().unwrap();
        assert_eq!(plain, quoted);
        assert_eq!(quoted.to_string(), "nix.settings.substituters");
    }

    #[test]
    fn names_that_need_quotes_get_them() {
        let path = AttrPath::new(["programs", "ssh", "knownHosts", "kalaw.fritz.box"]);
        assert_eq!(
            path.to_string(),
            r#"programs.ssh.knownHosts."kalaw.fritz.box""#
        );
        assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in [
            "",
            "a.",
            "a.${b}",
            "a = 1; b",
            "a; b",
            "a /* */ = 1; inherit c; d",
        ] {
            assert!(text.parse::<AttrPath>().is_err(), "{text}");
        }
    }
}

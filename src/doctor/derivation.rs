//! A derivation, as its file in the store says it.

use std::collections::BTreeMap;

/// What is needed of a `.drv` file to know what Nix would do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The paths of its outputs, by name; empty where only a build can tell.
    pub(super) outputs: BTreeMap<String, String>,
    /// The derivations that it needs, each with the names of the outputs.
    pub(super) inputs: BTreeMap<String, Vec<String>>,
    /// The system that builds it.
    pub(super) system: String,
    /// Its content is known before: a download.
    pub(super) is_fixed: bool,
    /// It says `allowSubstitutes = false`.
    pub(super) forbids_substitutes: bool,
}

/// A value of the notation in `.drv` files.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Text(String),
    List(Vec<Term>),
}

/// Deeper than this no derivation goes.
const DEPTH: u8 = 8;

impl Derivation {
    /// Reads `Derive([outputs],[inputs],[sources],system,builder,[arguments],[environment])`;
    /// `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.trim_end().strip_prefix("Derive(")?.strip_suffix(')')?;
        let (terms, rest) = list(body, DEPTH)?;
        if !rest.is_empty() {
            return None;
        }
        let outputs = terms.first()?.list()?;
        let inputs = terms.get(1)?.list()?;
        let environment = terms.get(6)?.list()?;
        Some(Self {
            is_fixed: outputs
                .iter()
                .any(|it| it.text(3).is_some_and(|hash| !hash.is_empty())),
            outputs: outputs
                .iter()
                .filter_map(|it| Some((it.text(0)?, it.text(1)?)))
                .collect(),
            inputs: inputs.iter().filter_map(input).collect(),
            system: terms.get(3)?.own_text()?.to_owned(),
            forbids_substitutes: environment.iter().any(forbids),
        })
    }
}

fn input(term: &Term) -> Option<(String, Vec<String>)> {
    let names = term.list()?.get(1)?.list()?.iter();
    let names = names.filter_map(|name| Some(name.own_text()?.to_owned()));
    Some((term.text(0)?, names.collect()))
}

/// `allowSubstitutes` is the empty text where it is false; with structured attributes all
/// are in one of JSON.
fn forbids(term: &Term) -> bool {
    match (term.text(0).as_deref(), term.text(1)) {
        (Some("allowSubstitutes"), Some(value)) => value.is_empty(),
        (Some("__json"), Some(json)) => {
            let value: Option<serde_json::Value> = serde_json::from_str(&json).ok();
            value.is_some_and(|it| it.get("allowSubstitutes") == Some(&false.into()))
        }
        _ => false,
    }
}

impl Term {
    fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Text(_) => None,
        }
    }

    fn own_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }

    /// The text at this place of a list.
    fn text(&self, at: usize) -> Option<String> {
        Some(self.list()?.get(at)?.own_text()?.to_owned())
    }
}

/// Terms with commas between them, to the end or to what closes a list; and the rest.
fn list(text: &str, depth: u8) -> Option<(Vec<Term>, &str)> {
    let mut terms = Vec::new();
    let mut rest = text;
    if rest.is_empty() || rest.starts_with([']', ')']) {
        return Some((terms, rest));
    }
    loop {
        let (term, behind) = term(rest, depth)?;
        terms.push(term);
        match behind.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return Some((terms, behind)),
        }
    }
}

fn term(text: &str, depth: u8) -> Option<(Term, &str)> {
    let depth = depth.checked_sub(1)?;
    let first = text.chars().next()?;
    let behind = &text[first.len_utf8()..];
    match first {
        '"' => quoted(behind),
        '[' | '(' => {
            let close = if first == '[' { ']' } else { ')' };
            let (items, rest) = list(behind, depth)?;
            Some((Term::List(items), rest.strip_prefix(close)?))
        }
        _ => None,
    }
}

fn quoted(text: &str) -> Option<(Term, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    loop {
        match chars.next()? {
            (at, '"') => return Some((Term::Text(value), &text[at + 1..])),
            (_, '\\') => value.push(match chars.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            (_, other) => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_nix() {
        let text = r#"Derive([("out","/nix/store/b-x","","")],[("/nix/store/a-y.drv",["dev","out"])],["/nix/store/s"],"x86_64-linux","/bin/sh",["-c","echo \"hi\"\n"],[("allowSubstitutes",""),("out","/nix/store/b-x")])"#;
        let it = Derivation::parse(text).unwrap();
        assert_eq!(it.outputs["out"], "/nix/store/b-x");
        assert_eq!(it.inputs["/nix/store/a-y.drv"], ["dev", "out"]);
        assert_eq!(it.system, "x86_64-linux");
        assert!(it.forbids_substitutes);
        assert!(!it.is_fixed);
    }

    #[test]
    fn downloads_and_structured_attributes() {
        let text = r#"Derive([("out","/nix/store/b-x","sha256","00")],[],[],"builtin","builtin:fetchurl",[],[("__json","{\"allowSubstitutes\":false}")])"#;
        let it = Derivation::parse(text).unwrap();
        assert!(it.is_fixed && it.forbids_substitutes);
    }

    #[test]
    fn anything_else_is_none() {
        let deep = format!("Derive({}", "[".repeat(99));
        for text in [
            "",
            "Derive(",
            "Derive([)",
            "DrvWithVersion(\"x\",[])",
            "Derive(\"x)",
            &deep,
        ] {
            assert_eq!(Derivation::parse(text), None, "{text}");
        }
    }
}

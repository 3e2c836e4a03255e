//! The settings of Nix on a machine, as far as the scripts ask for them.

use std::collections::BTreeMap;

use super::transcript::Answer;

/// `nix config show`, line by line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Reads lines `NAME = VALUE`.
    pub(super) fn read(answer: Option<&Answer>) -> Self {
        let lines = answer.map_or(&[][..], |answer| &answer.output);
        let pairs = lines.iter().filter_map(|line| line.split_once('='));
        let trimmed =
            |(name, value): (&str, &str)| (name.trim().to_owned(), value.trim().to_owned());
        Self(pairs.map(trimmed).collect())
    }

    /// The words of a list.
    pub(super) fn words(&self, name: &str) -> Vec<&str> {
        let value = self.0.get(name).map_or("", String::as_str);
        value.split_whitespace().collect()
    }

    /// True if the setting is there and off.
    pub(super) fn is_off(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value == "false")
    }

    /// The line as Nix prints it, without passwords in URLs.
    pub(super) fn line(&self, name: &str) -> String {
        let value = self.0.get(name).map_or("", String::as_str);
        let words = value.split_whitespace().map(without_password);
        let words: Vec<String> = words.collect();
        format!("{name} = {}", words.join(" "))
    }
}

/// A URL whose `user:password@` is gone.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((user, host)) if user.contains(':') => format!("{scheme}://…@{host}{path}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::transcript::Transcript;

    #[test]
    fn lists_flags_and_no_passwords() {
        let text = "=s\n substituters = https://me:word@h/x ssh://a@b?c=d\n substitute = false\n";
        let settings = Settings::read(Transcript::parse(text).get("s"));
        assert_eq!(settings.words("substituters").len(), 2);
        assert!(settings.is_off("substitute"));
        assert_eq!(
            settings.line("substituters"),
            "substituters = https://…@h/x ssh://a@b?c=d"
        );
    }
}

//! What is said about a table that is not as it should be.

use std::fmt::Display;
use std::ops::Range;

use toml_edit::{Item, Value};

use super::problems::list;
use super::section::{Named, Section, key_place};
use crate::diagnostic::Diagnostic;
use crate::fleet::format::Key;
use crate::fleet::nearest;

/// The other kind of a table that is of one of two.
pub(super) struct OtherKind<'k> {
    pub(super) keys: &'k [&'k Key],
    /// What has these keys, in words that follow "is for".
    pub(super) whose: &'k str,
    pub(super) help: &'k str,
}

impl Section<'_, '_> {
    /// Reports the keys that are none of these, and those that are missing.
    pub(super) fn check_keys(&mut self, keys: &[&Key]) {
        self.refuse_others(keys, |name| keys.iter().any(|key| key.name == name));
        self.require(keys);
    }

    /// Reports the keys that are not known.
    fn refuse_others(&mut self, keys: &[&Key], is_known: impl Fn(&str) -> bool) {
        for (name, item) in self.table.iter().filter(|(name, _)| !is_known(name)) {
            let at = key_place(self.table, name).or_else(|| item.span());
            self.refuse_unknown(name, at.unwrap_or(0..0), keys);
        }
    }

    fn require(&mut self, keys: &[&Key]) {
        for key in keys.iter().filter(|key| key.required) {
            if self.get(key).is_none() {
                self.refuse_missing(key);
            }
        }
    }

    /// As [`Section::check_keys`] where a table is of one of two kinds.
    pub(super) fn check_keys_of_kind(&mut self, keys: &[&Key], other: &OtherKind<'_>) {
        let is_in = |list: &[&Key], name: &str| list.iter().any(|key| key.name == name);
        let is_of_other = |name: &str| is_in(other.keys, name) && !is_in(keys, name);
        for (name, _) in self.table.iter().filter(|(name, _)| is_of_other(name)) {
            self.refuse_of_other_kind(name, keys, other);
        }
        self.refuse_others(keys, |name| is_in(keys, name) || is_in(other.keys, name));
        self.require(keys);
    }

    fn refuse_of_other_kind(&mut self, name: &str, keys: &[&Key], other: &OtherKind<'_>) {
        let path = self.path_of(name);
        let message = format!("`{path}` is for {}", other.whose);
        let known = list(keys.iter().map(|key| key.name));
        let problem = Diagnostic::error("inventory-unknown-key", message)
            .about(path)
            .help(other.help)
            .help(format!("the keys here are {known}"));
        let at = key_place(self.table, name).unwrap_or(0..0);
        self.problems.add_at(at, "not for this one", problem);
    }

    /// Reports that the inventory is of a version that this larder does not know.
    pub(super) fn refuse_version(&mut self, key: &Key, found: i64, ours: i64) {
        let message = format!("this larder reads version {ours} of the inventory, not {found}");
        let help = if found > ours {
            "a newer larder wrote this file: update larder".to_owned()
        } else {
            format!("write `{}`", key.line())
        };
        let problem = Diagnostic::error("inventory-version", message)
            .about(key.name)
            .help(help);
        self.problems.add_at(self.at(key), "", problem);
    }

    /// Reports a name that nobody has.
    pub(super) fn refuse_reference(
        &mut self,
        at: Range<usize>,
        code: &'static str,
        message: String,
        help: String,
    ) {
        self.refuse_with(at, code, message, vec![help]);
    }

    /// The same, where there is more than one way on.
    pub(super) fn refuse_with(
        &mut self,
        at: Range<usize>,
        code: &'static str,
        message: String,
        help: Vec<String>,
    ) {
        let problem = Diagnostic::error(code, message).about(self.path.clone());
        let problem = help.into_iter().fold(problem, Diagnostic::help);
        self.problems.add_at(at, "", problem);
    }

    /// Reports a name that the user gave a table.
    pub(super) fn refuse_name(&mut self, named: &Named<'_>, what: &str, error: &impl Display) {
        let message = format!(
            "`{}` is not {what}",
            toml_edit::Key::new(named.name).display_repr()
        );
        let problem = Diagnostic::error("inventory-name", message).about(named.name);
        let at = named.name_at.clone();
        self.problems.add_at(at, error.to_string(), problem);
    }

    /// Reports something under a name of the user's that is not a table.
    pub(super) fn refuse_no_table(&mut self, key: &Key, named: &Named<'_>) {
        let path = self.path_of(&format!("{}.{}", key.name, named.name));
        let problem = Diagnostic::error("inventory-type", format!("`{path}` is not a table"))
            .about(path.clone())
            .help(format!("write `[{path}]`, and its keys below"));
        let note = format!("this is {}", type_in_words(named.item.type_name()));
        self.problems.add_at(named.at.clone(), note, problem);
    }

    /// Reports an entry that the list has already.
    pub(super) fn refuse_duplicate(&mut self, key: &Key, at: Range<usize>, text: &str) {
        let path = self.path_of(key.name);
        let message = format!("`{path}` names `{}` twice", text.escape_debug());
        let problem = Diagnostic::error("inventory-duplicate", message).about(path);
        self.problems.add_at(at, "a second time", problem);
    }

    /// Reports a value of the wrong TOML type.
    pub(super) fn wrong_type(&mut self, key: &Key, item: &Item) {
        let note = format!("this is {}", type_in_words(item.type_name()));
        let problem = self.not_what_it_should_be("inventory-type", key);
        let help = key.help_for(item.as_str());
        self.problems.add_at(self.at(key), note, problem.help(help));
    }

    /// Reports an entry of a list that has the wrong TOML type.
    pub(super) fn wrong_entry(&mut self, key: &Key, value: &Value) {
        let at = value.span().unwrap_or_else(|| self.at(key));
        let note = format!("this is {}", type_in_words(value.type_name()));
        let problem = self.bad_entry("inventory-type", key);
        self.problems.add_at(at, note, problem);
    }

    /// Reports a value of the right TOML type that cannot be used.
    pub(super) fn unusable(&mut self, key: &Key, error: &dyn Display, near: Option<&str>) {
        let help = near.map_or_else(|| key.help_for(None), did_you_mean);
        let problem = self.not_what_it_should_be("inventory-value", key);
        let at = self.at(key);
        self.problems
            .add_at(at, error.to_string(), problem.help(help));
    }

    /// Reports an entry of a list that cannot be used.
    pub(super) fn unusable_entry(&mut self, key: &Key, at: Range<usize>, error: &dyn Display) {
        let problem = self.bad_entry("inventory-value", key);
        self.problems.add_at(at, error.to_string(), problem);
    }

    fn refuse_unknown(&mut self, name: &str, at: Range<usize>, keys: &[&Key]) {
        let known = || keys.iter().map(|key| key.name);
        let message = match self.path.as_str() {
            "" => format!("unknown key `{}`", name.escape_debug()),
            path => format!("unknown key `{}` in `{path}`", name.escape_debug()),
        };
        let problem = Diagnostic::error("inventory-unknown-key", message).about(self.path_of(name));
        let problem = match nearest(name, known()) {
            Some(near) => problem.help(did_you_mean(near)),
            None => problem,
        };
        let problem = problem.help(format!("the keys here are {}", list(known())));
        self.problems.add_at(at, "no such key", problem);
    }

    pub(super) fn refuse_missing(&mut self, key: &Key) {
        let whose = match self.path.as_str() {
            "" => self.problems.path().to_owned(),
            path => path.to_owned(),
        };
        let message = format!("`{whose}` does not say its `{}`", key.name);
        let problem = Diagnostic::error("inventory-missing-key", message)
            .about(self.path_of(key.name))
            .help(format!("write `{}`", key.line()));
        self.problems.add_at(self.place.clone(), "", problem);
    }

    fn not_what_it_should_be(&self, code: &'static str, key: &Key) -> Diagnostic {
        let path = self.path_of(key.name);
        Diagnostic::error(code, format!("`{path}` is not {}", key.what)).about(path)
    }

    fn bad_entry(&self, code: &'static str, key: &Key) -> Diagnostic {
        let path = self.path_of(key.name);
        let message = format!("`{path}` is {}, and one entry is not right", key.what);
        Diagnostic::error(code, message)
            .about(path)
            .help(key.help_for(None))
    }
}

impl Key {
    /// How to write it right, with the user's own text where that makes sense.
    fn help_for(&self, text: Option<&str>) -> String {
        match text.filter(|text| self.name == "identity" && text.starts_with('/')) {
            Some(path) => format!("write `identity = {{ file = {} }}`", Value::from(path)),
            None => format!("write it as in `{}`", shortened(&self.line())),
        }
    }
}

/// A key is as long as a line: its beginning is enough to recognise it.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 80;
    match line.split_once("AAAA") {
        Some((front, _)) if line.len() > LONGEST => format!("{front}AAAA…\""),
        _ => line.to_owned(),
    }
}

/// The help line with the nearest right word.
pub(super) fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}

fn type_in_words(name: &str) -> &'static str {
    match name {
        "string" => "text",
        "integer" | "float" => "a number",
        "boolean" => "`true` or `false`",
        "datetime" => "a date",
        "array" => "a list",
        "array of tables" => "a list of tables",
        _ => "a table",
    }
}

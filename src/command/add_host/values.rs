//! Values that each host has for itself in the flake: given with `--set`, or asked for.

use std::str::FromStr;

use super::request::Request;
use crate::command::plan_builder::PlanBuilder;
use crate::command::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, Added, Discovery, NewEntry};
use crate::project::Project;

/// `KEY=VALUE` of the command line.
#[derive(Debug, Clone)]
pub struct KeyValue {
    key: String,
    value: String,
}

impl FromStr for KeyValue {
    type Err = String;

    fn from_str(said: &str) -> Result<Self, String> {
        let pair = said.split_once('=').filter(|(key, _)| !key.is_empty());
        let (key, value) = pair.ok_or("write it as KEY=VALUE")?;
        Ok(Self {
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl KeyValue {
    pub(super) fn into_pair(self) -> (String, String) {
        (self.key, self.value)
    }
}

/// A value that makes no difference to the entry was misspelt, or is none of a host's own.
pub(super) fn refuse_unused(
    builder: &PlanBuilder,
    found: &Discovery,
    entry: &NewEntry,
    added: &Added,
) -> Result<(), Stop> {
    for key in entry.values.keys() {
        let mut without = entry.clone();
        without.values.remove(key);
        let same = flake::add_entry(builder.repo(), builder.discoveries(), found, &without);
        if same.is_ok_and(|same| same == *added) {
            return Err(unused(builder, found, entry, key));
        }
    }
    Ok(())
}

fn unused(builder: &PlanBuilder, found: &Discovery, entry: &NewEntry, key: &str) -> Stop {
    let mut bare = entry.clone();
    bare.values.clear();
    let needed = flake::values_needed(builder.repo(), builder.discoveries(), found, &bare);
    let keys = needed.iter().map(|needed| format!("`{}`", needed.key));
    let keys: Vec<String> = keys.collect();
    let message = format!("`--set {key}=…` changes nothing: no entry of a host has such a value");
    let error = Diagnostic::error("value-unused", message).about(key);
    error
        .help(match &keys[..] {
            [] => "the hosts of this flake have no values of their own".to_owned(),
            keys => format!("each host has {} of its own", keys.join(", ")),
        })
        .into()
}

/// Asks for each value that is missing. Without a person the plan says what is, with the
/// entry to complete.
pub(super) fn complete(
    project: &Project,
    request: &mut Request,
    ask: &mut dyn Ask,
) -> Result<(), Stop> {
    let found = project.flake();
    let Some(found) = found
        .ok()
        .filter(|found| ask.has_person() && found.is_followed())
    else {
        return Ok(());
    };
    let entry = request.entry(project.repo(), found)?;
    for needed in flake::values_needed(project.repo(), project.discoveries(), found, &entry) {
        let key = match needed.key.parse::<usize>() {
            Ok(number) => format!("argument {number}"),
            Err(_) => format!("`{}`", needed.key),
        };
        let text = format!(
            "{key} of `{}` (a sibling has {})",
            request.host.name, needed.example
        );
        let flag = format!("--set {}=VALUE", needed.key);
        let question = Question {
            text: &text,
            flag: &flag,
            why: "The other hosts each have a value of their own there, so none of them can be copied.",
        };
        let is_own = |line: &str| match line.trim() {
            "" => Err("each host has a value of its own here".to_owned()),
            line if line == needed.example || needed.taken.iter().any(|taken| taken == line) => {
                Err("that is a sibling's".to_owned())
            }
            _ => Ok(()),
        };
        let value = ask.line(question, None, &is_own)?;
        request.values.insert(needed.key, value.trim().to_owned());
    }
    Ok(())
}

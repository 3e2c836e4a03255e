//! Values that each host has for itself in the flake: given with `--set`, or asked for.

use std::str::FromStr;

use super::request::Request;
use crate::command::{Ask, Question};
use crate::diagnostic::Stop;
use crate::flake;
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

//! What the modules of a host say of options where their text alone does not tell: what is
//! computed, and what stands under a condition.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::flake::eval::modules::{HostModules, InForce};
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{Attrs, FileSpan, Slot, Value};
use crate::flake::eval::{Eval, files};
use crate::flake::host_module::module_args;
use crate::flake::hosts::system_of;
use crate::flake::own_stack::on_own_stack;
use crate::repo::{Repo, RepoPath};

/// A definition of an option, by the place of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionQuestion {
    /// The names of the option.
    pub option: Vec<String>,
    /// The file.
    pub file: RepoPath,
    /// The bytes.
    pub range: Range<usize>,
    /// The bytes of the condition around it.
    pub condition: Option<Range<usize>>,
}

/// What is known of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OptionAnswer {
    /// Whether its conditions hold; `None`: not known.
    pub in_force: Option<bool>,
    /// Another value may stand in its place: it is in force if it is what is said.
    pub is_chosen: bool,
    /// What it says, if all of that is known.
    pub value: Option<OptionValue>,
}

/// A value that is known as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Text(String),
    /// A list, each item with its bytes if it is written in the file that is asked about.
    List(Vec<(OptionValue, Option<Range<usize>>)>),
    /// A set.
    Set(Vec<(String, OptionValue)>),
}

/// Answers questions about a host of the repository's flake, one for each. `own` is the
/// host's own module: all that is known of one that the flake does not show.
pub fn answer_options(
    repo: &Repo,
    host: &str,
    own: Option<&RepoPath>,
    questions: &[OptionQuestion],
) -> Vec<OptionAnswer> {
    let answered = on_own_stack(|| answer(&mut Eval::new(repo), host, own, questions));
    answered.unwrap_or_else(|_| questions.iter().map(|_| OptionAnswer::default()).collect())
}

fn answer(
    eval: &mut Eval,
    host: &str,
    own: Option<&RepoPath>,
    questions: &[OptionQuestion],
) -> Vec<OptionAnswer> {
    let modules = modules_of(eval, host, own);
    // First all that is written is found, and once: where a value is written is known no
    // more when it was worked out, and a condition may look at what is asked about.
    let mut found = BTreeMap::new();
    for question in questions {
        let definitions = found.entry(&question.option);
        definitions.or_insert_with(|| modules.definitions(eval, &question.option));
    }
    let answers = questions.iter().map(|question| {
        let span = |range: &Range<usize>| FileSpan {
            file: question.file.clone(),
            range: range.clone(),
        };
        let condition = question.condition.as_ref().map(span);
        let place = span(&question.range);
        let definitions = &found[&question.option];
        let (in_force, value) = modules.at(eval, definitions, &place, condition.as_ref());
        let value = value.and_then(|value| whole(eval, &question.file, &value));
        OptionAnswer {
            in_force: match in_force {
                InForce::Yes => Some(true),
                InForce::No => Some(false),
                InForce::AsValueTells => value.as_ref().map(|_| true),
                InForce::Unknown => None,
            },
            is_chosen: in_force == InForce::AsValueTells,
            value,
        }
    });
    answers.collect()
}

/// The modules that the flake lists for the host, else its own alone.
fn modules_of(eval: &mut Eval, host: &str, own: Option<&RepoPath>) -> HostModules {
    let outputs = match eval.repo.path("flake.nix") {
        Some(flake) => {
            let flake = eval.import(&flake);
            eval.flake_outputs(&flake)
        }
        None => Value::unknown("there is no flake"),
    };
    let value = eval.select_path(&outputs, &["nixosConfigurations", host]);
    let Some(system) = system_of(eval, &value) else {
        let own = own.map(|own| Value::Path(files::absolute(own).into()));
        return HostModules::new(eval, own.into_iter().collect(), Attrs::default(), true);
    };
    let mut modules = vec![eval.select(&system.args, "modules")];
    for extra in &system.extra {
        modules.push(eval.force(extra));
    }
    let Value::Attrs(args) = module_args(eval, &system) else {
        return HostModules::new(eval, modules, Attrs::default(), true);
    };
    HostModules::new(eval, modules, (*args).clone(), false)
}

/// A value of which nothing is unknown.
fn whole(eval: &mut Eval, file: &RepoPath, value: &Value) -> Option<OptionValue> {
    match value {
        Value::Bool(value) => Some(OptionValue::Bool(*value)),
        Value::Int(value) => Some(OptionValue::Int(*value)),
        // A path of the store is none that anybody wrote.
        Value::Str(text) if !text.text.contains("/nix/store/@") => {
            Some(OptionValue::Text(text.text.to_string()))
        }
        Value::List(list) if list.open.is_none() => {
            let items = list.items.iter().map(|item| whole_item(eval, file, item));
            Some(OptionValue::List(items.collect::<Option<_>>()?))
        }
        Value::Attrs(attrs) if attrs.rest.is_none() && attrs.parts.is_empty() => {
            let entries = attrs
                .slots
                .iter()
                .map(|(name, slot)| entry(eval, file, name, slot));
            Some(OptionValue::Set(entries.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

fn entry(
    eval: &mut Eval,
    file: &RepoPath,
    name: &str,
    slot: &Slot,
) -> Option<(String, OptionValue)> {
    let value = eval.force(&slot.value);
    Some((name.to_owned(), whole(eval, file, &value)?))
}

fn whole_item(
    eval: &mut Eval,
    file: &RepoPath,
    item: &Thunk,
) -> Option<(OptionValue, Option<Range<usize>>)> {
    let written = item.written().filter(|span| span.file == *file);
    let value = eval.force(item);
    Some((whole(eval, file, &value)?, written.map(|span| span.range)))
}

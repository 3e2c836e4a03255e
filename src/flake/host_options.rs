//! What the modules of a host say of options where their text alone does not tell: what is
//! computed, and what stands under a condition.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::flake::configurations;
use crate::flake::eval::modules::{HostModules, InForce};
use crate::flake::eval::value::{Attrs, FileSpan, Value};
use crate::flake::eval::{Eval, files};
use crate::flake::host_module::module_args;
use crate::flake::hosts::system_of;
use crate::flake::known_value::{KnownValue, known_value};
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
    pub value: Option<KnownValue>,
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
        let value = value.map(|value| known_value(eval, &question.file, &value));
        let value = value.filter(KnownValue::is_whole);
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
    let all = configurations::of(eval, &outputs);
    let value = eval.select(&all, host);
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

//! What an evaluation tells of settings that are conditional or computed.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::flake::{OptionAnswer, OptionQuestion, answer_options};
use crate::repo::{Repo, RepoPath};
use crate::survey::facts::Setting;
use crate::survey::known_value::known;

/// How many hosts of a repository are evaluated: what an evaluation needs is not freed
/// before the program ends. What is uncertain about the others stays so.
const HOSTS: usize = 1_000;

/// Evaluates hosts of a repository.
pub(super) struct Evaluator {
    repo: Repo,
    left: AtomicUsize,
}

/// The evaluation of one host, made when somebody first needs it.
pub(super) struct Evaluation {
    evaluator: Arc<Evaluator>,
    host: String,
    own: Option<RepoPath>,
    answers: OnceLock<SettingAnswers>,
}

/// What it tells, by the places of the settings.
#[derive(Default)]
pub(super) struct SettingAnswers(HashMap<(RepoPath, Range<usize>), SettingAnswer>);

/// What it tells of one setting.
pub(super) struct SettingAnswer(OptionAnswer);

impl Evaluator {
    pub(super) fn of(repo: &Repo) -> Self {
        Self {
            repo: repo.clone(),
            left: AtomicUsize::new(HOSTS),
        }
    }

    fn may_evaluate(&self) -> bool {
        let one_less = |left: usize| left.checked_sub(1);
        let order = Ordering::Relaxed;
        self.left.fetch_update(order, order, one_less).is_ok()
    }
}

impl Evaluation {
    /// That of a host, whose own module is this.
    pub(super) fn new(evaluator: Arc<Evaluator>, host: &str, own: Option<RepoPath>) -> Self {
        Self {
            evaluator,
            host: host.to_owned(),
            own,
            answers: OnceLock::new(),
        }
    }

    /// The answers to these questions, which are the same whenever it is asked.
    pub(super) fn answers(
        &self,
        questions: impl FnOnce() -> Vec<OptionQuestion>,
    ) -> &SettingAnswers {
        self.answers.get_or_init(|| {
            if !self.evaluator.may_evaluate() {
                return SettingAnswers::default();
            }
            let questions = questions();
            let (repo, own) = (&self.evaluator.repo, self.own.as_ref());
            let answers = answer_options(repo, &self.host, own, &questions);
            let places = questions.into_iter().map(|one| (one.file, one.range));
            SettingAnswers(places.zip(answers.into_iter().map(SettingAnswer)).collect())
        })
    }
}

impl SettingAnswers {
    /// The answer about a setting of a file.
    pub(super) fn of(&self, file: &RepoPath, setting: &Setting) -> Option<&SettingAnswer> {
        self.0.get(&(file.clone(), setting.range.clone()))
    }
}

impl SettingAnswer {
    /// The setting as far as it is known now; `None`: it is not in force.
    pub(super) fn applied(&self, setting: &Setting) -> Option<Setting> {
        let Self(answer) = self;
        let mut setting = setting.clone();
        match answer.in_force {
            Some(false) => return None,
            Some(true) => setting.condition = None,
            None => {}
        }
        let said = answer
            .value
            .as_ref()
            .map(|value| known(value, &setting.range));
        match said {
            Some(said) if setting.value.is_computed() => setting.value = said,
            // The other branch is what it comes to.
            Some(said) if answer.is_chosen && !said.is_same(&setting.value) => return None,
            _ => {}
        }
        Some(setting)
    }
}

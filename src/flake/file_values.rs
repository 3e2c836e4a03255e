//! Values of files of a repository, for many who ask for few.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::flake::eval::Eval;
use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{Attrs, Slot, Value};
use crate::flake::known_value::{KnownValue, known_value};
use crate::flake::own_stack::STACK;
use crate::repo::{Repo, RepoPath};

/// Arguments in a row, more than a file of values takes.
const ARGUMENTS: usize = 5;

/// What files hold. One evaluator answers all questions: a file of the keys of a thousand
/// hosts is read once.
pub struct FileValues(Mutex<Sender<Question>>);

/// A file, an attribute path in it, and who wants to know.
struct Question {
    file: RepoPath,
    names: Vec<String>,
    answer: Sender<KnownValue>,
}

impl FileValues {
    /// Those of this repository. The evaluator ends when nobody can ask any more.
    pub fn of(repo: &Repo) -> Self {
        let (ask, questions) = channel();
        let repo = repo.clone();
        let evaluator = thread::Builder::new().stack_size(STACK);
        // Where no thread can be had, nobody answers, and nothing is known.
        drop(evaluator.spawn(move || answer_all(&repo, &questions)));
        Self(Mutex::new(ask))
    }

    /// The value at an attribute path of what a file holds. The arguments of a function that
    /// the file may be are not known.
    pub fn at(&self, file: &RepoPath, names: &[String]) -> KnownValue {
        let (answer, told) = channel();
        let question = Question {
            file: file.clone(),
            names: names.to_vec(),
            answer,
        };
        let asked = self.0.lock().is_ok_and(|ask| ask.send(question).is_ok());
        let answer = asked.then(|| told.recv().ok()).flatten();
        answer.unwrap_or(KnownValue::Unknown)
    }
}

fn answer_all(repo: &Repo, questions: &Receiver<Question>) {
    let mut eval = Eval::new(repo);
    for question in questions {
        eval.refuel();
        let value = value_at(&mut eval, &question);
        let known = known_value(&mut eval, &question.file, &value);
        // Who no longer wants to know has had a fault of its own.
        drop(question.answer.send(known));
    }
}

fn value_at(eval: &mut Eval, question: &Question) -> Value {
    let mut value = eval.import(&question.file);
    for _ in 0..ARGUMENTS {
        if !matches!(value, Value::Lambda(_)) {
            break;
        }
        let lib = eval.lib();
        let mut given = Attrs::open(Value::unknown("what the file is called with"));
        given.insert("lib", Slot::done(lib));
        value = eval.apply(&value, Thunk::done(given.into()));
    }
    let names: Vec<&str> = question.names.iter().map(String::as_str).collect();
    eval.select_path(&value, &names)
}

//! Every question that larder can ask, in a dialogue of its own kind: `?` explains it, a wrong
//! answer is asked for again, the right one goes on, and Ctrl-C leaves everything as it was.

mod caches;
mod keys;
mod machines;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use super::dialogue::{Dialogue, Exchange, Place, QuestionKind};
use super::git;

/// Names a dialogue once: as a trial, and among those that are compared with the sources.
macro_rules! dialogues {
    ($($module:ident::$name:ident),* $(,)?) => {
        trials![every_question_is_in_a_dialogue, $($name),*];

        $(fn $name() {
            $module::$name().check();
        })*

        fn all() -> Vec<Dialogue> {
            vec![$($module::$name()),*]
        }
    };
}

dialogues![
    machines::a_flake_is_started,
    machines::a_module_is_named,
    machines::nix_says_which_hosts_there_are,
    machines::a_host_is_added,
    machines::a_host_is_removed,
    machines::a_host_is_renamed,
    caches::a_cache_with_keys_that_are_there,
    caches::a_cache_with_new_keys,
    caches::a_cache_with_one_import,
    caches::a_cache_that_nix_judges,
    caches::a_cache_elsewhere,
    caches::a_cache_is_removed,
    keys::many_are_looked_for,
    keys::one_is_scanned,
    keys::one_is_in_known_hosts,
    keys::one_is_set,
    keys::all_are_scanned,
    keys::one_is_changed,
    keys::a_step_is_in_force,
];

/// What each question is explained by is said in one dialogue at least.
fn every_question_is_in_a_dialogue() {
    let dialogues = all();
    let asked = dialogues.iter().flat_map(|dialogue| &dialogue.asked);
    let explained: Vec<&str> = asked.map(|asked| asked.why).collect();
    let sources = sources::explanations();
    assert!(sources.len() > 30, "only {} are found", sources.len());
    for (file, text) in sources {
        assert!(
            explained.iter().any(|why| text.contains(why)),
            "{file}: no dialogue of tests/prompts/every_question asks what is explained by\n{text}"
        );
    }
}

fn asked(kind: QuestionKind, text: &'static str, why: &'static str, answer: &str) -> Exchange {
    Exchange {
        kind,
        text,
        why,
        wrong: None,
        answer: answer.to_owned(),
    }
}

fn yes_no(text: &'static str, why: &'static str, answer: &str) -> Exchange {
    asked(QuestionKind::YesNo, text, why, answer)
}

fn menu(text: &'static str, why: &'static str, answer: &str) -> Exchange {
    asked(QuestionKind::Menu, text, why, answer)
}

/// A line; `wrong` is an answer and what is said of it.
fn line(
    text: &'static str,
    why: &'static str,
    wrong: (&'static str, &'static str),
    answer: &str,
) -> Exchange {
    Exchange {
        wrong: Some(wrong),
        ..asked(QuestionKind::Line, text, why, answer)
    }
}

/// The last question of a command that writes.
fn agreed() -> Exchange {
    yes_no(
        "apply these changes?",
        "What is shown above is written and committed",
        "y",
    )
}

fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|arg| (*arg).to_owned()).collect()
}

/// The repository is the folder itself.
fn at(dir: tempfile::TempDir) -> Place {
    Place {
        repo: dir.path().to_owned(),
        environment: Vec::new(),
        needs: vec![Box::new(dir)],
    }
}

/// The repository is `repo` in the folder.
fn inside(dir: tempfile::TempDir, environment: Vec<(&'static str, String)>) -> Place {
    Place {
        repo: dir.path().join("repo"),
        environment,
        needs: vec![Box::new(dir)],
    }
}

fn key_file(name: &str) -> PathBuf {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
    keys.join(name)
}

fn key(name: &str) -> String {
    let text = fs::read_to_string(key_file(name)).unwrap();
    text.trim().to_owned()
}

fn host_key(host: &str) -> String {
    format!("{host}={}", key(&format!("{host}.pub")))
}

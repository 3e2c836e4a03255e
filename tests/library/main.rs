//! The stand-in for nixpkgs' `lib` beside the real one, with real Nix: each line of
//! `functions.txt` is a call of a function with random arguments.
//!
//! `cargo test --test library -- PATH [CASES [SEED]]`, PATH being the folder `lib` of
//! nixpkgs: by hand, for nixpkgs is no part of this repository. A value that differs is an
//! error. That the stand-in does not know a value, or has one where Nix refuses, is counted.

#![expect(clippy::print_stdout, reason = "it prints what it finds")]

mod random;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, ExitCode};

use larder::internals::flake::answers_of_library;
use random::Random;

const FUNCTIONS: &str = include_str!("functions.txt");

/// What was found of one function.
#[derive(Default)]
struct Tally {
    same: usize,
    unknown: usize,
    refused: usize,
    laxer: usize,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|one| !one.starts_with("--"));
    let Some(path) = arguments.next() else {
        println!("usage: cargo test --test library -- PATH_OF_NIXPKGS_LIB [CASES [SEED]]");
        return ExitCode::FAILURE;
    };
    let mut number = |default| {
        arguments
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(default)
    };
    let (cases, seed) = (number(20), number(1));
    let mut random = Random::new(seed);
    let mut different = 0;
    let mut functions = BTreeMap::<String, Tally>::new();
    let lines = FUNCTIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for template in lines {
        let asked: Vec<String> = (0..cases).map(|_| random.fill(template)).collect();
        let ours = answers_of_library(&asked);
        let real = real_answers(&path, &asked);
        let tally = functions.entry(name(template)).or_default();
        for ((asked, ours), real) in asked.iter().zip(ours).zip(real) {
            match (ours, real) {
                (Ok(ours), Some(real)) if ours == real => tally.same += 1,
                (Ok(ours), Some(real)) => {
                    different += 1;
                    println!("DIFFERENT {asked}\n    here {ours}\n    Nix  {real}");
                }
                (Err(why), Some(_)) => {
                    tally.unknown += 1;
                    println!("unknown   {asked}: {why}");
                }
                (Ok(_), None) => tally.laxer += 1,
                (Err(_), None) => tally.refused += 1,
            }
        }
    }
    println!("{}", summary(&functions, different));
    ExitCode::from(u8::from(different > 0))
}

fn summary(functions: &BTreeMap<String, Tally>, different: usize) -> String {
    let sum = |of: fn(&Tally) -> usize| functions.values().map(of).sum::<usize>();
    let mut text = String::new();
    let never = functions.iter().filter(|(_, tally)| tally.same == 0);
    for (name, _) in never {
        let _ = writeln!(text, "never the same: {name}");
    }
    let _ = write!(
        text,
        "{} functions: {} values the same, {different} different, {} unknown here; where Nix \
         refuses, {} refused here and {} not",
        functions.len(),
        sum(|tally| tally.same),
        sum(|tally| tally.unknown),
        sum(|tally| tally.refused),
        sum(|tally| tally.laxer),
    );
    text
}

/// The first word after `lib.`.
fn name(template: &str) -> String {
    let from = template.find("lib.").map_or(0, |at| at + 4);
    let rest = &template[from..];
    let end = rest.find([' ', ')', ';']).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// What real Nix says; `None` where it refuses. Of what cannot be caught, it is asked again,
/// by halves.
fn real_answers(path: &str, asked: &[String]) -> Vec<Option<String>> {
    let each = asked.iter().map(|one| {
        format!("(let r = builtins.tryEval (builtins.toJSON ({one})); in if r.success then r.value else null)\n")
    });
    let text = format!(
        "let lib = import {path}; in [ {} ]",
        each.collect::<String>()
    );
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "--expr", &text])
        .output()
        .expect("nix-instantiate runs");
    if output.status.success() {
        // Nix counts bytes, and may print half a character.
        let text = String::from_utf8_lossy(&output.stdout);
        return serde_json::from_str(&text).expect("it prints JSON");
    }
    if asked.len() == 1 {
        return vec![None];
    }
    let (first, second) = asked.split_at(asked.len() / 2);
    let mut all = real_answers(path, first);
    all.extend(real_answers(path, second));
    all
}

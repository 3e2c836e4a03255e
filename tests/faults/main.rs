//! Killed, or refused by the disk, at every system call that changes something.
//!
//! `strace` stands between the built program and the kernel: the N-th call of a
//! kind is never made because the process is killed there, or it fails with an
//! error. So the libraries' own writes are hit as well. After each run everything
//! must be wholly as before or wholly as after, at once or after the next writing
//! command, and nothing of larder's may be left lying about.
//!
//! Without more, every point of every command is hit twice: by a kill, and by a disk
//! that is full once. `LARDER_FAULTS=full` adds the other faults and places. `LARDER_BIN` names
//! the program under test; an optimised one takes a fifth of the time.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

mod fixture;
mod judge;
mod points;

use std::env;
use std::fmt;
use std::process::ExitCode;
use std::sync::Mutex;

use libtest_mimic::{Arguments, Failed, Trial};

use fixture::{Fixture, Place, Verb};
use judge::Tally;
use points::Fault;

/// What all trials of this run have seen.
static TOTAL: Mutex<Tally> = Mutex::new(Tally::NONE);

fn main() -> ExitCode {
    let full = env::var_os("LARDER_FAULTS").is_some_and(|it| it == "full");
    let matrix = if full { everything() } else { every_day() };
    let trials = matrix.into_iter().map(trial).collect();
    let exit = libtest_mimic::run(&Arguments::from_args(), trials).exit_code();
    println!("{}", TOTAL.lock().unwrap());
    exit
}

/// One command in one situation under one kind of fault.
#[derive(Debug, Clone, Copy)]
struct Case {
    verb: Verb,
    place: Place,
    commit: bool,
    fault: Fault,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, place, fault) = (self.verb, self.place, self.fault);
        let commit = word(self.commit);
        write!(f, "{verb}::{place}::{commit}::{fault}")
    }
}

/// The two faults that happen most: a process that is killed, a disk that is full. A
/// clean work tree sees the same calls as one with other work in it.
fn every_day() -> Vec<Case> {
    everything()
        .into_iter()
        .filter(|case| matches!(case.fault, Fault::Kill | Fault::Error("ENOSPC")))
        .filter(|case| case.place != Place::Clean)
        .collect()
}

fn everything() -> Vec<Case> {
    let mut cases = Vec::new();
    for fault in Fault::ALL {
        for verb in Verb::ALL {
            for place in Place::ALL {
                for commit in [true, false] {
                    cases.push(Case {
                        verb,
                        place,
                        commit,
                        fault,
                    });
                }
            }
        }
    }
    cases
}

fn word(commit: bool) -> &'static str {
    if commit { "commit" } else { "no-commit" }
}

fn trial(case: Case) -> Trial {
    Trial::test(case.to_string(), move || run(case))
}

fn run(case: Case) -> Result<(), Failed> {
    let fixture = Fixture::new(case.verb, case.place, case.commit)?;
    let mut tally = Tally::NONE;
    let judged = judge::every_point(&fixture, case.fault, &mut tally);
    println!("{case}: {tally}");
    TOTAL.lock().unwrap().add(&tally);
    judged
}

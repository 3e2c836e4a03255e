//! Killed, or refused by the disk, at every system call that changes something.
//!
//! `strace` stands between the built program and the kernel: the N-th call of a
//! kind is never made because the process is killed there, or it fails with an
//! error. So the libraries' own writes are hit as well. After each run everything
//! must be wholly as before or wholly as after, at once or after the next writing
//! command, and nothing of larder's may be left lying about.
//!
//! `LARDER_FAULTS=full` runs the whole matrix (hours); without it a part that is
//! fit for every day.

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

fn every_day() -> Vec<Case> {
    let mut cases = Vec::new();
    for fault in [Fault::Kill, Fault::Error("ENOSPC")] {
        for verb in Verb::ALL {
            cases.push(Case {
                verb,
                place: Place::Dirty,
                commit: true,
                fault,
            });
        }
        for (place, commit) in [(Place::Linked, true), (Place::Dirty, false)] {
            cases.push(Case {
                verb: Verb::AddCache,
                place,
                commit,
                fault,
            });
        }
    }
    cases
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

fn trial(case: Case) -> Trial {
    let commit = if case.commit { "commit" } else { "no-commit" };
    let name = format!("{}::{}::{commit}::{}", case.verb, case.place, case.fault);
    Trial::test(name, move || run(case))
}

fn run(case: Case) -> Result<(), Failed> {
    let fixture = Fixture::new(case.verb, case.place, case.commit)?;
    let tally = judge::every_point(&fixture, case.fault)?;
    println!("{}, {}, {}: {tally}", case.verb, case.place, case.fault);
    TOTAL.lock().unwrap().add(&tally);
    Ok(())
}

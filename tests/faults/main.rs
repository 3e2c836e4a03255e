//! Killed, or refused by the disk, at every system call that changes something; and
//! the power fails between any two of them.
//!
//! `strace` stands between the built program and the kernel: the N-th call of a
//! kind is never made because the process is killed there, or it fails with an
//! error. So the libraries' own writes are hit as well. After each run everything
//! must be wholly as before or wholly as after, at once or after the next writing
//! command, and nothing of larder's may be left lying about.
//!
//! A power cut is played: `strace` writes down one run, and disks are made of it on
//! which any part is missing of what was not waited for ([`recording`] has the rules).
//!
//! What a command left half made, the next one cleans up; all of that happens to that
//! one as well ([`scene`] has what it finds).
//!
//! Without more, every point of every command is hit twice: by a kill, and by a disk
//! that is full once; and disks are made where it matters most. `LARDER_FAULTS=full`
//! adds the other faults, places and disks. `LARDER_BIN` names the program under test;
//! an optimised one takes a fifth of the time.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests touch the world, and fail where it does not answer"
)]

mod fixture;
mod hit;
mod judge;
mod points;
mod power;
mod recording;
mod replay;
mod scene;
mod state;
mod tally;
mod trace;
mod tree;

use std::env;
use std::fmt;
use std::process::ExitCode;
use std::sync::Mutex;

use libtest_mimic::{Arguments, Failed, Trial};

use fixture::{Fixture, Place, Verb};
use judge::Judge;
use points::Fault;
use replay::Thoroughness;
use scene::{HalfMade, Scene};
use tally::Tally;

/// What all trials of this run have seen.
static HIT: Mutex<Tally> = Mutex::new(Tally::of("points"));
static CUT: Mutex<Tally> = Mutex::new(Tally::of("disks after a power cut"));

fn main() -> ExitCode {
    let matrix = if is_full() { everything() } else { every_day() };
    let trials = matrix.into_iter().map(trial).collect();
    let exit = libtest_mimic::run(&Arguments::from_args(), trials).exit_code();
    println!("{}\n{}", HIT.lock().unwrap(), CUT.lock().unwrap());
    exit
}

/// True if every fault in every place is asked for.
fn is_full() -> bool {
    env::var_os("LARDER_FAULTS").is_some_and(|it| it == "full")
}

const EVERY_DAY: Thoroughness = Thoroughness {
    few: 4,
    always: false,
};
const FULL: Thoroughness = Thoroughness {
    few: 6,
    always: true,
};

/// One command in one place under one kind of trouble.
#[derive(Debug, Clone, Copy)]
struct Case {
    verb: Verb,
    place: Place,
    commit: bool,
    moment: Moment,
    trouble: Trouble,
}

/// When it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// While the command runs.
    Command,
    /// While the next command cleans up, since the first was killed.
    CleanUp,
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    Fault(Fault),
    PowerCut,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, place) = (self.verb, self.place);
        let commit = if self.commit { "commit" } else { "no-commit" };
        write!(f, "{verb}::{place}::{commit}::")?;
        if self.moment == Moment::CleanUp {
            f.write_str("clean-up::")?;
        }
        match self.trouble {
            Trouble::Fault(fault) => write!(f, "{fault}"),
            Trouble::PowerCut => f.write_str("power-cut"),
        }
    }
}

/// What happens most: a process that is killed, a disk that is full, a power cut. A
/// clean work tree sees the same calls as one with other work in it; what is different
/// in a linked one is where the journal lies, and a commit has no part in that, nor has
/// how it is cleaned up.
fn every_day() -> Vec<Case> {
    let often = |it: Trouble| {
        matches!(
            it,
            Trouble::PowerCut | Trouble::Fault(Fault::Kill | Fault::Error("ENOSPC"))
        )
    };
    let seldom = |case: &Case| match case.place {
        Place::Clean => true,
        Place::Linked if case.moment == Moment::CleanUp => true,
        Place::Linked => case.commit && matches!(case.trouble, Trouble::PowerCut),
        Place::Dirty => false,
    };
    everything()
        .into_iter()
        .filter(|case| often(case.trouble) && !seldom(case))
        .collect()
}

fn everything() -> Vec<Case> {
    let faults = Fault::ALL.map(Trouble::Fault).into_iter();
    let troubles: Vec<Trouble> = faults.chain([Trouble::PowerCut]).collect();
    let mut cases = Vec::new();
    for moment in [Moment::Command, Moment::CleanUp] {
        for &trouble in &troubles {
            for verb in Verb::ALL {
                for place in Place::ALL {
                    for commit in [true, false] {
                        cases.push(Case {
                            verb,
                            place,
                            commit,
                            moment,
                            trouble,
                        });
                    }
                }
            }
        }
    }
    cases
}

fn trial(case: Case) -> Trial {
    Trial::test(case.to_string(), move || run(case))
}

fn run(case: Case) -> Result<(), Failed> {
    let fixture = Fixture::new(case.verb, case.place, case.commit)?;
    let mut judge = Judge::of(&fixture)?;
    let scenes = match case.moment {
        Moment::Command => vec![Scene::of(&fixture)],
        Moment::CleanUp => half_made(&fixture, &judge, case.trouble)?,
    };
    let (mut tally, total) = match case.trouble {
        Trouble::Fault(_) => (Tally::of("points"), &HIT),
        Trouble::PowerCut => (Tally::of("disks"), &CUT),
    };
    let judged = scenes.iter().try_for_each(|scene| match case.trouble {
        Trouble::Fault(fault) => hit::every_point(scene, &mut judge, fault, &mut tally),
        Trouble::PowerCut => {
            let how = if is_full() { FULL } else { EVERY_DAY };
            power::every_disk(scene, &mut judge, how, &mut tally)
        }
    });
    println!("{case}: {tally}");
    total.lock().unwrap().add(&tally);
    judged
}

/// What there is to clean up: all that kills and, before a power cut, other power cuts
/// may leave; or what takes most to clean up after a kill.
fn half_made(fixture: &Fixture, judge: &Judge<'_>, trouble: Trouble) -> Result<Vec<Scene>, Failed> {
    let mut half_made = HalfMade::of(fixture, judge);
    half_made.by_kills()?;
    if !is_full() {
        return Ok(half_made.longest());
    }
    if matches!(trouble, Trouble::PowerCut) {
        power::half_made(fixture, EVERY_DAY, &mut half_made)?;
    }
    Ok(half_made.all())
}

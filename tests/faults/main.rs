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
    let trials = cases().into_iter().map(trial).collect();
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

/// The faults that happen most: a process that is killed, and a disk that is full.
fn faults() -> Vec<Fault> {
    let often = |it: &Fault| matches!(it, Fault::Kill | Fault::Error("ENOSPC"));
    let all = Fault::ALL.into_iter();
    all.filter(|it| is_full() || often(it)).collect()
}

/// One command in one place under one kind of trouble.
#[derive(Debug, Clone, Copy)]
struct Case {
    verb: Verb,
    place: Place,
    commit: bool,
    trouble: Trouble,
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    Fault(Fault),
    PowerCut,
    /// All of it again, while the next command cleans up what the first left half made.
    Twice,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, place) = (self.verb, self.place);
        let commit = if self.commit { "commit" } else { "no-commit" };
        write!(f, "{verb}::{place}::{commit}::")?;
        match self.trouble {
            Trouble::Fault(fault) => write!(f, "{fault}"),
            Trouble::PowerCut => f.write_str("power-cut"),
            Trouble::Twice => f.write_str("twice"),
        }
    }
}

/// A clean work tree sees the same calls as one with other work in it; what is different
/// in a linked one is where the journal lies, and a commit has no part in that, nor has
/// how it is cleaned up.
fn is_every_day(case: &Case) -> bool {
    match (case.place, case.trouble) {
        (Place::Clean, _) | (Place::Linked, Trouble::Twice) => false,
        (Place::Linked, Trouble::PowerCut) => !case.commit,
        (Place::Linked, Trouble::Fault(_)) | (Place::Dirty, _) => true,
    }
}

fn cases() -> Vec<Case> {
    let faults = faults().into_iter().map(Trouble::Fault);
    let troubles: Vec<Trouble> = faults.chain([Trouble::PowerCut, Trouble::Twice]).collect();
    let mut cases = Vec::new();
    for &trouble in &troubles {
        for verb in Verb::ALL {
            for place in Place::ALL {
                for commit in [true, false] {
                    cases.push(Case {
                        verb,
                        place,
                        commit,
                        trouble,
                    });
                }
            }
        }
    }
    cases.retain(|case| is_full() || is_every_day(case));
    cases
}

fn trial(case: Case) -> Trial {
    Trial::test(case.to_string(), move || run(case))
}

fn run(case: Case) -> Result<(), Failed> {
    let fixture = Fixture::new(case.verb, case.place, case.commit)?;
    let mut run = Run {
        judge: Judge::of(&fixture)?,
        hit: Tally::of("points"),
        cut: Tally::of("disks"),
    };
    let judged = match case.trouble {
        Trouble::Fault(fault) => run.hit(&Scene::of(&fixture), fault),
        Trouble::PowerCut => run.cut(&Scene::of(&fixture)),
        Trouble::Twice => run.twice(&fixture),
    };
    for (tally, total) in [(&run.hit, &HIT), (&run.cut, &CUT)] {
        if !tally.is_empty() {
            println!("{case}: {tally}");
        }
        total.lock().unwrap().add(tally);
    }
    judged
}

/// One case, and what it has seen so far.
struct Run<'a> {
    judge: Judge<'a>,
    hit: Tally,
    cut: Tally,
}

impl Run<'_> {
    fn hit(&mut self, scene: &Scene, fault: Fault) -> Result<(), Failed> {
        hit::every_point(scene, &mut self.judge, fault, &mut self.hit)
    }

    fn cut(&mut self, scene: &Scene) -> Result<(), Failed> {
        let how = if is_full() { FULL } else { EVERY_DAY };
        power::every_disk(scene, &mut self.judge, how, &mut self.cut)
    }

    /// In full, all that kills leave is hit, and what power cuts leave is cut off, too.
    fn twice(&mut self, fixture: &Fixture) -> Result<(), Failed> {
        let mut half_made = HalfMade::of(fixture);
        half_made.by_kills(&self.judge)?;
        for scene in half_made.scenes(is_full()) {
            for fault in faults() {
                self.hit(scene, fault)?;
            }
        }
        if is_full() {
            power::half_made(fixture, EVERY_DAY, &self.judge, &mut half_made)?;
        }
        let scenes = half_made.scenes(is_full());
        scenes.into_iter().try_for_each(|scene| self.cut(scene))
    }
}

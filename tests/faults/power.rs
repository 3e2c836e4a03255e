//! The power fails at any moment of a command: what it leaves on the disk, the next
//! command that writes brings wholly to before or wholly to after.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Failed;

use crate::fixture::Fixture;
use crate::judge::Judge;
use crate::points;
use crate::replay::{self, Thoroughness};
use crate::scene::{HalfMade, Scene};
use crate::state::PRIVATE;
use crate::tally::Tally;
use crate::trace;
use crate::tree::{Contents, Tree};

/// Tries the disks that a power cut during the scene's command may leave.
pub(crate) fn every_disk(
    scene: &Scene,
    judge: &mut Judge<'_>,
    how: Thoroughness,
    tally: &mut Tally,
) -> Result<(), Failed> {
    let Replayed {
        done,
        contents,
        disks,
    } = replayed(&scene.fixture, how)?;
    let mut cut = Cut {
        scene,
        judge,
        contents,
        now: None,
        orderly: BTreeMap::new(),
        refused: BTreeSet::new(),
    };
    let mut failures = Vec::new();
    for (disk, is_last) in &disks {
        tally.tried();
        match cut.disk(disk, *is_last, tally) {
            Ok(is_after) => tally.ended(is_after),
            Err(why) => failures.push(told(disk, &done, &why)),
        }
    }
    match failures.first() {
        None => Ok(()),
        Some(first) => Err(format!("{} disks; the first: {first}", failures.len()).into()),
    }
}

/// Takes in what a power cut during the fixture's command leaves half made.
pub(crate) fn half_made(
    fixture: &Fixture,
    how: Thoroughness,
    judge: &Judge<'_>,
    found: &mut HalfMade<'_>,
) -> Result<(), Failed> {
    let replayed = replayed(fixture, how)?;
    let mut contents = replayed.contents;
    let work = fixture.work();
    for disk in replayed.disks.keys() {
        let now = contents.read(&work)?;
        contents.turn(&work, &now, disk)?;
        found.take_in(judge)?;
    }
    Ok(())
}

/// What a command did to the disk, and the disks made of it.
struct Replayed {
    done: Tree,
    contents: Contents,
    /// True if it may be left after the command has ended.
    disks: BTreeMap<Tree, bool>,
}

fn replayed(fixture: &Fixture, how: Thoroughness) -> Result<Replayed, Failed> {
    let log = points::record(fixture)?;
    let recording = trace::read(fixture.template(), &fixture.work(), &log)?;
    let mut contents = Contents::default();
    let done = replay::whole(&recording, &mut contents);
    as_it_was(&done, &contents.read(&fixture.work())?)?;
    let disks = replay::disks(&recording, &mut contents, how);
    Ok(Replayed {
        done,
        contents,
        disks,
    })
}

/// One command whose power fails.
struct Cut<'a, 'j> {
    scene: &'a Scene,
    judge: &'a mut Judge<'j>,
    contents: Contents,
    /// What is in the folder of the repositories; `None` if nobody has looked.
    now: Option<Tree>,
    /// Disks on which the next command has left everything in order, and how.
    orderly: BTreeMap<Tree, bool>,
    /// What there was of journals beside which a command that reads has refused.
    refused: BTreeSet<Tree>,
}

impl Cut<'_, '_> {
    fn disk(&mut self, disk: &Tree, is_last: bool, tally: &mut Tally) -> Result<bool, Failed> {
        let fixture = &self.scene.fixture;
        let work = fixture.work();
        let now = match self.now.take() {
            Some(now) => now,
            None => self.contents.read(&work)?,
        };
        self.contents.turn(&work, &now, disk)?;
        self.no_key_is_seen(disk)?;
        let is_half_made = fixture.is_half_made();
        if is_half_made {
            tally.recovered();
            if self.refused.insert(self.ours(disk)) {
                self.judge.reading_refuses()?;
            }
        }
        let said = self.judge.next_command(is_half_made)?;
        let now = self.contents.read(&work)?;
        let is_after = if let Some(&is_after) = self.orderly.get(&now) {
            self.now = Some(now);
            is_after
        } else {
            let is_after = self.judge.is_an_end(&said)?;
            self.judge.examine(is_after)?;
            self.orderly.insert(now, is_after);
            is_after
        };
        self.scene.may_end(is_after, is_last)?;
        Ok(is_after)
    }

    /// Where there is any of a private key, git ignores it, also before anything is
    /// cleaned up.
    fn no_key_is_seen(&self, disk: &Tree) -> Result<(), Failed> {
        let start = format!("-----{PRIVATE}");
        let is_key = |number: &usize| {
            let bytes = self.contents.bytes(*number);
            bytes.is_some_and(|it| it.starts_with(start.as_bytes()))
        };
        if !disk.values().any(is_key) {
            return Ok(());
        }
        let fixture = &self.scene.fixture;
        let (repo, work) = (fixture.repo(), fixture.work());
        let seen = ["ls-files", "--others", "--exclude-standard"];
        for path in fixture.git(&seen)?.lines() {
            let path = repo.join(path);
            let name = path.strip_prefix(&work)?.display().to_string();
            if disk.get(&name).is_some_and(is_key) {
                return Err(format!("git sees the private key `{name}`").into());
            }
        }
        Ok(())
    }

    /// What there is of larder's own folder.
    fn ours(&self, disk: &Tree) -> Tree {
        let fixture = &self.scene.fixture;
        let ours = fixture.larder_dir();
        let is_ours = |path: &str| fixture.work().join(path).starts_with(&ours);
        let ours = disk.iter().filter(|(path, _)| is_ours(path));
        ours.map(|(path, number)| (path.clone(), *number)).collect()
    }
}

/// A replay is worth something only if all of it together is what really happened.
fn as_it_was(replayed: &Tree, real: &Tree) -> Result<(), Failed> {
    match difference(replayed, real).first() {
        None => Ok(()),
        Some(path) => Err(format!("the replay is wrong about `{path}`").into()),
    }
}

/// What is odd about a disk that a command could not put right.
fn told(disk: &Tree, done: &Tree, why: &Failed) -> String {
    let why = why.message().unwrap_or_default();
    let odd = difference(disk, done).join(", ");
    format!("{why}\nnot as after the command: {odd}")
}

fn difference<'a>(one: &'a Tree, other: &'a Tree) -> Vec<&'a str> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = |path: &&&String| one.get(**path) != other.get(**path);
    paths
        .iter()
        .filter(differs)
        .map(|path| path.as_str())
        .collect()
}

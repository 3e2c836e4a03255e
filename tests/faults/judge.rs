//! Whether all of a change is there, or nothing of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use libtest_mimic::Failed;

use crate::fixture::{Fixture, succeeded};
use crate::points::{self, Fault, Point};

/// How the points ended.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    points: usize,
    before: usize,
    after: usize,
    /// Of all, those that the next writing command had to clean up.
    recovered: usize,
}

impl Tally {
    pub(crate) const NONE: Self = Self {
        points: 0,
        before: 0,
        after: 0,
        recovered: 0,
    };

    pub(crate) fn add(&mut self, other: &Self) {
        self.points += other.points;
        self.before += other.before;
        self.after += other.after;
        self.recovered += other.recovered;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} points: {} before, {} after, {} in between ({} were cleaned up by the next command)",
            self.points,
            self.before,
            self.after,
            self.points - self.before - self.after,
            self.recovered
        )
    }
}

/// Hits every point of the command, and judges each.
pub(crate) fn every_point(
    fixture: &Fixture,
    fault: Fault,
    tally: &mut Tally,
) -> Result<(), Failed> {
    let points = points::all(fixture, fault)?;
    let after = State::of(fixture)?;
    fixture.reset()?;
    let before = State::of(fixture)?;
    if before == after || points.is_empty() {
        return Err("the command changes nothing".into());
    }
    let mut judge = Judge {
        fixture,
        fault,
        before,
        after,
        known: HashSet::new(),
        tally,
    };
    let mut failures = Vec::new();
    for point in &points {
        if let Err(why) = judge.point(point) {
            failures.push(format!("at {point}\n{}", why.message().unwrap_or_default()));
        }
    }
    match failures.first() {
        None => Ok(()),
        Some(first) => Err(format!(
            "{} of {} points; the first: {first}",
            failures.len(),
            points.len()
        )
        .into()),
    }
}

/// One command under one kind of fault.
struct Judge<'a> {
    fixture: &'a Fixture,
    fault: Fault,
    before: State,
    after: State,
    /// What has been left behind on which the command was seen to do its work.
    known: HashSet<Residue>,
    tally: &'a mut Tally,
}

impl Judge<'_> {
    fn point(&mut self, point: &Point) -> Result<(), Failed> {
        self.tally.points += 1;
        let mut output = points::hit(self.fixture, point, self.fault)?;
        let said_done = hit_as_meant(self.fault, point, &output)?;
        if self.fixture.larder_dir().join("journal").exists() {
            output = cleaned_up(self.fixture)?;
            self.tally.recovered += 1;
        }
        let is_after = self.is_an_end(&output)?;
        if said_done && !is_after {
            return Err("larder said that it was done, and nothing is".into());
        }
        sound(self.fixture, false)?;
        if !is_after {
            self.again()?;
        }
        self.tally.after += usize::from(is_after);
        self.tally.before += usize::from(!is_after);
        Ok(())
    }

    /// True if this is the state after, false if it is the one before.
    fn is_an_end(&self, output: &Output) -> Result<bool, Failed> {
        let now = State::of(self.fixture)?;
        if now == self.before || now == self.after {
            return Ok(now == self.after);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let (before, after) = (now.difference(&self.before), now.difference(&self.after));
        Err(
            format!("in between\nnot before: {before}\nnot after: {after}\nlarder said: {said}")
                .into(),
        )
    }

    /// What was taken back can be done.
    fn again(&mut self) -> Result<(), Failed> {
        let residue = residue(self.fixture)?;
        if self.known.contains(&residue) {
            return Ok(());
        }
        let command: Vec<&str> = self.fixture.command.iter().map(String::as_str).collect();
        succeeded("the command again", self.fixture.larder(&command)?)?;
        if State::of(self.fixture)? != self.after {
            return Err("the command again did not do its work".into());
        }
        sound(self.fixture, true)?;
        self.known.insert(residue);
        Ok(())
    }
}

/// A command that reads says what is wrong; one that writes puts it right,
/// whatever it says itself (there may be no inventory yet).
fn cleaned_up(fixture: &Fixture) -> Result<Output, Failed> {
    let lint = fixture.larder(&["lint"])?;
    if lint.status.code() != Some(2) {
        return Err(format!("`lint` beside a half-made change: {}", lint.status).into());
    }
    let sync = fixture.larder(&["sync", "--yes", "--no-commit"])?;
    let streams = [&sync.stdout, &sync.stderr];
    let told = streams
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .concat();
    if told.contains("was interrupted: its change is") {
        return Ok(sync);
    }
    Err(format!("nobody was told of the cleaning up: {told}").into())
}

/// True if larder ended well, and so claims to have done its work.
fn hit_as_meant(fault: Fault, point: &Point, output: &Output) -> Result<bool, Failed> {
    use std::os::unix::process::ExitStatusExt;
    let killed = output.status.signal() == Some(9) || output.status.code() == Some(137);
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code();
    match (fault, code) {
        (Fault::Kill, _) if killed => Ok(false),
        (Fault::Kill, _) => Err(format!("it was not killed: {}: {said}", output.status).into()),
        (_, Some(0)) => Ok(true),
        // A full disk refuses what larder says as well, where that goes to a file.
        (Fault::Full, Some(1 | 2)) => Ok(false),
        (_, Some(1 | 2)) if !said.trim().is_empty() || point.speaks() => Ok(false),
        (_, Some(1 | 2)) => Err("it failed, and nobody was told why".into()),
        _ => Err(format!("it ended with {}: {said}", output.status).into()),
    }
}

/// What a kill may leave in larder's own folder until the next change is made.
const RUBBISH: [&str; 3] = ["journal.new", "journal.past", "objects"];

/// Nothing of ours lies about, nothing of git's is broken, no key is seen.
fn sound(fixture: &Fixture, last: bool) -> Result<(), Failed> {
    fixture.git(&["fsck", "--strict"])?;
    let mut files = BTreeMap::new();
    collect(&fixture.work(), &fixture.work(), true, &mut files)?;
    let ours = fixture.larder_dir();
    let ours = ours.strip_prefix(fixture.work())?.display().to_string();
    let lock = format!("{ours}/lock");
    let cache = format!("{ours}/cache");
    for (path, (_, text)) in &files {
        let rubbish = RUBBISH
            .iter()
            .any(|it| path.starts_with(&format!("{ours}/{it}")));
        let left = path.starts_with(&ours)
            && *path != ours
            && *path != lock
            && !path.starts_with(&cache)
            && (last || !rubbish);
        if left || path.split('.').next_back() == Some("lock") || path.contains("larder-tmp") {
            return Err(format!("`{path}` is left over").into());
        }
        if path.contains(".git/") && says_private(text) {
            return Err(format!("`{path}` holds a private key").into());
        }
    }
    let objects = fixture
        .program("git")
        .args(["cat-file", "--batch-all-objects", "--batch"])
        .output()?;
    if says_private(&String::from_utf8_lossy(&objects.stdout)) {
        return Err("a private key is in git's objects".into());
    }
    Ok(())
}

const PRIVATE: &str = "BEGIN OPENSSH PRIVATE KEY";
/// So many characters behind that line say nothing but the public half.
const PUBLIC: usize = 124;

/// True if there is more of a private key in this text than its public half, by
/// which a journal knows its file. In a journal, a line's end is two characters.
fn says_private(text: &str) -> bool {
    let line = format!("-----{PRIVATE}-----");
    let keys = text.split(&line).skip(1);
    let base64 = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    keys.map(|key| key.replace("\\n", "").replace('\n', ""))
        .any(|key| key.chars().take_while(base64).count() > PUBLIC)
}

/// Everything that is not as it was before the command was tried. Whatever the
/// command meets on its second try is in it: where this is the same, so is that.
type Residue = BTreeSet<(String, u32, String)>;

fn residue(fixture: &Fixture) -> Result<Residue, Failed> {
    let (mut before, mut now) = (BTreeMap::new(), BTreeMap::new());
    collect(&fixture.template(), &fixture.template(), true, &mut before)?;
    collect(&fixture.work(), &fixture.work(), true, &mut now)?;
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let gone = gone.map(|path| (path.clone(), 0, "gone".to_owned()));
    let other = now
        .iter()
        .filter(|(path, it)| before.get(*path) != Some(it));
    let other = other.map(|(path, (mode, text))| (nameless(path), *mode, text.clone()));
    Ok(gone.chain(other).collect())
}

/// Objects are named for what is in them.
fn nameless(path: &str) -> String {
    path.split_once("/objects/")
        .map_or(path, |(above, _)| above)
        .to_owned()
}

/// Everything that a user would miss: the files, and how git sees them.
#[derive(Debug, PartialEq, Eq)]
struct State {
    files: BTreeMap<String, (u32, String)>,
    git: BTreeMap<&'static str, String>,
}

impl State {
    fn of(fixture: &Fixture) -> Result<Self, Failed> {
        let mut files = BTreeMap::new();
        collect(&fixture.work(), &fixture.work(), false, &mut files)?;
        let mut git = BTreeMap::new();
        for (what, args) in [
            ("status", vec!["status", "--porcelain"]),
            ("staged", vec!["diff", "--cached"]),
            ("log", vec!["log", "--format=%s", "--all"]),
            ("reflog", vec!["reflog", "--format=%gs"]),
        ] {
            git.insert(what, without_hashes(&masked(&fixture.git(&args)?)));
        }
        Ok(Self { files, git })
    }

    fn difference(&self, other: &Self) -> String {
        let paths = self.files.keys().chain(other.files.keys());
        let differs = |path: &&String| self.files.get(*path) != other.files.get(*path);
        let mut said: Vec<String> = paths.filter(differs).cloned().collect();
        said.dedup();
        let git = self
            .git
            .iter()
            .filter(|(what, text)| other.git.get(*what) != Some(*text));
        said.extend(git.map(|(what, text)| format!("git {what}: {text:?}")));
        said.join(", ")
    }
}

fn collect(
    root: &Path,
    dir: &Path,
    gits: bool,
    files: &mut BTreeMap<String, (u32, String)>,
) -> Result<(), Failed> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let about = path.symlink_metadata()?;
        if path.ends_with(".git") && about.is_dir() && !gits {
            continue;
        }
        let name = path.strip_prefix(root)?.display().to_string();
        let text = if about.is_file() {
            masked(&String::from_utf8_lossy(&fs::read(&path)?))
        } else {
            String::new()
        };
        files.insert(name, (about.permissions().mode(), text));
        if about.is_dir() {
            collect(root, &path, gits, files)?;
        }
    }
    Ok(())
}

/// Keys are new in every run.
fn masked(text: &str) -> String {
    if text.starts_with(&format!("-----{PRIVATE}-----")) && text.ends_with("-----\n") {
        return format!("a whole {PRIVATE}");
    }
    let mut parts = text.split("AAAAC3NzaC1lZDI1NTE5AAAAI");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |so_far, part| {
        so_far + "KEY" + part.get(43..).unwrap_or_default()
    })
}

/// Names of objects follow from contents that are compared anyway.
fn without_hashes(text: &str) -> String {
    let kept = text.lines().filter(|line| !line.starts_with("index "));
    kept.collect::<Vec<_>>().join("\n")
}

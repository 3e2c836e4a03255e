//! Whether all of a change is there, or nothing of it.

use std::collections::{BTreeMap, HashSet};
use std::process::Output;

use libtest_mimic::Failed;

use crate::fixture::{CLEAN_UP, Fixture, succeeded};
use crate::state::{PRIVATE, Residue, State, collect, residue};

/// Judges what a fault has made of one command.
pub(crate) struct Judge<'a> {
    fixture: &'a Fixture,
    before: State,
    after: State,
    /// What has been left behind on which the command was seen to do its work.
    known: HashSet<Residue>,
}

impl<'a> Judge<'a> {
    /// Runs the command without a fault, to see what there is before and after.
    pub(crate) fn of(fixture: &'a Fixture) -> Result<Self, Failed> {
        let before = State::of(fixture)?;
        run(fixture)?;
        let after = State::of(fixture)?;
        if before == after {
            return Err("the command changes nothing".into());
        }
        Ok(Self {
            fixture,
            before,
            after,
            known: HashSet::new(),
        })
    }

    /// Commands that only look say what is wrong, and leave it so.
    pub(crate) fn reading_refuses(&self) -> Result<(), Failed> {
        for looks in [&["lint"][..], &["sync", "--dry-run"]] {
            let output = self.fixture.larder(looks)?;
            let said = String::from_utf8_lossy(&output.stderr);
            if output.status.code() != Some(2) || !said.contains("its change is incomplete") {
                return Err(format!(
                    "{looks:?} beside a half-made change: {}: {said}",
                    output.status
                )
                .into());
            }
        }
        Ok(())
    }

    /// The next command that writes, whatever else it finds to do (there may be no
    /// inventory yet). What was half made it puts right, and says so.
    pub(crate) fn next_command(&self, is_half_made: bool) -> Result<Output, Failed> {
        let sync = self.fixture.larder(&CLEAN_UP)?;
        let streams = [&sync.stdout, &sync.stderr];
        let told = streams
            .map(|it| String::from_utf8_lossy(it).into_owned())
            .concat();
        if !is_half_made || told.contains("was interrupted: its change is") {
            return Ok(sync);
        }
        Err(format!("nobody was told of the cleaning up: {told}").into())
    }

    /// True if this is the state after, false if it is the one before.
    pub(crate) fn is_an_end(&self, output: &Output) -> Result<bool, Failed> {
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

    /// Nothing is broken or left over, and what was taken back can be done.
    pub(crate) fn examine(&mut self, is_after: bool) -> Result<(), Failed> {
        sound(self.fixture, false)?;
        if is_after { Ok(()) } else { self.again() }
    }

    fn again(&mut self) -> Result<(), Failed> {
        let residue = residue(self.fixture)?;
        if self.known.contains(&residue) {
            return Ok(());
        }
        run(self.fixture)?;
        if State::of(self.fixture)? != self.after {
            return Err("the command again did not do its work".into());
        }
        sound(self.fixture, true)?;
        self.known.insert(residue);
        Ok(())
    }
}

fn run(fixture: &Fixture) -> Result<(), Failed> {
    let command: Vec<&str> = fixture.command.iter().map(String::as_str).collect();
    succeeded("the command itself", fixture.larder(&command)?).map(drop)
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
    // What `--no-commit` has written is noted for the next commit.
    let noted = format!("{ours}/uncommitted");
    for (path, (_, text)) in &files {
        let rubbish = RUBBISH
            .iter()
            .any(|it| path.starts_with(&format!("{ours}/{it}")));
        let left = path.starts_with(&ours)
            && *path != ours
            && *path != lock
            && *path != noted
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

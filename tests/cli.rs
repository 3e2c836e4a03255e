//! Commands as a user types them, in real git repositories.
//!
//! A case is a folder `tests/cases/<command>/<case>/`:
//!
//! * `cmd`: shell lines, run in the repository with `larder` on the PATH; a first
//!   line `# fleet: NAME` starts from `tests/fleets/NAME/`
//!   and `$KEYS` is `tests/keys`, `$SOURCE` the repository of larder
//! * `in/`: files of the repository, over those of the fleet
//! * `transcript`: each line, what it printed, its exit code if it is not 0
//! * `diff`: what all of it did to the repository, as `git diff` sees it
//!
//! A file that is a template of larder's as it stands is one line in both.
//! `UPDATE=1 cargo test --test suite cli::` writes the last two anew.

mod templates;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use libtest_mimic::{Failed, Trial};

use crate::folder::copy;

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |case: PathBuf| Trial::test(name_of(&case), move || run(&case));
    let mut trials: Vec<Trial> = cases().into_iter().map(trial).collect();
    assert!(!trials.is_empty(), "no cases were found");
    let hidden = "cli::templates-in-transcripts";
    trials.push(Trial::test(hidden, templates::nothing_is_hidden));
    trials
}

fn cases() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = folders(&tests().join("cases"))
        .iter()
        .flat_map(|command| folders(command))
        .collect();
    found.sort();
    found
}

fn folders(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("the folder of cases is there");
    let paths = entries.map(|entry| entry.expect("readable").path());
    paths.filter(|path| path.is_dir()).collect()
}

fn name_of(case: &Path) -> String {
    let relative = case
        .strip_prefix(tests().join("cases"))
        .expect("below tests/cases");
    format!("cli::{}", relative.display())
}

fn run(case: &Path) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let repo = place.path().join("repo");
    fs::create_dir(&repo)?;
    let script = fs::read_to_string(case.join("cmd"))?;
    if let Some(fleet) = script
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# fleet: "))
    {
        copy(&tests().join("fleets").join(fleet), &repo);
    }
    if case.join("in").is_dir() {
        copy(&case.join("in"), &repo);
    }
    let world = World {
        place: place.path(),
        repo: &repo,
    };
    world.sh("git init -q -b main && git add -A -f && git commit -q --allow-empty -m fleet && git tag start")?;
    let transcript = world.transcript(&script)?;
    let diff = world.sh("git add -A -N . && git diff --no-color start")?;
    let diff = world.masked(&String::from_utf8_lossy(&diff.stdout))?;
    compare(&case.join("transcript"), &transcript)?;
    compare(&case.join("diff"), &diff)
}

/// A repository, and a folder around it in which there may be more.
pub(crate) struct World<'a> {
    pub(crate) place: &'a Path,
    pub(crate) repo: &'a Path,
}

impl World<'_> {
    fn transcript(&self, script: &str) -> Result<String, Failed> {
        let mut text = String::new();
        let is_command = |line: &&str| !line.is_empty() && !line.starts_with('#');
        for line in script.lines().filter(is_command) {
            let output = self.sh(line)?;
            text.extend(["$ ", line, "\n"]);
            text.push_str(&String::from_utf8_lossy(&output.stdout));
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            if let Some(code @ 1..) = output.status.code() {
                text.extend(["[exit ", &code.to_string(), "]\n"]);
            }
        }
        self.masked(&text)
    }

    /// A shell line in an environment of its own: no configuration, time or name
    /// of the machine gets in.
    pub(crate) fn sh(&self, line: &str) -> Result<Output, Failed> {
        let larder = Path::new(env!("CARGO_BIN_EXE_larder"));
        let bin = larder.parent().expect("a binary lies in a folder");
        let path = std::env::var("PATH")?;
        let output = Command::new("sh")
            .args(["-c", line])
            .current_dir(self.repo)
            .env_clear()
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("HOME", self.place)
            .env("KEYS", tests().join("keys"))
            .env("SOURCE", env!("CARGO_MANIFEST_DIR"))
            .env("LC_ALL", "C.UTF-8")
            .envs(crate::environment::of_nix())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
            .stdin(std::process::Stdio::null())
            .output()?;
        Ok(output)
    }

    /// What differs from run to run is masked: places, commit ids, new keys. What is
    /// the same in every fleet is shortened.
    fn masked(&self, text: &str) -> Result<String, Failed> {
        let place = self
            .place
            .canonicalize()
            .unwrap_or_else(|_| self.place.to_owned());
        let text = text
            .replace(&place.display().to_string(), "[PLACE]")
            .replace(&self.place.display().to_string(), "[PLACE]")
            .replace(&tests().display().to_string(), "[TESTS]");
        let lines = text.split_inclusive('\n');
        let lines = lines
            .filter(|line| !line.starts_with("index "))
            .map(mask_ids);
        let masked: String = lines.map(|line| mask_new_keys(&line)).collect();
        templates::shortened(&masked)
    }
}

/// A key that larder has just made is another one each time.
fn mask_new_keys(line: &str) -> String {
    const ED25519: &str = "AAAAC3NzaC1lZDI1NTE5AAAAI";
    const LENGTH: usize = 68;
    let Some(at) = line.find(ED25519).filter(|at| line.len() >= at + LENGTH) else {
        return line.to_owned();
    };
    let key = &line[at..at + LENGTH];
    let known = |file: PathBuf| fs::read_to_string(file).is_ok_and(|text| text.contains(key));
    let keys = fs::read_dir(tests().join("keys")).expect("the known keys are there");
    if keys.flatten().any(|entry| known(entry.path())) {
        return line.to_owned();
    }
    line.replace(key, "[NEW KEY]")
}

/// `[main 1a2b3c4] …` → `[main COMMIT] …`
pub(crate) fn mask_ids(line: &str) -> String {
    let Some((branch, rest)) = line.strip_prefix('[').and_then(|l| l.split_once(' ')) else {
        return line.to_owned();
    };
    match rest.split_once(']') {
        Some((id, rest)) if id.len() >= 7 && id.chars().all(|c| c.is_ascii_hexdigit()) => {
            format!("[{branch} COMMIT]{rest}")
        }
        _ => line.to_owned(),
    }
}

fn compare(file: &Path, is: &str) -> Result<(), Failed> {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file, is)?;
        return Ok(());
    }
    let should = fs::read_to_string(file).unwrap_or_default();
    if should == is {
        return Ok(());
    }
    let diff =
        larder::internals::text::unified(&file.display().to_string(), Some(&should), Some(is));
    Err(format!("not as expected (UPDATE=1 writes it anew):\n{diff}").into())
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

//! One rule at a time: `tests/lint/<rule>/<case>.txt` is a small repository and
//! what lint says about it.
//!
//! A case is text in sections, each headed by `-- PATH --` (or
//! `-- PATH (untracked) --`). What a case leaves out is as it should be: an
//! inventory (`fleet.toml` here, or with `-- by hand --` the one of a cache that
//! people wired), a flake with its hosts, host modules with their imports, owned
//! modules as larder writes them. So a case shows only what is odd about it. An
//! empty section says that there is no such file.
//!
//! `-- expected --` is what people read: of the folder's rule only, in `all/` of
//! every rule; behind it, `-- fixed --`, the diff that `--fix` would make.
//! `UPDATE=1 cargo test --test suite lint::` writes both anew, and `docs/rules.md`.

mod near;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;
use larder::internals::command;
use larder::internals::diagnostic::{Diagnostic, Source, Stop};
use larder::internals::fleet::{self, Fleet};
use larder::internals::lint::{Finding, LintCache, RULES, Rule};
use larder::internals::project::Project;
use larder::internals::repo::{Loader, Repo, RepoPath, Stamp, Unreadable};
use larder::internals::{lint, report, text, wiring};
use libtest_mimic::{Failed, Trial};

const FLEET: &str = include_str!("lint/fleet.toml");
const BY_HAND: &str = include_str!("lint/by-hand.toml");
/// Machines have host keys.
const SSHD: &str = "services.openssh.enable = true;";
const EXPECTED: &str = "-- expected --\n";

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = cases().into_iter().map(trial).collect();
    trials.extend(cases().into_iter().map(cached));
    trials.extend(RULES.iter().map(|rule| {
        let name = format!("lint::{}::has-its-cases-and-its-page", rule.name());
        Trial::test(name, || is_complete(rule))
    }));
    trials.extend(RULES.iter().map(|rule| {
        let name = format!("lint::{}::has-one-severity", rule.name());
        Trial::test(name, || has_one_severity(rule))
    }));
    trials.push(Trial::test("lint::no-case-is-a-copy", no_case_is_a_copy));
    trials.push(Trial::test("lint::docs/rules.md", the_manual_is_true));
    trials
}

fn top() -> PathBuf {
    root().join("tests/lint")
}

fn cases() -> Vec<PathBuf> {
    let folders = entries(&top()).into_iter().filter(|path| path.is_dir());
    folders.flat_map(|folder| entries(&folder)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn trial(path: PathBuf) -> Trial {
    let rule = name(path.parent().expect("a case is in its rule's folder"));
    let case = name(path.with_extension("").as_path());
    Trial::test(format!("lint::{rule}::{case}"), move || run(&path, &rule))
}

/// What the lint cache has of a case changes no finding: not of the same case, and not
/// after anything in it has been edited.
fn cached(path: PathBuf) -> Trial {
    let rule = name(path.parent().expect("a case is in its rule's folder"));
    let case = name(path.with_extension("").as_path());
    Trial::test(format!("lint::{rule}::{case}::cached"), move || {
        let text = fs::read_to_string(&path)?;
        changes_nothing(&Case::of(&text)?)
    })
}

fn changes_nothing(case: &Case) -> Result<(), Failed> {
    let cache = Arc::new(LintCache::persistent());
    let cold = with_cache(case, &cache);
    let Some(bytes) = cache.to_bytes(&case.repo()) else {
        return Err("a first run has something to store".into());
    };
    let stored = || {
        let cache = LintCache::from_bytes(bytes.clone());
        cache.map(Arc::new).ok_or("what was written can be read")
    };
    let again = stored()?;
    same(&cold, &with_cache(case, &again), "unchanged")?;
    let repo = case.repo().with_hash_lookup(again.hash_lookup());
    if cold.is_ok() && again.to_bytes(&repo).is_some() {
        return Err("a second run learns nothing new".into());
    }
    for (what, edited) in case.edits() {
        let cold = with_cache(&edited, &Arc::default());
        same(&cold, &with_cache(&edited, &stored()?), &what)?;
    }
    Ok(())
}

type Found = Result<Vec<Finding>, Stop>;

fn with_cache(case: &Case, cache: &Arc<LintCache>) -> Found {
    let repo = case.repo().with_hash_lookup(cache.hash_lookup());
    let project = Project::read_by(repo, cache.clone());
    if project.fleet().is_ok() {
        return command::lint::findings(&project, Some(date(2026, 7, 1).into()), cache);
    }
    command::lint::findings(&project.without_inventory(), None, cache)
}

fn same(cold: &Found, warm: &Found, what: &str) -> Result<(), Failed> {
    if cold == warm {
        return Ok(());
    }
    Err(format!("{what}: without the cache:\n{cold:#?}\nwith it:\n{warm:#?}").into())
}

fn name(path: &Path) -> String {
    let name = path.file_name().expect("a case has a name");
    name.to_string_lossy().into_owned()
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

fn run(path: &Path, rule: &str) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let (files, expected) = text
        .split_once(EXPECTED)
        .ok_or("the case has no section `-- expected --`")?;
    let said = said(&Case::parse(files)?, rule);
    if updating() {
        fs::write(path, format!("{files}{EXPECTED}{said}"))?;
    } else if said != expected {
        return Err(format!("expected:\n{expected}\nlint says:\n{said}").into());
    }
    Ok(())
}

/// A rule fires somewhere, keeps silent where something only looks like its mistake,
/// and its page has all its parts.
fn is_complete(rule: &Rule) -> Result<(), Failed> {
    // What only Nix can say is tested with Nix.
    let asks_nix = rule.scope().is_none();
    let folder = if asks_nix { "tests/eval" } else { "tests/lint" };
    let texts = texts_of(&root().join(folder).join(rule.name()))?;
    let is_silent = |text: &str| {
        text.ends_with(EXPECTED) || (asks_nix && !text.contains(&format!("[{}]", rule.name())))
    };
    let (silent, firing): (BTreeMap<_, _>, BTreeMap<_, _>) =
        texts.into_iter().partition(|(_, text)| is_silent(text));
    if firing.is_empty() || silent.len() < 2 {
        let name = rule.name();
        return Err(format!("{folder}/{name}: a case that fires and two that do not").into());
    }
    if !asks_nix {
        look_alike(&silent, &firing)?;
    }
    let manual = rule.manual();
    if manual.lines().nth(1) != Some("") {
        return Err(format!("the summary of `{}` is not one line", rule.name()).into());
    }
    for part in ["## Why is this bad", "## Example", "## What to do"] {
        if !manual.contains(part) {
            return Err(format!("the header of `{}` has no `{part}`", rule.name()).into());
        }
    }
    Ok(())
}

fn look_alike(
    silent: &BTreeMap<String, String>,
    firing: &BTreeMap<String, String>,
) -> Result<(), Failed> {
    let firing = firing.values().map(|text| Case::of(text));
    let firing = firing.collect::<Result<Vec<_>, _>>()?;
    let mut wrong = String::new();
    for (case, text) in silent {
        if let Some(why) = near::is_no_look_alike(&Case::of(text)?, &firing)? {
            writeln!(wrong, "`{case}` does not look like the mistake: {why}")?;
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.into())
    }
}

/// The texts of a folder's cases, by their names.
fn texts_of(folder: &Path) -> Result<BTreeMap<String, String>, Failed> {
    let mut texts = BTreeMap::new();
    for path in entries(folder).into_iter().filter(|path| path.is_file()) {
        texts.insert(name(&path.with_extension("")), fs::read_to_string(path)?);
    }
    Ok(texts)
}

/// Two cases of one text are one case, whatever they are called.
fn no_case_is_a_copy() -> Result<(), Failed> {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut copies = String::new();
    for path in cases() {
        let text = fs::read_to_string(&path)?;
        let files = text
            .split_once(EXPECTED)
            .map_or(text.as_str(), |(files, _)| files);
        let words: Vec<&str> = files.split_whitespace().collect();
        if let Some(other) = seen.insert(words.join(" "), path.clone()) {
            writeln!(copies, "{} is {} again", path.display(), other.display())?;
        }
    }
    if copies.is_empty() {
        Ok(())
    } else {
        Err(copies.into())
    }
}

/// What both halves of a rule have printed in any case is as severe as the list, the
/// page and the manual say; and each half has printed something.
fn has_one_severity(rule: &Rule) -> Result<(), Failed> {
    let (name, severity) = (rule.name(), rule.severity.word());
    let page = command::lint::explain(name).map_err(|stop| format!("{stop:?}"))?;
    let list = command::lint::list();
    let is_listed = list.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some(name) && words.next() == Some(severity)
    });
    if !is_listed || !page.starts_with(&format!("{severity}: {name}\n")) {
        return Err("`--list` and `--explain` say what the rule says".into());
    }
    if !lint::manual().contains(&format!("\n## `{name}`\n\n*{severity}; ")) {
        return Err("docs/rules.md says what the rule says".into());
    }
    let static_half = rule.scope().map(|_| "tests/lint");
    let evaluated_half = rule.speaks_evaluated().then_some("tests/eval");
    for folder in [static_half, evaluated_half].into_iter().flatten() {
        let mut printed = Vec::new();
        for cases in entries(&root().join(folder)) {
            for text in texts_of(&cases)?.values() {
                let (_, output) = text.split_once(EXPECTED).unwrap_or_default();
                printed.extend(severities(output, name));
            }
        }
        if printed.is_empty() || printed.iter().any(|printed| printed != severity) {
            return Err(
                format!("in {folder}, not once and always `{severity}`: {printed:?}").into(),
            );
        }
    }
    Ok(())
}

/// How severe the findings of a rule are in an output, but for those that depend on a
/// condition of which it is not known whether it holds: these are warnings.
fn severities(output: &str, rule: &str) -> Vec<String> {
    let head = format!("[{rule}]");
    let mut all = Vec::new();
    for line in output.lines() {
        if let Some((before, _)) = line.split_once(&head) {
            all.push(before.rsplit(' ').next().unwrap_or_default().to_owned());
        } else if line.contains(CONDITION) && all.last().is_some_and(|last| last == "warning") {
            all.pop();
        }
    }
    all
}

/// The help line of what depends on a condition.
const CONDITION: &str = "help: this is so if `";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn the_manual_is_true() -> Result<(), Failed> {
    let path = root().join("docs/rules.md");
    if updating() {
        fs::write(path, lint::manual())?;
    } else if fs::read_to_string(path)? != lint::manual() {
        return Err("run `UPDATE=1 cargo test --test suite lint::` to write docs/rules.md".into());
    }
    Ok(())
}

/// What lint says, as people read it, and what `--fix` would do about it.
fn said(case: &Case, rule: &str) -> String {
    let project = Project::new(case.repo());
    let findings = |project: &Project| {
        let all = judge(project).unwrap_or_default().into_iter();
        let of_rule = all.filter(|finding| rule == "all" || finding.rule().name() == rule);
        of_rule.collect::<Vec<_>>()
    };
    let printed = match judge(&project) {
        Ok(_) => findings(&project)
            .into_iter()
            .map(Diagnostic::from)
            .collect(),
        Err(mistakes) => mistakes,
    };
    let fixed = lint::fixed(&project, findings).into_iter();
    let diffs = fixed.map(|(path, after)| {
        let before = project.repo().text(&path).ok().flatten();
        text::unified(path.as_str(), before.as_deref(), Some(&after))
    });
    let diffs: String = diffs.collect();
    let said = report::human(&printed, report::Style::PLAIN);
    if diffs.is_empty() {
        said
    } else {
        format!("{said}\n-- fixed --\n{diffs}")
    }
}

fn judge(project: &Project) -> Result<Vec<Finding>, Vec<Diagnostic>> {
    let fleet = project
        .fleet()
        .map_err(|stop| stop.diagnostics().to_vec())?;
    let flake = project.flake().map_err(|mistake| vec![mistake])?;
    let findings = lint::run(fleet, project.repo(), flake);
    let today = Some(date(2026, 7, 1).into());
    Ok(lint::allowed(fleet, findings, today))
}

/// A small repository.
struct Case {
    /// Its files by path, and whether git knows them.
    files: BTreeMap<String, (String, bool)>,
    /// Those that the case has itself.
    written: BTreeSet<String>,
}

impl Case {
    /// The case of a whole text, with what lint says behind it.
    fn of(text: &str) -> Result<Self, Failed> {
        Self::parse(text.split_once(EXPECTED).map_or(text, |(files, _)| files))
    }

    fn parse(text: &str) -> Result<Self, Failed> {
        let mut files = BTreeMap::new();
        let sections = text
            .split("\n-- ")
            .filter(|section| !section.trim().is_empty());
        for section in sections.map(|s| s.strip_prefix("-- ").unwrap_or(s)) {
            let (head, body) = section.split_once(" --\n").ok_or("a section has no head")?;
            if head == "by hand" {
                files.insert("larder.toml".to_owned(), (BY_HAND.to_owned(), true));
                continue;
            }
            let (path, tracked) = match head.strip_suffix(" (untracked)") {
                Some(path) => (path, false),
                None => (head, true),
            };
            // The line break before the next head is the head's.
            let body = format!("{}\n", body.trim_end_matches('\n'));
            files.insert(path.to_owned(), (body, tracked));
        }
        let mut case = Self {
            written: files.keys().cloned().collect(),
            files,
        };
        case.complete();
        Ok(case)
    }

    /// The case with one file edited, for every third file.
    fn edits(&self) -> Vec<(String, Self)> {
        let mut edits = Vec::new();
        for (number, (path, (text, tracked))) in self.files.iter().enumerate().step_by(3) {
            let lines = text.split_inclusive('\n');
            let middle = lines.clone().count() / 2;
            let without = lines.clone().enumerate().filter(|(at, _)| *at != middle);
            let texts = [
                ("a line less", without.map(|(_, line)| line).collect()),
                ("a line more", format!("{text}\n# more\n")),
                ("twice", format!("{text}{text}")),
                (
                    "another file's text",
                    self.files
                        .values()
                        .next()
                        .map_or(String::new(), |one| one.0.clone()),
                ),
                ("pai is kalaw", text.replace("pai", "kalaw")),
                ("kalaw is pai", text.replace("kalaw", "pai")),
            ];
            // One of them for each: the cases are many.
            let nth = (number + self.files.len() + text.len()) % (texts.len() + 1);
            if let Some((how, text)) = texts.into_iter().nth(nth) {
                let mut files = self.files.clone();
                files.insert(path.clone(), (text, *tracked));
                edits.push((format!("{path}: {how}"), self.with(files)));
            } else {
                let mut files = self.files.clone();
                files.remove(path);
                edits.push((format!("{path}: gone"), self.with(files)));
            }
        }
        edits
    }

    fn with(&self, files: BTreeMap<String, (String, bool)>) -> Self {
        let written = self.written.clone();
        Self { files, written }
    }

    fn inventory(&self) -> Source {
        let text = self.files.get("larder.toml").map_or("", |(text, _)| text);
        Source::new("larder.toml", text)
    }

    /// Adds what the case leaves out, as it should be.
    fn complete(&mut self) {
        self.add("larder.toml", FLEET.to_owned());
        let Ok(fleet) = fleet::read(&self.inventory()) else {
            return;
        };
        for (path, text) in wiring::render(&fleet).unwrap_or_default() {
            self.add(&path, text);
        }
        self.add("flake.nix", flake_of(&fleet));
        let stubs = wiring::imports(&fleet);
        for host in fleet.hosts.values() {
            if let Some(module) = &host.module {
                let stub = stubs.iter().find(|(name, _)| *name == host.name);
                let stub = stub.map_or_else(String::new, |(_, path)| format!(" ./{path}"));
                self.add(
                    module,
                    format!("{{\n  imports = [{stub} ];\n  {SSHD}\n}}\n"),
                );
            }
        }
        // An empty section says: there is no such file.
        self.files.retain(|_, (text, _)| text != "\n");
    }

    fn add(&mut self, path: &str, text: String) {
        self.files.entry(path.to_owned()).or_insert((text, true));
    }

    fn repo(&self) -> Repo {
        let path = |path: &String| RepoPath::new(path).expect("paths of cases stay inside");
        let tracked = self.files.iter().filter(|(_, (_, tracked))| *tracked);
        let tracked: Vec<_> = tracked
            .map(|(name, (text, _))| (path(name), Some(stamp(name, text))))
            .collect();
        let files = self
            .files
            .iter()
            .map(|(name, (text, _))| (path(name), text.clone()));
        let files = Arc::new(Files(files.collect()));
        Repo::new(RepoPath::default(), tracked, files, true)
    }
}

/// What the system would say of a file: another content, another time.
fn stamp(name: &str, text: &str) -> Stamp {
    let hash = |text: &str| {
        let mut state = DefaultHasher::new();
        text.hash(&mut state);
        state.finish()
    };
    let time = Duration::from_nanos(hash(text));
    Stamp {
        device: 1,
        inode: hash(name),
        size: text.len() as u64,
        modified: time,
        changed: time,
    }
}

struct Files(BTreeMap<RepoPath, String>);

impl Loader for Files {
    fn load(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        Ok(self.0.get(path).map(|text| text.as_str().into()))
    }
}

/// A flake that defines the inventory's hosts.
fn flake_of(fleet: &Fleet) -> String {
    let mut out = "{\n  outputs = { nixpkgs, ... }: {\n".to_owned();
    for host in fleet.hosts.values() {
        let name = &host.name;
        let module = host.module.as_deref().unwrap_or("common.nix");
        writeln!(
            out,
            "    nixosConfigurations.{name} = nixpkgs.lib.nixosSystem {{\n      \
             system = \"x86_64-linux\";\n      modules = [ ./{module} ];\n    }};"
        )
        .expect("writing to a String cannot fail");
    }
    out + "  };\n}\n"
}

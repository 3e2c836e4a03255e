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
//! `UPDATE=1 cargo test --test lint` writes both anew, and `docs/rules.md`.

#![expect(
    clippy::disallowed_methods,
    reason = "tests touch the world, and fail where it does not answer"
)]

use std::collections::BTreeMap;
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
use larder::internals::lint::{Memory, RULES};
use larder::internals::project::Project;
use larder::internals::repo::{Loader, Repo, RepoPath, Stamp, Unreadable};
use larder::internals::{lint, report, text, wiring};
use libtest_mimic::{Arguments, Failed, Trial};

const FLEET: &str = include_str!("lint/fleet.toml");
const BY_HAND: &str = include_str!("lint/by-hand.toml");
/// Machines have host keys.
const SSHD: &str = "services.openssh.enable = true;";
const EXPECTED: &str = "-- expected --\n";

fn main() {
    let mut trials: Vec<Trial> = cases().into_iter().map(trial).collect();
    trials.extend(cases().into_iter().map(remembering));
    trials.extend(RULES.iter().map(|rule| {
        let name = format!("{}::has-its-cases-and-its-page", rule.name);
        Trial::test(name, || is_complete(rule))
    }));
    trials.push(Trial::test("docs/rules.md", the_manual_is_true));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint")
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
    Trial::test(format!("{rule}::{case}"), move || run(&path, &rule))
}

/// What a run remembers of a case changes no finding: not of the same case, and not
/// after anything in it has been edited.
fn remembering(path: PathBuf) -> Trial {
    let rule = name(path.parent().expect("a case is in its rule's folder"));
    let case = name(path.with_extension("").as_path());
    Trial::test(format!("{rule}::{case}::remembered"), move || {
        let text = fs::read_to_string(&path)?;
        let (files, _) = text.split_once(EXPECTED).unwrap_or((&text, ""));
        remembered(&Case::parse(files)?)
    })
}

fn remembered(case: &Case) -> Result<(), Failed> {
    let memory = Arc::new(Memory::that_lasts());
    let cold = with_memory(case, &memory);
    let Some(bytes) = memory.to_bytes(&case.repo()) else {
        return Err("a first run has something to remember".into());
    };
    let recall = || {
        let memory = Memory::from_bytes(bytes.clone());
        memory.map(Arc::new).ok_or("what was written can be read")
    };
    let again = recall()?;
    same(&cold, &with_memory(case, &again), "unchanged")?;
    let repo = case.repo().recalling(again.recall());
    if cold.is_ok() && again.to_bytes(&repo).is_some() {
        return Err("a second run learns nothing new".into());
    }
    for (what, edited) in case.edits() {
        let memory = recall()?;
        let cold = with_memory(&edited, &Arc::default());
        same(&cold, &with_memory(&edited, &memory), &what)?;
    }
    Ok(())
}

type Said = Result<Vec<Diagnostic>, Stop>;

fn with_memory(case: &Case, memory: &Arc<Memory>) -> Said {
    let repo = case.repo().recalling(memory.recall());
    let project = Project::read_by(repo, memory.clone());
    if project.fleet().is_ok() {
        return command::lint::findings(&project, Some(date(2026, 7, 1).into()), memory);
    }
    command::lint::findings(&project.without_inventory(), None, memory)
}

fn same(cold: &Said, warm: &Said, what: &str) -> Result<(), Failed> {
    if cold == warm {
        return Ok(());
    }
    Err(format!("{what}: without memory:\n{cold:#?}\nwith it:\n{warm:#?}").into())
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

/// A rule fires somewhere, keeps silent where nothing is wrong, and where
/// something only looks like it; and its page has all its parts.
fn is_complete(rule: &lint::Rule) -> Result<(), Failed> {
    // What only Nix can say is tested with Nix.
    let asks_nix = rule.reads() == lint::Reads::Nix;
    let folder = if asks_nix { "../eval" } else { "." };
    let texts = entries(&top().join(folder).join(rule.name)).into_iter();
    let texts = texts
        .map(fs::read_to_string)
        .collect::<Result<Vec<_>, _>>()?;
    let is_silent = |text: &String| {
        text.ends_with(EXPECTED) || (asks_nix && !text.contains(&format!("[{}]", rule.name)))
    };
    let (silent, firing): (Vec<_>, Vec<_>) = texts.into_iter().partition(is_silent);
    if firing.is_empty() || silent.len() < 2 {
        let folder = format!("tests/lint/{folder}/{}", rule.name);
        return Err(format!("{folder}: a case that fires and two that do not").into());
    }
    let manual = rule.manual();
    for part in ["## Why is this bad", "## Example", "## What to do"] {
        if !manual.contains(part) {
            return Err(format!("the header of `{}` has no `{part}`", rule.name).into());
        }
    }
    Ok(())
}

fn the_manual_is_true() -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if updating() {
        fs::write(path, lint::manual())?;
    } else if fs::read_to_string(path)? != lint::manual() {
        return Err("run `UPDATE=1 cargo test --test lint` to write docs/rules.md".into());
    }
    Ok(())
}

/// What lint says, as people read it, and what `--fix` would do about it.
fn said(case: &Case, rule: &str) -> String {
    let project = Project::new(case.repo());
    let findings = |project: &Project| {
        let all = judge(project).into_iter();
        let of_rule = all.filter(|finding| rule == "all" || finding.code == rule);
        of_rule.collect::<Vec<_>>()
    };
    let fixed = lint::fixed(&project, findings).into_iter();
    let diffs = fixed.map(|(path, after)| {
        let before = project.repo().text(&path).ok().flatten();
        text::unified(path.as_str(), before.as_deref(), Some(&after))
    });
    let diffs: String = diffs.collect();
    let said = report::human(&findings(&project), report::Style::PLAIN);
    if diffs.is_empty() {
        said
    } else {
        format!("{said}\n-- fixed --\n{diffs}")
    }
}

fn judge(project: &Project) -> Vec<Diagnostic> {
    let fleet = match project.fleet() {
        Ok(fleet) => fleet,
        Err(stop) => return stop.diagnostics().to_vec(),
    };
    match project.flake() {
        Ok(found) => lint::allowed(
            fleet,
            lint::run(fleet, project.repo(), found),
            Some(date(2026, 7, 1).into()),
        ),
        Err(problem) => vec![problem],
    }
}

/// The files of a case, and whether git knows them.
struct Case(BTreeMap<String, (String, bool)>);

impl Case {
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
        let mut case = Self(files);
        case.complete();
        Ok(case)
    }

    /// The case with one file edited, for every third file.
    fn edits(&self) -> Vec<(String, Self)> {
        let mut edits = Vec::new();
        for (number, (path, (text, tracked))) in self.0.iter().enumerate().step_by(3) {
            let lines = text.split_inclusive('\n');
            let middle = lines.clone().count() / 2;
            let without = lines.clone().enumerate().filter(|(at, _)| *at != middle);
            let texts = [
                ("a line less", without.map(|(_, line)| line).collect()),
                ("a line more", format!("{text}\n# more\n")),
                ("twice", format!("{text}{text}")),
                (
                    "another file's text",
                    self.0
                        .values()
                        .next()
                        .map_or(String::new(), |one| one.0.clone()),
                ),
                ("pai is kalaw", text.replace("pai", "kalaw")),
                ("kalaw is pai", text.replace("kalaw", "pai")),
            ];
            // One of them for each: the cases are many.
            let nth = (number + self.0.len() + text.len()) % (texts.len() + 1);
            if let Some((how, text)) = texts.into_iter().nth(nth) {
                let mut files = self.0.clone();
                files.insert(path.clone(), (text, *tracked));
                edits.push((format!("{path}: {how}"), Self(files)));
            } else {
                let mut files = self.0.clone();
                files.remove(path);
                edits.push((format!("{path}: gone"), Self(files)));
            }
        }
        edits
    }

    fn inventory(&self) -> Source {
        let text = self.0.get("larder.toml").map_or("", |(text, _)| text);
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
        self.0.retain(|_, (text, _)| text != "\n");
    }

    fn add(&mut self, path: &str, text: String) {
        self.0.entry(path.to_owned()).or_insert((text, true));
    }

    fn repo(&self) -> Repo {
        let path = |path: &String| RepoPath::new(path).expect("paths of cases stay inside");
        let tracked = self.0.iter().filter(|(_, (_, tracked))| *tracked);
        let tracked: Vec<_> = tracked
            .map(|(name, (text, _))| (path(name), Some(stamp(name, text))))
            .collect();
        let files = self
            .0
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

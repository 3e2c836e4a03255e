//! Flakes that define their hosts in odd ways: `tests/flake/<oddity>.txt` is a small
//! repository, the hosts that are found in it, and what a new host would change.
//!
//! A case is text in sections, each headed by `-- PATH --`; what stands before the
//! first says what is odd. `-- hosts --` is what discovery finds, `-- add newbox --`
//! the diff of a new host, `-- rename --` that of another name for the first host.
//! Every addition is parsed by real Nix, and taken out again it must leave the bytes that
//! were there; so must each host that is given its old name again. Where the flake needs no
//! module system, real Nix must have the same names. `UPDATE=1 cargo test --test suite
//! flake::` writes these sections anew.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use larder::internals::diagnostic::Diagnostic;
use larder::internals::flake::{self, Discoveries, Discovery, FoundHost, NewEntry};
use larder::internals::repo::{FileState, Loader, Repo, RepoPath, Unreadable};
use larder::internals::text::unified;
use libtest_mimic::{Failed, Trial};

const NEW: &str = "newbox";

pub(crate) fn trials() -> Vec<Trial> {
    cases().into_iter().map(trial).collect()
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(home()).expect("the folder of the cases is there");
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    paths
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flake")
}

fn trial(path: PathBuf) -> Trial {
    let name = path.file_stem().expect("a case has a name");
    let name = format!("flake::{}", name.to_string_lossy());
    Trial::test(name, move || run(&path))
}

fn run(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let (files, expected) = text
        .split_once("-- hosts --\n")
        .ok_or("the case has no section `-- hosts --`")?;
    let case = Case::parse(files);
    let said = said(&case)?;
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{files}-- hosts --\n{said}"))?;
    } else if said != expected {
        return Err(format!("expected:\n{expected}\nfound:\n{said}").into());
    }
    Ok(())
}

fn said(case: &Case) -> Result<String, Failed> {
    let repo = case.repo();
    let found = match flake::discover(&repo) {
        Ok(found) => found,
        Err(problem) => return Ok(refusal(&problem)),
    };
    if !found.is_followed() {
        return Ok(refusal(&found.notes[0]));
    }
    if case.is_evaluated() {
        agrees_with_nix(case, &found)?;
    }
    let mut out = String::new();
    for host in &found.hosts {
        writeln!(out, "{}", host_line(&repo, host))?;
    }
    for note in &found.notes {
        writeln!(out, "{}: {}", note.severity.word(), note.message)?;
    }
    write!(out, "-- add {NEW} --\n{}", addition(case, &repo, &found)?)?;
    write!(out, "-- rename --\n{}", renaming(case, &repo, &found)?)?;
    Ok(out)
}

fn host_line(repo: &Repo, host: &FoundHost) -> String {
    let module = host.module.as_ref().map(|module| repo.shown(module));
    let within = host.within.iter().map(|within| format!("#{within}"));
    let place = host.entry.as_ref().map_or("nowhere".to_owned(), |entry| {
        let text = repo.text(&entry.file).ok().flatten().unwrap_or_default();
        format!(
            "{}:{}",
            repo.shown(&entry.file),
            line(&text, entry.range.start)
        )
    });
    let system = host.system.iter().map(|system| format!(", {system}"));
    format!(
        "{}: {}{}\n    {} at {place}{}\n    {}{}",
        host.name,
        module.as_deref().unwrap_or("?"),
        within.collect::<String>(),
        host.shape,
        system.collect::<String>(),
        host.how,
        if host.confirm { " (to confirm)" } else { "" },
    )
}

fn line(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

fn refusal(problem: &Diagnostic) -> String {
    let mut lines = vec![format!(
        "{}[{}]: {}",
        problem.severity.word(),
        problem.code,
        problem.message
    )];
    for label in &problem.labels {
        let line = line(&label.source.text, label.range.start);
        lines.push(format!("  at {}:{line}", label.source.path));
    }
    lines.extend(problem.help.iter().map(|help| format!("  help: {help}")));
    lines.join("\n") + "\n"
}

/// The diff of a new host, after its way back was tried.
fn addition(case: &Case, repo: &Repo, found: &Discovery) -> Result<String, Failed> {
    let module = flake::module_path_for(repo, found, NEW);
    let new = NewEntry {
        name: NEW.to_owned(),
        system: None,
        module: repo.shown(&module),
        like: None,
        ..NewEntry::default()
    };
    let added = match flake::add_entry(repo, &Discoveries::default(), found, &new) {
        Ok(added) => added,
        Err(problem) => return Ok(refusal(&problem)),
    };
    let within = added.within.iter().map(|within| format!("#{within}"));
    let module = repo.shown(&added.module);
    let mut out = format!("module: {module}{}\n", within.collect::<String>());
    for note in &added.notes {
        writeln!(out, "note: {note}")?;
    }
    let mut states = vec![(
        added.module.clone(),
        FileState::Text(module_text(added.within.as_deref()).into()),
    )];
    if let Some(file) = &added.file {
        let text = file.with_module("{ }");
        parses(&file.path, &text)?;
        out += &unified(&repo.shown(&file.path), None, Some(&text));
        states.retain(|(path, _)| *path != file.path);
        states.push((file.path.clone(), FileState::Text(text.into())));
    }
    for (path, edit) in &added.edits {
        let before = text(repo, path)?;
        let after = edit.apply(&before);
        parses(path, &after)?;
        out += &unified(&repo.shown(path), Some(&before), Some(&after));
        states.push((path.clone(), FileState::Text(after.into())));
    }
    let after = repo.after(states);
    if case.is_evaluated() && added.edits.iter().any(|(path, _)| !is_nix(path)) {
        let found = flake::discover(&after).map_err(|problem| problem.message)?;
        agrees_with_nix(&case.after(&after)?, &found)?;
    }
    taken_back(repo, &after)?;
    Ok(out)
}

/// The diff of another name for the first host; each host was given one and its old one.
fn renaming(case: &Case, repo: &Repo, found: &Discovery) -> Result<String, Failed> {
    let mut said = Vec::new();
    for host in &found.hosts {
        said.push(renamed_and_back(case, repo, found, host)?);
    }
    Ok(said.swap_remove(0))
}

fn renamed_and_back(
    case: &Case,
    repo: &Repo,
    found: &Discovery,
    host: &FoundHost,
) -> Result<String, Failed> {
    let renamed = match flake::rename_entry(
        repo,
        &Discoveries::default(),
        found,
        &request(&host.name, NEW),
    ) {
        Ok(renamed) => renamed,
        Err(problem) => return Ok(refusal(&problem)),
    };
    let (after, out) = applied(repo, &renamed)?;
    let found = flake::discover(&after).map_err(|problem| problem.message)?;
    if case.is_evaluated() {
        agrees_with_nix(&case.after(&after)?, &found)?;
    }
    let back = flake::rename_entry(
        &after,
        &Discoveries::default(),
        &found,
        &request(NEW, &host.name),
    );
    let back =
        back.map_err(|problem| format!("{} and not back: {}", host.name, problem.message))?;
    let (back, _) = applied(&after, &back)?;
    let files =
        |repo: &Repo| -> Result<Vec<(String, String)>, Failed> { Ok(case.after(repo)?.files) };
    if files(&back)? == files(repo)? {
        Ok(out)
    } else {
        Err(format!("`{}` has its name again, and the bytes differ", host.name).into())
    }
}

fn request(old: &str, new: &str) -> flake::RenameRequest {
    flake::RenameRequest {
        old: old.to_owned(),
        new: new.to_owned(),
        module: None,
        moved_elsewhere: Vec::new(),
        generated: None,
    }
}

fn applied(repo: &Repo, renamed: &flake::Renamed) -> Result<(Repo, String), Failed> {
    let mut out = String::new();
    let mut states = Vec::new();
    for (path, edit) in &renamed.edits {
        let before = text(repo, path)?;
        let after = edit.apply(&before);
        parses(path, &after)?;
        out += &unified(&repo.shown(path), Some(&before), Some(&after));
        states.push((path.clone(), FileState::Text(after.into())));
    }
    let edited = repo.after(states);
    let mut states = Vec::new();
    for (old, new) in renamed.moves.files(repo) {
        writeln!(out, "moves {} to {}", repo.shown(&old), repo.shown(&new))?;
        states.push((new, FileState::Text(text(&edited, &old)?.into())));
        states.push((old, FileState::Deleted));
    }
    for note in &renamed.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok((edited.after(states), out))
}

fn is_nix(path: &RepoPath) -> bool {
    Path::new(path.as_str())
        .extension()
        .is_some_and(|e| e == "nix")
}

fn module_text(within: Option<&str>) -> String {
    within.map_or("{ }".to_owned(), |within| flake::nested(within, "{ }"))
}

fn taken_back(before: &Repo, after: &Repo) -> Result<(), Failed> {
    let found = flake::discover(after).map_err(|problem| problem.message)?;
    let removed = flake::remove_entry(after, &found, NEW).map_err(|problem| problem.message)?;
    for path in &removed.files {
        if before.exists(path) {
            return Err(format!("{path} was there before `{NEW}`").into());
        }
    }
    for (path, edit) in removed.edits {
        if edit.apply(&text(after, &path)?) != text(before, &path)? {
            return Err(format!("{path} is not as it was before `{NEW}`").into());
        }
    }
    Ok(())
}

fn text(repo: &Repo, path: &RepoPath) -> Result<String, Failed> {
    let text = repo.text(path).map_err(|why| format!("{path} {why}"))?;
    Ok(text.ok_or("a file is gone")?.to_string())
}

fn parses(path: &RepoPath, text: &str) -> Result<(), Failed> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(text.as_bytes())?;
    let reader = match path.as_str().rsplit_once('.') {
        Some((_, "json")) => "builtins.fromJSON",
        Some((_, "toml")) => "builtins.fromTOML",
        _ => "",
    };
    let mut nix = Command::new("nix-instantiate");
    if reader.is_empty() {
        nix.arg("--parse").arg(file.path());
    } else {
        let read = format!("{reader} (builtins.readFile {})", file.path().display());
        nix.args(["--eval", "--strict", "--expr", &read]);
    }
    let output = nix.stdout(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("real Nix says: {said}\n{text}").into())
}

/// Real Nix evaluates the flake, with `lib` and frameworks as larder has them.
fn agrees_with_nix(case: &Case, found: &Discovery) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for (path, text) in &case.files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
        fs::write(path, text)?;
    }
    let output = Command::new("nix-instantiate")
        .args([
            "--eval",
            "--strict",
            "--json",
            "--option",
            "restrict-eval",
            "false",
        ])
        .arg(home().join("evaluate.nix"))
        .arg("--arg")
        .arg("dir")
        .arg(case.dir_in(folder.path()))
        .env("NIX_STORE_DIR", folder.path().join("store"))
        .env("NIX_STATE_DIR", folder.path().join("state"))
        .output()?;
    if !output.status.success() {
        return Err(format!("real Nix says: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let names: Vec<String> = serde_json::from_slice(&output.stdout)?;
    let ours: Vec<&str> = found.hosts.iter().map(|host| host.name.as_str()).collect();
    if names == ours {
        Ok(())
    } else {
        Err(format!("real Nix has {names:?}, larder {ours:?}").into())
    }
}

/// A small repository.
struct Case {
    /// The folder of the flake.
    dir: String,
    files: Vec<(String, String)>,
}

impl Case {
    fn parse(text: &str) -> Self {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match line
                .strip_prefix("-- ")
                .and_then(|rest| rest.strip_suffix(" --\n"))
            {
                Some(path) => files.push((path.to_owned(), String::new())),
                None => {
                    if let Some((_, text)) = files.last_mut() {
                        text.push_str(line);
                    }
                }
            }
        }
        let dir = text
            .lines()
            .find_map(|line| line.strip_prefix("The flake's folder: "));
        Self {
            dir: dir.unwrap_or_default().to_owned(),
            files,
        }
    }

    fn repo(&self) -> Repo {
        let path = |path: &str| RepoPath::new(path).expect("paths of cases stay inside");
        let empty = Repo::new(path(&self.dir), [], Arc::new(Nothing), true);
        let files = self.files.iter();
        empty.after(files.map(|(file, text)| (path(file), FileState::Text(text.as_str().into()))))
    }

    /// The files as they are in the repository.
    fn after(&self, repo: &Repo) -> Result<Self, Failed> {
        let files = repo
            .tracked()
            .map(|path| Ok((path.to_string(), text(repo, path)?)));
        Ok(Self {
            dir: self.dir.clone(),
            files: files.collect::<Result<_, Failed>>()?,
        })
    }

    fn dir_in(&self, folder: &Path) -> PathBuf {
        if self.dir.is_empty() {
            folder.to_owned()
        } else {
            folder.join(&self.dir)
        }
    }

    /// flake-parts, clan and flakelight need the module system, which only real nixpkgs has.
    fn is_evaluated(&self) -> bool {
        !self
            .files
            .iter()
            .any(|(_, text)| NOT_HERE.iter().any(|word| text.contains(word)))
    }
}

/// What real Nix would have to fetch, or is not there on purpose.
const NOT_HERE: [&str; 6] = [
    "evalModules",
    "flake-parts",
    "clan-core",
    "flakelight",
    "private/",
    "fetchTarball",
];

struct Nothing;

impl Loader for Nothing {
    fn load(&self, _: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        Ok(None)
    }
}

//! One cause at a time: `tests/doctor/<cause>/<case>.txt` is what machines answered, and the
//! verdict on it.
//!
//! A case is text in sections. `-- client NAME --`, `-- cache NAME --` and
//! `-- attempt NAME --` replace one answer of a link that works (`healthy/` has it, as it was
//! recorded); an empty section takes the answer away. `-- no cache --` and `-- no attempt --`
//! take a whole half away, `-- url --` replaces the substituter, `-- web --` has the answers
//! of a cache over http(s) instead of a link over ssh (`web/` has what is there otherwise), and `-- inventory --` has what
//! larder.toml says of the link. `-- expected --` is what
//! people read; `UPDATE=1 cargo test --test suite doctor::` writes it anew, and
//! `docs/causes.md`.

use std::fs;
use std::path::{Path, PathBuf};

use larder::internals::doctor::{
    Attempt, CAUSES, CacheHalf, CacheHost, Cause, Client, Evidence, Expected, LinkReport,
    Transcript, judge, manual,
};
use libtest_mimic::{Failed, Trial};

const CLIENT: &str = include_str!("doctor/healthy/client");
const WEB: &str = include_str!("doctor/web/client");
const WEB_ATTEMPT: &str = include_str!("doctor/web/attempt");
const CACHE: &str = include_str!("doctor/healthy/cache");
const ATTEMPT: &str = include_str!("doctor/healthy/attempt");
const URL: &str = "ssh://nix-ssh@kalaw.fritz.box?priority=30";
const EXPECTED: &str = "-- expected --\n";

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = cases().into_iter().map(trial).collect();
    trials.extend(CAUSES.iter().map(|cause| {
        let name = format!("doctor::{}::has-its-cases-and-its-page", cause.name());
        Trial::test(name, || is_complete(cause))
    }));
    trials.push(Trial::test("doctor::docs/causes.md", the_manual_is_true));
    trials.push(Trial::test("doctor::scripts-are-clean", scripts_are_clean));
    trials
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn top() -> PathBuf {
    root().join("tests/doctor")
}

fn cases() -> Vec<PathBuf> {
    let folders = entries(&top()).into_iter().filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| entries(&folder));
    files
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn trial(path: PathBuf) -> Trial {
    let cause = stem(path.parent().unwrap());
    let name = format!("doctor::{cause}::{}", stem(&path));
    Trial::test(name, move || run(&path, &cause))
}

fn run(path: &Path, of: &str) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let (given, expected) = text
        .split_once(EXPECTED)
        .ok_or("the case has no section `-- expected --`")?;
    let case = Case::parse(given)?;
    let verdict = case.verdict();
    if updating() {
        fs::write(path, format!("{given}{EXPECTED}{verdict}"))?;
    } else if verdict != expected {
        return Err(format!("expected:\n{expected}\nand it is:\n{verdict}").into());
    }
    // Its own folder's cause, unless the case is a look-alike.
    let names_it = verdict.contains(&format!("  {of}: "));
    let is_other = stem(path).starts_with("not-") || matches!(of, "healthy" | "web");
    if names_it == is_other {
        return Err(format!("{}: the wrong verdict:\n{verdict}", path.display()).into());
    }
    Ok(())
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// The answers of the three scripts.
struct Case {
    client: String,
    cache: Option<String>,
    attempt: Option<String>,
    inventory: Option<Expected>,
}

impl Case {
    fn parse(text: &str) -> Result<Self, Failed> {
        let mut case = Self {
            client: CLIENT.to_owned(),
            cache: Some(CACHE.to_owned()),
            attempt: Some(ATTEMPT.to_owned()),
            inventory: None,
        };
        for (head, body) in sections(text) {
            case.take(&head, &body)?;
        }
        Ok(case)
    }

    fn take(&mut self, head: &str, body: &str) -> Result<(), Failed> {
        let (half, name) = head.split_once(' ').unwrap_or((head, ""));
        match half {
            "no" if name == "cache" => self.cache = None,
            "no" if name == "attempt" => self.attempt = None,
            "inventory" => self.inventory = Some(expected(body)),
            "web" => {
                WEB.clone_into(&mut self.client);
                self.cache = None;
                self.attempt = Some(WEB_ATTEMPT.to_owned());
            }
            "url" => self.client = self.client.replace(URL, body.trim()),
            "client" => self.client = replaced(&self.client, name, body),
            "cache" => replace(&mut self.cache, name, body),
            "attempt" => replace(&mut self.attempt, name, body),
            _ => return Err(format!("no such section: {head}").into()),
        }
        Ok(())
    }

    fn verdict(&self) -> String {
        let client = Client::read(&Transcript::parse(&self.client));
        let seen =
            |text: &String| CacheHalf::Seen(Box::new(CacheHost::read(&Transcript::parse(text))));
        let cache = self.cache.as_ref().map_or(CacheHalf::NotAsked, seen);
        let attempt = self
            .attempt
            .as_ref()
            .map(|text| Attempt::read(&Transcript::parse(text)));
        let evidence = Evidence {
            client: &client,
            route: client.routes.first(),
            web: client.webs.first().filter(|_| client.routes.is_empty()),
            ignored: client.ignored.first().map(String::as_str),
            cache: &cache,
            attempt: attempt.as_ref(),
            expected: self.inventory.as_ref(),
        };
        let (cache, url) = (evidence.cache_name(), evidence.url());
        LinkReport::new(&client.name, cache, url, &judge(&evidence)).text()
    }
}

/// What the inventory says of the link: `host-key`, `signing-key`, `identity` and `tunnel`, each with
/// its value, or two of them; the line is that of the section.
fn expected(body: &str) -> Expected {
    let values = |name: &'static str| {
        let lines = body.lines().enumerate();
        lines.filter_map(move |(at, line)| Some((line.strip_prefix(name)?.trim(), at + 1)))
    };
    Expected {
        cache: "kalaw".to_owned(),
        address: "kalaw.fritz.box".to_owned(),
        alias: "larder-kalaw".to_owned(),
        tunnel: values("tunnel").next().map(|(url, _)| url.to_owned()),
        user: "nix-ssh",
        host_keys: values("host-key")
            .map(|(key, line)| (key.parse().unwrap(), line))
            .collect(),
        signing_keys: values("signing-key")
            .map(|(key, line)| (key.parse().unwrap(), line))
            .collect(),
        identities: values("identity")
            .map(|(key, _)| key.parse().unwrap())
            .collect(),
        others: values("other")
            .map(|(key, _)| ("tak".to_owned(), key.parse().unwrap()))
            .collect(),
    }
}

fn replace(half: &mut Option<String>, name: &str, body: &str) {
    *half = half.as_deref().map(|text| replaced(text, name, body));
}

/// The text with another answer of this name.
fn replaced(text: &str, name: &str, body: &str) -> String {
    let head = format!("={name}\n");
    let mut blocks: Vec<String> =
        text.split_inclusive('\n')
            .fold(Vec::new(), |mut blocks, line| {
                if line.starts_with('=') {
                    blocks.push(String::new());
                }
                blocks
                    .last_mut()
                    .expect("an answer has a name")
                    .push_str(line);
                blocks
            });
    let new = if body.trim().is_empty() {
        String::new()
    } else {
        format!("{head}{body}")
    };
    match blocks.iter().position(|block| block.starts_with(&head)) {
        Some(at) => blocks[at] = new,
        None => blocks.push(new),
    }
    blocks.concat()
}

fn sections(text: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let head = line
            .strip_prefix("-- ")
            .and_then(|it| it.strip_suffix(" --"));
        match (head, sections.last_mut()) {
            (Some(head), _) => sections.push((head.to_owned(), String::new())),
            (None, Some((_, body))) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    sections
}

fn is_complete(cause: &Cause) -> Result<(), Failed> {
    let folder = top().join(cause.name());
    let cases = entries(&folder).into_iter();
    let own: Vec<PathBuf> = cases
        .filter(|path| !stem(path).starts_with("not-"))
        .collect();
    if own.is_empty() {
        return Err(format!("{} has no case that shows it", folder.display()).into());
    }
    let page = cause.manual();
    for heading in ["\n\n## What it looks like\n", "\n\n## What to do\n"] {
        if !page.contains(heading) {
            return Err(format!("the page of {} lacks {heading:?}", cause.name()).into());
        }
    }
    Ok(())
}

fn the_manual_is_true() -> Result<(), Failed> {
    let path = root().join("docs/causes.md");
    if updating() {
        fs::write(&path, manual())?;
    }
    if fs::read_to_string(&path)? != manual() {
        return Err("docs/causes.md is not what the causes say: run with UPDATE=1".into());
    }
    Ok(())
}

/// One script of its parts, as it is run.
fn scripts_are_clean() -> Result<(), Failed> {
    let folder = root().join("src/io/doctor");
    let read = |name: &str| fs::read_to_string(folder.join(name));
    for (half, before) in [
        ("client.sh", "web.sh"),
        ("server.sh", ""),
        ("closure.sh", ""),
    ] {
        let variables = "paths='' what=look url='' path='' offered='' keep='' user='' nonce='' client='' \
                         no_web='' sample=''\n";
        let before = if before.is_empty() {
            String::new()
        } else {
            read(before)?
        };
        let script = format!("{variables}{}{before}{}", read("common.sh")?, read(half)?);
        let place = tempfile::tempdir()?;
        let file = place.path().join(half);
        fs::write(&file, script)?;
        let ended = std::process::Command::new("shellcheck")
            .args(["-s", "sh", "-e", "SC2034"])
            .arg(&file)
            .output()?;
        if !ended.status.success() {
            return Err(String::from_utf8_lossy(&ended.stdout).into_owned().into());
        }
    }
    Ok(())
}

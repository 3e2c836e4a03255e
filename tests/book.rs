//! The book: every page is in its contents, every link leads somewhere, and what the pages
//! for users show is typed in and seen.
//!
//! A page that begins with `<!-- tried on: FLEET -->` is run from top to bottom in a repository
//! with that fleet (`tests/fleets`): each line of its console blocks that begins with `$ `. A
//! command must print every line that the page shows below it (`…` stands for anything), and
//! succeed; where something is shown, it may also say with exit code 1 that there is more to do. Beside the repository are the public keys that the pages name, and an `ssh` that
//! answers as the cache would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use crate::cli::{World, mask_ids};
use crate::folder::copy;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = pages()
        .into_iter()
        .filter_map(|page| {
            let text = fs::read_to_string(&page).ok()?;
            let fleet = tried_on(&text)?.to_owned();
            let name = format!("book::{}", name_of(&page));
            Some(Trial::test(name, move || typed_in(&text, &fleet)))
        })
        .collect();
    assert!(trials.len() >= 5, "pages that are tried were not found");
    let own = |name: &str, test: fn()| {
        let name = format!("book::{name}");
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    trials.push(own(
        "every_page_is_in_the_contents",
        every_page_is_in_the_contents,
    ));
    trials.push(own(
        "every_link_leads_somewhere",
        every_link_leads_somewhere,
    ));
    trials.push(own(
        "what_is_not_printed_is_missed",
        what_is_not_printed_is_missed,
    ));
    trials
}

fn every_page_is_in_the_contents() {
    let contents = fs::read_to_string(docs().join("SUMMARY.md")).unwrap();
    let named: BTreeSet<String> = links(&contents).into_iter().collect();
    let there: BTreeSet<String> = pages().iter().map(|page| name_of(page)).collect();
    let there: BTreeSet<String> = there
        .into_iter()
        .filter(|name| name != "SUMMARY.md")
        .collect();
    assert_eq!(
        named, there,
        "docs/SUMMARY.md (left) and the pages of docs/ (right)"
    );
}

fn every_link_leads_somewhere() {
    let texts: BTreeMap<String, String> = pages()
        .iter()
        .map(|page| (name_of(page), fs::read_to_string(page).unwrap()))
        .collect();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut dead = Vec::new();
    for (page, text) in texts
        .iter()
        .map(|(page, text)| (page.as_str(), text))
        .chain([("../README.md", &readme)])
    {
        for link in links(text).iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link
                .split_once('#')
                .map_or((link.as_str(), None), |(file, it)| (file, Some(it)));
            let file = if file.is_empty() {
                page
            } else {
                file.trim_start_matches("docs/")
            };
            let target = texts.get(file);
            let is_there =
                target.is_some() || docs().join(file).exists() || root().join(file).exists();
            let has_anchor = anchor
                .is_none_or(|anchor| target.is_some_and(|text| anchors(text).contains(anchor)));
            if !is_there || !has_anchor {
                dead.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

fn what_is_not_printed_is_missed() {
    for (shown, is_seen) in [
        ("a line", true),
        ("a …", true),
        ("…ine", true),
        ("no line", false),
        ("a …!", false),
    ] {
        assert_eq!(is_printed("some\na line\n", shown), is_seen, "{shown}");
    }
}

fn tried_on(text: &str) -> Option<&str> {
    text.lines()
        .next()?
        .strip_prefix("<!-- tried on: ")?
        .strip_suffix(" -->")
}

/// A command of a page, and what the page shows of its output.
struct Shown {
    command: String,
    output: Vec<String>,
}

fn typed_in(text: &str, fleet: &str) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let repo = place.path().join("repo");
    fs::create_dir(&repo)?;
    copy(&root().join("tests/fleets").join(fleet), &repo);
    put_beside(place.path())?;
    let world = World {
        place: place.path(),
        repo: &repo,
    };
    world.sh("git init -q -b main && git add -A && git commit -q -m fleet")?;
    let shown = shown(text);
    assert!(!shown.is_empty(), "no commands were found");
    for Shown { command, output } in shown {
        let ran = world.sh(&format!("PATH=$HOME/bin:$PATH; {command}"))?;
        let printed = [&ran.stdout[..], &ran.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        let may_be_open = ran.status.code() == Some(1) && !output.is_empty();
        if !ran.status.success() && !may_be_open {
            return Err(format!("$ {command}\n{printed}\n{}", ran.status).into());
        }
        let missing = output.iter().find(|line| !is_printed(&printed, line));
        if let Some(line) = missing {
            return Err(format!(
                "$ {command}\nthe page shows `{line}`, and this is printed:\n{printed}"
            )
            .into());
        }
    }
    Ok(())
}

/// Public keys under the names that the pages have for them, and an `ssh` that prints what
/// the cache has in the file of its public signing key.
fn put_beside(place: &Path) -> Result<(), Failed> {
    let keys = root().join("tests/keys");
    for (file, key) in [
        ("kalaw.pub", "kalaw.pub"),
        ("pai.pub", "pai.pub"),
        ("laptop.pub", "identity.pub"),
        ("vps.pub", "bagan.pub"),
        ("kalaw.signing", "kalaw.signing"),
    ] {
        fs::copy(keys.join(key), place.join(file))?;
    }
    let ssh = place.join("bin/ssh");
    fs::create_dir(place.join("bin"))?;
    fs::write(
        &ssh,
        format!(
            "#!/bin/sh\ncat '{}'\n",
            place.join("kalaw.signing").display()
        ),
    )?;
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// The commands of the console blocks, in order.
fn shown(text: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let (mut inside, mut goes_on) = (false, false);
    for line in text.replace("\\\n", " ").lines().map(str::trim) {
        if line.starts_with("```") {
            inside = line == "```console";
            goes_on = false;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            goes_on = true;
            found.push(Shown {
                command: command.to_owned(),
                output: Vec::new(),
            });
        } else if inside && goes_on && !line.is_empty() {
            found.last_mut().unwrap().output.push(line.to_owned());
        }
    }
    found
}

/// True if one of the lines is this one; `…` in it stands for anything.
fn is_printed(printed: &str, shown: &str) -> bool {
    let shown = mask_ids(shown);
    let parts: Vec<&str> = shown.split('…').collect();
    let fits = |line: &str| {
        let line = mask_ids(line.trim());
        let (first, last) = (parts[0], parts[parts.len() - 1]);
        if parts.len() == 1 {
            return line == first;
        }
        line.starts_with(first) && line[first.len()..].ends_with(last)
    };
    printed.lines().any(fits)
}

/// The targets of the links of a page, those in blocks of code left out.
fn links(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2);
    let mut found = Vec::new();
    for text in prose {
        let after = text.split("](").skip(1);
        found.extend(after.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())));
    }
    found
}

/// The names under which a page's headings are linked to.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| slug(line.trim_start_matches('#').trim()))
        .collect()
}

/// As GitHub and mdBook make it of a heading.
fn slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| {
        if c == ' ' {
            '-'
        } else {
            c.to_ascii_lowercase()
        }
    })
    .collect()
}

fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(docs()).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|page| page.extension().is_some_and(|kind| kind == "md"));
    pages.sort();
    pages
}

fn name_of(page: &Path) -> String {
    page.file_name().unwrap().to_string_lossy().into_owned()
}

fn docs() -> PathBuf {
    root().join("docs")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

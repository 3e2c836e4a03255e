//! What `larder help TOPIC` shows: sections of the guide, pages of the book, the keys of the
//! inventory, rules and causes. Each text has its place there; here are the names.

use std::fmt::Write as _;

use crate::command::{doctor, lint};
use crate::diagnostic::{Diagnostic, Stop};
use crate::doctor::{CAUSES, Cause};
use crate::fleet::{self, nearest};
use crate::lint::{RULES, Rule};
use crate::text::plain_markdown;

/// A topic that has a name of its own.
#[derive(Debug)]
pub struct Topic {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is about.
    pub summary: &'static str,
    text: Text,
}

/// Where the text of a topic is.
#[derive(Debug)]
enum Text {
    /// A page of the book.
    Page(&'static str),
    /// The section of the guide that has this heading.
    Section(&'static str),
    /// It is worked out.
    Made(fn() -> String),
}

const GUIDE: &str = include_str!("../../docs/guide.md");

const fn page(name: &'static str, summary: &'static str, text: &'static str) -> Topic {
    let text = Text::Page(text);
    Topic {
        name,
        summary,
        text,
    }
}

const fn section(name: &'static str, summary: &'static str, heading: &'static str) -> Topic {
    let text = Text::Section(heading);
    Topic {
        name,
        summary,
        text,
    }
}

const fn made(name: &'static str, summary: &'static str, make: fn() -> String) -> Topic {
    let text = Text::Made(make);
    Topic {
        name,
        summary,
        text,
    }
}

/// The topics, in the order of their list.
pub const TOPICS: &[Topic] = &[
    page(
        "tutorial",
        "two machines, from nothing to the first path",
        include_str!("../../docs/tutorial.md"),
    ),
    made(
        "larder.toml",
        "the inventory, and each of its keys",
        inventory,
    ),
    section(
        "repositories",
        "which repositories larder can work on",
        "## Which repositories",
    ),
    section(
        "steps",
        "the next steps that a command prints, and their order",
        "### The next steps",
    ),
    section(
        "key-files",
        "the keys, and where their two halves are",
        "## Keys, and where they lie",
    ),
    section(
        "cache-off",
        "what happens while a cache is switched off",
        "## When a cache is off",
    ),
    page(
        "homelab",
        "a laptop, a machine at home, a VPS",
        include_str!("../../docs/homelab.md"),
    ),
    page(
        "other-machines",
        "clients that are not NixOS",
        include_str!("../../docs/other-machines.md"),
    ),
    page(
        "team",
        "a repository of several people",
        include_str!("../../docs/team.md"),
    ),
    page(
        "adopting",
        "wiring that was made by hand",
        include_str!("../../docs/adopting.md"),
    ),
    page(
        "changing-keys",
        "a new key in the place of an old one",
        include_str!("../../docs/rotate.md"),
    ),
    page(
        "machine-lost",
        "a machine that is broken, stolen or installed anew",
        include_str!("../../docs/machine-lost.md"),
    ),
    page(
        "moving-a-cache",
        "another machine becomes the cache",
        include_str!("../../docs/moving-a-cache.md"),
    ),
    page(
        "leaving",
        "three ways out of larder",
        include_str!("../../docs/leaving.md"),
    ),
    page(
        "trust",
        "who can do what with which key",
        include_str!("../../docs/trust.md"),
    ),
    page("ci", "lint in CI", include_str!("../../docs/ci.md")),
    page(
        "json",
        "what `--json` prints",
        include_str!("../../docs/json.md"),
    ),
    section("exit-codes", "what 0, 1 and 2 mean", "### Exit codes"),
    section(
        "environment",
        "the variables that stand in for flags",
        "### Environment variables",
    ),
    made("rules", "what lint finds, each rule in a line", lint::list),
    made(
        "causes",
        "what doctor names, each cause in a line",
        doctor::list,
    ),
];

/// All names that are a topic: those of the list, of the rules and of the causes.
pub fn names() -> impl Iterator<Item = &'static str> {
    let topics = TOPICS.iter().map(|topic| topic.name);
    let rules = RULES.iter().map(Rule::name);
    topics.chain(rules).chain(CAUSES.iter().map(Cause::name))
}

/// The list of topics, one a line.
pub fn list() -> String {
    let width = TOPICS.iter().map(|topic| topic.name.len()).max();
    let width = width.unwrap_or_default();
    let mut out = "Topics:\n".to_owned();
    for topic in TOPICS {
        // A string takes everything.
        let _ = writeln!(out, "  {:width$}  {}", topic.name, topic.summary);
    }
    out.push_str(
        "\n`larder help NAME` explains a command, a topic, a rule of lint or a cause of doctor.\n",
    );
    out
}

/// The text of a topic.
///
/// # Errors
/// When there is none, with the name that was probably meant; `commands` may be meant too.
pub fn text(name: &str, commands: &[String]) -> Result<String, Stop> {
    if let Some(topic) = TOPICS.iter().find(|topic| topic.name == name) {
        return Ok(topic.text());
    }
    if name == "inventory" {
        return Ok(inventory());
    }
    let pages = explained(name)?;
    if pages.is_empty() {
        return Err(unknown(name, commands));
    }
    Ok(plain_markdown(&pages.join("\n\n")))
}

/// The pages of a rule and of a cause: some are called alike.
fn explained(name: &str) -> Result<Vec<String>, Stop> {
    let mut pages = Vec::new();
    if RULES.iter().any(|rule| rule.name() == name) {
        pages.push(lint::explain(name)?);
    }
    if CAUSES.iter().any(|cause| cause.name() == name) {
        pages.push(doctor::explain(name)?);
    }
    Ok(pages)
}

impl Topic {
    fn text(&self) -> String {
        match self.text {
            Text::Page(text) => plain_markdown(text),
            Text::Section(heading) => plain_markdown(section_of(GUIDE, heading)),
            Text::Made(make) => make(),
        }
    }
}

fn unknown(name: &str, commands: &[String]) -> Stop {
    let shown = name.escape_debug().to_string();
    let message = format!("there is no command and no topic `{shown}`");
    let error = Diagnostic::error("unknown-topic", message).about(&shown);
    let topics: Vec<&str> = names().collect();
    let known = commands.iter().map(String::as_str).chain(topics);
    match nearest(name, known) {
        Some(near) => error.help(format!("did you mean `larder help {near}`?")),
        None => error.help("`larder help` lists commands and topics"),
    }
    .into()
}

/// From a heading to the next one that is not below it; empty: there is no such heading.
fn section_of<'a>(page: &'a str, heading: &str) -> &'a str {
    let level = heading.bytes().take_while(|byte| *byte == b'#').count();
    let Some(start) = page.find(&format!("\n{heading}\n")) else {
        return "";
    };
    let section = page.get(start + 1..).unwrap_or_default();
    let ends = |line: &str| {
        let depth = line.bytes().take_while(|byte| *byte == b'#').count();
        (1..=level).contains(&depth) && line.as_bytes().get(depth) == Some(&b' ')
    };
    let mut at = 0;
    let mut is_code = false;
    for line in section.split_inclusive('\n') {
        is_code ^= line.trim_start().starts_with("```");
        if at > 0 && !is_code && ends(line) {
            return section.get(..at).unwrap_or_default().trim_end();
        }
        at += line.len();
    }
    section.trim_end()
}

/// The guide's section, then each key as it is read.
fn inventory() -> String {
    let mut out = plain_markdown(section_of(GUIDE, "## The inventory"));
    out.push_str("\n## Every key\n");
    for (path, words) in fleet::described_keys() {
        // A string takes everything.
        let _ = write!(out, "\n{path}\n    {words}\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_text() {
        for name in names() {
            let text = text(name, &[]).expect("it is listed");
            assert!(text.lines().count() > 2, "{name}: {text}");
            assert!(!text.contains("]("), "{name} has a link: {text}");
        }
    }

    #[test]
    fn a_section_ends_before_the_next_of_its_kind() {
        let page = "# a\n\n## b\nx\n### c\n```\n## no heading\n```\ny\n\n## d\nz\n";
        let check = |heading, expected| assert_eq!(section_of(page, heading), expected);
        check("## b", "## b\nx\n### c\n```\n## no heading\n```\ny");
        check("### c", "### c\n```\n## no heading\n```\ny");
        check("## d", "## d\nz");
        check("## e", "");
    }

    #[test]
    fn no_topic_is_called_like_another() {
        for topic in TOPICS {
            let same = names().filter(|name| *name == topic.name);
            assert_eq!(same.count(), 1, "{}", topic.name);
        }
    }
}

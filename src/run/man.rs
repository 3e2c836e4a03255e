//! The manual: a page for each command, one for the inventory, one for the rules of lint, one
//! for the causes of doctor.

mod synopsis;

use std::fmt::Write as _;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::Cli;
use crate::diagnostic::{Diagnostic, Stop};
use crate::doctor::CAUSES;
use crate::fleet::{self, nearest};
use crate::lint::RULES;

/// The first page, which names the others.
const FIRST: &str = "larder.1";
const INVENTORY: &str = "larder.toml.5";
const OF_RULES: &str = "larder-rules.7";
const OF_CAUSES: &str = "larder-causes.7";

/// The files of all pages, one a line.
pub(super) fn list() -> String {
    names().join("\n") + "\n"
}

/// A page by the name of its file, or of its command.
///
/// # Errors
/// When there is no such page, with the name that was probably meant.
pub(super) fn page(words: &[String]) -> Result<String, Stop> {
    let wanted = match words {
        [] => FIRST.to_owned(),
        words => words.join("-"),
    };
    let name = names().into_iter().find(|name| is_meant(name, &wanted));
    match name.as_deref() {
        Some(INVENTORY) => Ok(inventory()),
        Some(OF_RULES) => Ok(rules()),
        Some(OF_CAUSES) => Ok(causes()),
        Some(name) => of_command(name),
        None => Err(no_page(&wanted)),
    }
}

/// `add-cache`, `larder-add-cache` and `larder-add-cache.1` are one page.
fn is_meant(name: &str, wanted: &str) -> bool {
    let page = name.rsplit_once('.').map_or(name, |(page, _)| page);
    name == wanted || page == wanted || page.strip_prefix("larder-") == Some(wanted)
}

fn names() -> Vec<String> {
    let commands = commands().into_iter().map(|command| file(&command));
    let others = [INVENTORY, OF_RULES, OF_CAUSES].map(str::to_owned);
    commands.chain(others).collect()
}

fn file(command: &Command) -> String {
    Man::new(command.clone()).get_filename()
}

/// larder and every command below it.
fn commands() -> Vec<Command> {
    let mut all = Cli::command().disable_help_subcommand(true);
    all.build();
    let mut commands = vec![all];
    let mut next = 0;
    while let Some(command) = commands.get(next).cloned() {
        commands.extend(
            command
                .get_subcommands()
                .filter(|it| !it.is_hide_set())
                .cloned(),
        );
        next += 1;
    }
    commands
}

fn of_command(name: &str) -> Result<String, Stop> {
    let command = commands().into_iter().find(|command| file(command) == name);
    let command = command.ok_or_else(|| no_page(name))?;
    let mut page = Vec::new();
    Man::new(command.clone())
        .render(&mut page)
        .map_err(crate::io::fault("cannot render the manual page"))?;
    let page = String::from_utf8_lossy(&page);
    let mut text = synopsis::with_values(&page, &command);
    if name == FIRST {
        text.push_str(".SH SEE ALSO\n\\fBlarder.toml\\fR(5), \\fBlarder\\-rules\\fR(7), \\fBlarder\\-causes\\fR(7)\n");
    }
    Ok(text)
}

fn no_page(wanted: &str) -> Stop {
    let names = names();
    let wanted = wanted.escape_debug().to_string();
    let message = format!("there is no page `{wanted}`");
    let error = Diagnostic::error("unknown-page", message).about(&wanted);
    let pages = names.iter().filter_map(|name| name.rsplit_once('.'));
    let pages = pages.map(|(page, _)| page.strip_prefix("larder-").unwrap_or(page));
    match nearest(&wanted, pages) {
        Some(near) => error.help(format!("did you mean `{near}`?")).into(),
        None => error.help("`larder man --list` names the pages").into(),
    }
}

/// `larder.toml(5)`, from the table that the inventory is read by.
fn inventory() -> String {
    let mut roff = Roff::new();
    roff.control("TH", ["larder.toml", "5"]);
    roff.control("SH", ["NAME"]);
    roff.text([roman(
        "larder.toml - the inventory of larder: hosts and caches",
    )]);
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(
        "The file at the root of the flake. It is edited by people and by larder, which keeps \
         comments and order. Everything has a default unless it is said to be needed.",
    )]);
    roff.control("SH", ["KEYS"]);
    for (path, words) in fleet::described_keys() {
        roff.control("TP", []);
        roff.text([bold(path.as_str())]);
        roff.text([roman(words.as_str())]);
    }
    roff.render()
}

/// `larder-rules(7)`: the page of each rule.
fn rules() -> String {
    let mut roff = Roff::new();
    roff.control("TH", ["larder-rules", "7"]);
    roff.control("SH", ["NAME"]);
    roff.text([roman("larder-rules - the rules of larder lint")]);
    for rule in RULES {
        let mut title = String::new();
        // A string takes everything.
        let _ = write!(title, "{} ({})", rule.name(), rule.severity.word());
        roff.control("SH", [title.as_str()]);
        manual(&mut roff, &rule.manual());
    }
    roff.render()
}

/// `larder-causes(7)`: the page of each cause.
fn causes() -> String {
    let mut roff = Roff::new();
    roff.control("TH", ["larder-causes", "7"]);
    roff.control("SH", ["NAME"]);
    roff.text([roman(
        "larder-causes - the causes that larder doctor tells apart",
    )]);
    for cause in CAUSES {
        roff.control("SH", [cause.name()]);
        manual(&mut roff, &cause.manual());
    }
    roff.render()
}

/// A rule's page, which is Markdown: headings, code between fences, paragraphs.
fn manual(roff: &mut Roff, text: &str) {
    let mut is_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
            roff.control(if is_code { "nf" } else { "fi" }, []);
        } else if let Some(heading) = line.strip_prefix("## ") {
            roff.control("SS", [heading]);
        } else if line.is_empty() && !is_code {
            roff.control("PP", []);
        } else {
            roff.text([roman(line)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_is_named_is_there() {
        let first = page(&[]).expect("the first page").replace("\\-", "-");
        for word in first
            .split_whitespace()
            .filter(|word| word.ends_with("(1)"))
        {
            let name = word.trim_end_matches("(1)");
            assert!(page(&[name.to_owned()]).is_ok(), "{name}");
        }
        for name in names() {
            let text = page(std::slice::from_ref(&name)).expect("it is listed");
            assert!(text.contains(".TH"), "{name}");
        }
    }

    #[test]
    fn the_synopsis_says_which_values_an_option_takes() {
        let page = page(&["add-cache".to_owned()]).expect("a page");
        let page = page
            .replace("\\-", "-")
            .replace("\\fB", "")
            .replace("\\fI", "");
        let page = page.replace("\\fR", "");
        assert!(page.contains("[--client HOST|@TAG|@all]..."), "{page}");
        assert!(page.contains("[--lan] "), "{page}");
        assert!(page.contains("[--address ADDRESS]"), "{page}");
        assert!(page.contains("[GLOBAL OPTIONS] [HOST]\n.SH DESC"), "{page}");
    }

    #[test]
    fn the_inventory_has_all_of_its_keys() {
        let page = inventory().replace("\\-", "-");
        for key in [
            "hosts.NAME.host-key",
            "caches.NAME.link.NAME.lan",
            "caches.NAME.netrc-file",
            "lint.allow.expires",
        ] {
            assert!(page.contains(key), "{key}");
        }
    }
}

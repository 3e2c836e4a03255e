//! The report for people.

use super::asked::{Asked, Fact};
use super::{Report, Serving, Waiting};
use crate::fleet::HostName;

impl Report {
    /// What a person reads, with the reason for each line beside it.
    pub fn text(&self) -> String {
        let source = if self.from_nix {
            " (as Nix has it)"
        } else {
            ""
        };
        let mut text = format!("`{}` asks, in this order{source}:\n", self.host);
        for (at, asked) in self.asks.iter().enumerate() {
            text.push_str(&of_store(at + 1, asked));
        }
        text.extend(self.waits.iter().map(of_waiting));
        text.extend(self.lost.iter().map(of_lost));
        text.extend(self.serves.iter().map(of_serving));
        text
    }
}

fn of_store(number: usize, asked: &Asked) -> String {
    let name = asked.cache.as_ref().map(|name| format!("{name}, "));
    let priority = match asked.priority {
        Some(number) => format!("priority {number}"),
        None => "the priority that it says itself".to_owned(),
    };
    let own = |fact: &&Fact| fact.what != "priority";
    let head = asked.by.iter().find(|fact| !own(fact));
    let head = head.and_then(|fact| fact.place.as_ref());
    let head = head.map_or_else(String::new, |place| format!(" ({place})"));
    let facts = asked.by.iter().filter(own).map(of_fact);
    format!(
        "\n{number:2}. {}{}: {priority}{head}\n{}      off:        {}\n",
        name.unwrap_or_default(),
        asked.url,
        facts.collect::<String>(),
        asked.when_off
    )
}

fn of_fact(fact: &Fact) -> String {
    let place = fact.place.as_ref();
    let place = place.map_or_else(String::new, |place| format!("  ({place})"));
    let what = format!("{}:", fact.what);
    format!("      {what:11} {}{place}\n", fact.value)
}

fn of_waiting(waiting: &Waiting) -> String {
    format!(
        "\nnot asked yet: {}, which waits for {}\n",
        waiting.cache,
        waiting.waits_for.join(" and ")
    )
}

fn of_lost(cache: &HostName) -> String {
    format!("\nnot asked: {cache}, which `nix.settings.substituters` lacks\n")
}

fn of_serving(serving: &Serving) -> String {
    let names: Vec<&str> = serving.clients.iter().map(HostName::as_str).collect();
    let names = if names.is_empty() {
        "nobody yet".to_owned()
    } else {
        names.join(", ")
    };
    let facts: String = serving.by.iter().map(of_fact).collect();
    format!("\nserves its store to {names}\n{facts}")
}

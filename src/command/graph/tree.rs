//! The graph as lines of text.

use super::links::Report;
use crate::command::cache_links::{CacheLinks, ClientLink};
use crate::fleet::HostName;

/// The caches, each with its clients below it.
pub(super) fn text(report: &Report) -> String {
    let mut text: String = report.caches.iter().map(of_cache).collect();
    if text.is_empty() {
        text.push_str("no cache yet: `larder add-cache HOST`\n");
    }
    if !report.others.is_empty() {
        let names: Vec<&str> = report.others.iter().map(HostName::as_str).collect();
        text.extend(["no part of it: ", &names.join(", "), "\n"]);
    }
    text
}

fn of_cache(cache: &CacheLinks) -> String {
    let remarks = match cache.remarks() {
        none if none.is_empty() => String::new(),
        some => format!(" ({})", some.join(", ")),
    };
    let width = cache.clients.iter().map(|edge| edge.host.as_str().len());
    let width = width.max().unwrap_or(0);
    let last = cache.clients.len().saturating_sub(1);
    let lines = cache.clients.iter().enumerate();
    let lines = lines.map(|(at, edge)| of_client(edge, at == last, width));
    format!("{}{remarks}\n{}", cache.host, lines.collect::<String>())
}

fn of_client(edge: &ClientLink, is_last: bool, width: usize) -> String {
    let corner = if is_last { '└' } else { '├' };
    let line = if edge.is_pending() {
        "╌╌"
    } else {
        "──"
    };
    let mut words = Vec::new();
    words.extend(edge.priority.map(|number| format!("priority {number}")));
    if edge.is_pending() {
        words.push(format!("waits for {}", edge.waits_for.join(" and ")));
    }
    let name = edge.host.as_str();
    let text = format!("{corner}{line} {name:width$}  {}", words.join(", "));
    format!("{}\n", text.trim_end())
}

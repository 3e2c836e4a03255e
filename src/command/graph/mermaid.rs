//! The graph as a flowchart of Mermaid.

use super::links::{Report, label};
use crate::command::cache_links::{CacheLinks, ClientLink};
use crate::fleet::HostName;

/// Nodes first, then links.
pub(super) fn text(report: &Report) -> String {
    let mut names: Vec<&HostName> = report.others.iter().collect();
    for cache in &report.caches {
        names.push(&cache.host);
        names.extend(cache.clients.iter().map(|edge| &edge.host));
    }
    names.sort();
    names.dedup();
    let nodes = names.iter().map(|name| node(report, name));
    let edges = report.caches.iter().flat_map(links);
    let lines: String = nodes.chain(edges).collect();
    format!("flowchart LR\n{lines}")
}

/// A cache is drawn as a cylinder.
fn node(report: &Report, name: &HostName) -> String {
    let is_cache = report.caches.iter().any(|cache| cache.host == *name);
    let (open, close) = if is_cache { ("[(", ")]") } else { ("[", "]") };
    format!("  {}{open}\"{name}\"{close}\n", id(name))
}

fn links(cache: &CacheLinks) -> impl Iterator<Item = String> {
    let link = |edge: &ClientLink| {
        let arrow = if edge.is_pending() { "-.->" } else { "-->" };
        let label = match label(edge) {
            label if label.is_empty() => label,
            label => format!("|{label}|"),
        };
        format!("  {} {arrow}{label} {}\n", id(&cache.host), id(&edge.host))
    };
    cache.clients.iter().map(link)
}

/// A word of Mermaid's that is no keyword, another one for each name.
fn id(name: &HostName) -> String {
    let name = name.as_str().replace('_', "_u").replace('-', "_d");
    format!("host_{name}")
}

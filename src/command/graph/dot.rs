//! The graph for Graphviz.

use super::links::{Report, label};
use crate::command::cache_links::{CacheLinks, ClientLink};

/// Caches are bold, and links that wait are dashed.
pub(super) fn text(report: &Report) -> String {
    let caches = report.caches.iter().map(|cache| {
        let name = &cache.host;
        format!("  \"{name}\" [style=bold];\n")
    });
    let others = report.others.iter().map(|name| format!("  \"{name}\";\n"));
    let edges = report.caches.iter().flat_map(links);
    let lines: String = caches.chain(others).chain(edges).collect();
    format!("digraph caches {{\n  rankdir=LR;\n  node [shape=box];\n{lines}}}\n")
}

fn links(cache: &CacheLinks) -> impl Iterator<Item = String> {
    let link = |edge: &ClientLink| {
        let mut attributes = Vec::new();
        match label(edge) {
            label if label.is_empty() => {}
            label => attributes.push(format!("label=\"{label}\"")),
        }
        if edge.is_pending() {
            attributes.push("style=dashed".to_owned());
            let waits = edge.waits_for.join(" and ");
            attributes.push(format!("tooltip=\"waits for {waits}\""));
        }
        let attributes = match &attributes[..] {
            [] => String::new(),
            some => format!(" [{}]", some.join(", ")),
        };
        format!("  \"{}\" -> \"{}\"{attributes};\n", cache.host, edge.host)
    };
    cache.clients.iter().map(link)
}

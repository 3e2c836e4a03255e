//! `graph`: who serves whom, as a picture whose lines keep their order.

mod dot;
mod links;
mod mermaid;
mod tree;

pub use self::links::{Report, report};
use clap::{Args, ValueEnum};

/// Show who serves whom
///
/// Reads the inventory. The order is that of the names, so that the picture can be committed
/// and its diff be read. A link that waits for a key is dashed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder graph
  larder graph --format mermaid > docs/caches.mmd
  larder graph --format dot | dot -Tsvg > caches.svg")]
pub struct Graph {
    /// How it is drawn
    #[arg(long, value_enum, default_value = "tree")]
    pub format: Format,
}

/// How a graph is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines of text.
    Tree,
    /// A flowchart of Mermaid, which GitHub, GitLab and Forgejo show.
    Mermaid,
    /// For Graphviz.
    Dot,
}

/// The picture.
pub fn text(report: &Report, format: Format) -> String {
    match format {
        Format::Tree => tree::text(report),
        Format::Mermaid => mermaid::text(report),
        Format::Dot => dot::text(report),
    }
}

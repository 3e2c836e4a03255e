//! Manual pages that stand at the top of a source file.

/// The page in the header (`//!`) of a file's text, in Markdown; its first line is the
/// summary.
pub fn manual_in(source: &str) -> String {
    let header = source.lines().map_while(|line| line.strip_prefix("//!"));
    let lines: Vec<&str> = header
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n")
}

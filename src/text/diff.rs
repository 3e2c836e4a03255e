//! The unified diff that is shown before anything is written.

use similar::TextDiff;

/// The unified diff of two texts in git's format; empty if they are equal.
///
/// `None` stands for a file that does not exist, and is shown as `/dev/null`.
pub fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let old = before.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
    let new = after.map_or_else(|| "/dev/null".to_owned(), |_| format!("b/{path}"));
    TextDiff::from_lines(before.unwrap_or(""), after.unwrap_or(""))
        .unified_diff()
        .context_radius(3)
        .header(&old, &new)
        .to_string()
}

/// The difference of a file that moves, in git's format: both paths, and what changes.
pub fn moved(from: &str, to: &str, before: &str, after: Option<&str>) -> String {
    let after = after.unwrap_or("");
    let hunks = TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{from}"), &format!("b/{to}"))
        .to_string();
    format!("rename from {from}\nrename to {to}\n{hunks}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_shows_with_its_neighbours() {
        let diff = unified("f", Some("a\nb\n"), Some("a\nc\n"));
        assert_eq!(diff, "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    }

    #[test]
    fn a_new_file_comes_from_nowhere() {
        assert!(unified("f", None, Some("a\n")).starts_with("--- /dev/null\n+++ b/f\n"));
    }
}

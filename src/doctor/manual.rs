//! The manual of the causes: their headers, one after the other.

use std::fmt::Write as _;

use super::cause::Cause;
use super::causes::CAUSES;

const HEAD: &str = "\
# The causes that `larder doctor` tells apart

Written from the headers of the files in `src/doctor/causes`; a test keeps it so.
`larder doctor --explain CAUSE` shows one page. They are in the order in which they are
looked for: the first that fits is the broken link.
";

/// `docs/causes.md`.
///
/// # Panics
/// Never: a `String` takes all that is written to it.
pub fn manual() -> String {
    let mut out = HEAD.to_owned();
    for cause in CAUSES {
        page(&mut out, cause).expect("writing to a String cannot fail");
    }
    out
}

fn page(out: &mut String, cause: &Cause) -> std::fmt::Result {
    writeln!(out, "\n## `{}`\n", cause.name())?;
    writeln!(out, "*breaks the {}*\n", cause.stage().word())?;
    for line in cause.manual().lines() {
        // Below the cause's own heading.
        let deeper = if line.starts_with("## ") { "#" } else { "" };
        writeln!(out, "{deeper}{line}")?;
    }
    Ok(())
}

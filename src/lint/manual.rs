//! The manual of the rules: their headers, one after the other.

use std::fmt::Write as _;

use crate::lint::rule::{Reads, Rule};
use crate::lint::rules::RULES;

const HEAD: &str = "\
# The rules of `larder lint`

Written from the headers of the files in `src/lint/rules`; a test keeps it so.
`larder lint --explain RULE` shows one page, `larder lint --list` the names.

A finding can be allowed in `larder.toml`, for a reason and for a time:

```toml
[[lint.allow]]
rule = \"private-key-tracked\"
at = \"tests\"                # a host, a cache, a file or a folder
reason = \"keys of the test fleet\"
expires = \"2027-01-31\"
```
";

/// `docs/rules.md`.
///
/// # Panics
/// Never: a `String` takes all that is written to it.
pub fn manual() -> String {
    let mut out = HEAD.to_owned();
    for rule in RULES {
        page(&mut out, rule).expect("writing to a String cannot fail");
    }
    out
}

fn page(out: &mut String, rule: &Rule) -> std::fmt::Result {
    let inventory = if rule.needs_no_inventory() {
        "; also without an inventory"
    } else {
        ""
    };
    let reads = match rule.reads() {
        Reads::File => "each file",
        Reads::Host => "each host and its files",
        Reads::Fleet => "the fleet",
        Reads::Nix => "what Nix says, with `--eval`",
    };
    writeln!(out, "\n## `{}`\n", rule.name)?;
    writeln!(
        out,
        "*{}; reads {reads}{inventory}*\n",
        rule.severity.word()
    )?;
    for line in rule.manual().lines() {
        // Below the rule's own heading.
        let deeper = if line.starts_with("## ") { "#" } else { "" };
        writeln!(out, "{deeper}{line}")?;
    }
    Ok(())
}

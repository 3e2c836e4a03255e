//! The manual of the rules: their headers, one after the other.

use std::fmt::Write as _;

use crate::lint::check::Scope;
use crate::lint::rule::Rule;
use crate::lint::rules::RULES;

const HEAD: &str = "\
# The rules of `larder lint`

Written from the headers of the files in `src/lint/rules`; a test keeps it so.
`larder lint --explain RULE` shows one page, `larder lint --list` the names.

A finding can be allowed in `larder.toml`, for a reason and for a time:

```toml
[[lint.allow]]
rule = \"private-key-in-example\"
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
    let halves = [
        rule.scope().map(read_by_static_half),
        rule.is_evaluated()
            .then_some("what Nix says, with `--eval`"),
    ];
    let reads: Vec<&str> = halves.into_iter().flatten().collect();
    writeln!(out, "\n## `{}`\n", rule.name())?;
    writeln!(
        out,
        "*{}; reads {}{inventory}*\n",
        rule.severity.word(),
        reads.join("; ")
    )?;
    for line in rule.manual().lines() {
        // Below the rule's own heading.
        let deeper = if line.starts_with("## ") { "#" } else { "" };
        writeln!(out, "{deeper}{line}")?;
    }
    Ok(())
}

fn read_by_static_half(scope: Scope) -> &'static str {
    match scope {
        Scope::File => "each file",
        Scope::Host => "each host and its files",
        Scope::Cache => "each cache and its host's files",
        Scope::Link => "each link and the files of its ends",
        Scope::Fleet => "the fleet",
        Scope::OwnedModules => "the owned modules",
        Scope::Tracking => "what git knows",
        Scope::Allowance => "the allowances",
    }
}

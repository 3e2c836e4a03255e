//! Modules of hosts that larder could not read, and that are therefore not judged.
//!
//! A file that is not UTF-8, that git-crypt has encrypted, that is in a submodule or
//! that a sparse checkout leaves out of a partial clone; an import that is computed in a
//! way that larder does not follow; a module of an input. What such a module sets no rule
//! sees. Modules of nixpkgs itself are not listed.
//!
//! ## Why is this bad
//! A host may be clean here and not serve, or not fetch, because a module that was not
//! read says otherwise.
//!
//! ## Example
//! ```nix
//! { imports = [ inputs.company.nixosModules.base ]; }
//! ```
//!
//! ## What to do
//! `larder lint --eval` lets Nix decide: it reads everything, and of hosts that it has
//! evaluated this rule says nothing. Bring files that are not there into the work tree with
//! the command that is shown. What may stay unread can be allowed: `[[lint.allow]]` in
//! `larder.toml`.

use crate::diagnostic::Severity;
use crate::fleet::some_of;
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, NotRead, UnreadPlace};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Note,
    static_half: &[StaticCheck::Fleet(not_read)],
    evaluated_half: &[],
};

const FLAKE: &str = "flake.nix";
const EVAL: &str = "`larder lint --eval` lets Nix decide";

/// So many computed modules are shown each in its place; more are one list.
const SHOWN: usize = 3;

fn not_read(context: &Context<'_>) -> Vec<Violation> {
    let (inputs, others): (Vec<_>, Vec<_>) = context
        .not_read()
        .into_iter()
        .partition(|one| matches!(one.place, UnreadPlace::Input(_)));
    let (computed, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|one| one.is_computed);
    let mut found: Vec<Violation> = others.iter().map(|one| of_one(context, one)).collect();
    if computed.len() > SHOWN {
        found.push(of_many(context, &computed));
    } else {
        found.extend(computed.iter().map(|one| of_one(context, one)));
    }
    found.extend((!inputs.is_empty()).then(|| of_inputs(&inputs)));
    let helped = found.into_iter();
    helped.map(|one| with_help(context, one)).collect()
}

/// Where Nix was asked and has not answered, another rule says why.
fn with_help(context: &Context<'_>, violation: Violation) -> Violation {
    if violation.has_help() || context.has_asked_nix() {
        return violation;
    }
    violation.help(EVAL)
}

fn of_one(context: &Context<'_>, one: &NotRead) -> Violation {
    let (hosts, why) = (some_of(&one.hosts), &one.why);
    let what = if one.is_computed { "that" } else { "what it sets" };
    let violation = match &one.place {
        UnreadPlace::Spot(spot) => {
            let file = spot.file.shown();
            let message = format!(
                "an import of `{file}` is not followed: what it sets is not judged for {hosts}"
            );
            let subject = Subject::file(&file).part(spot.written());
            Violation::new(subject, message).at_spot(spot, "computed")
        }
        UnreadPlace::File(path) => {
            let file = context.repo.shown(path);
            let message = format!("`{file}` {why}: {what} is not judged for {hosts}");
            Violation::new(Subject::file(&file), message).in_file(&file)
        }
        UnreadPlace::Flake | UnreadPlace::Input(_) => {
            let message = format!("{why}: {what} is not judged for {hosts}");
            Violation::new(Subject::file(FLAKE).part(why), message).in_file(FLAKE)
        }
    };
    one.help.iter().fold(violation, Violation::help)
}

/// One note where there are many.
fn of_many(context: &Context<'_>, computed: &[NotRead]) -> Violation {
    let mut files: Vec<String> = computed.iter().filter_map(|one| one.file(context)).collect();
    files.dedup();
    let mut hosts: Vec<_> = computed.iter().flat_map(|one| &one.hosts).collect();
    hosts.sort();
    hosts.dedup();
    let message = format!(
        "parts of {} are computed and not followed: what they set is not judged for {}",
        some_of(files),
        some_of(hosts)
    );
    Violation::new(Subject::file(FLAKE).part("computed modules"), message)
}

fn of_inputs(inputs: &[NotRead]) -> Violation {
    let names = inputs.iter().filter_map(|one| match &one.place {
        UnreadPlace::Input(name) => Some(name),
        _ => None,
    });
    let names = some_of(names);
    let message = format!("modules of the inputs {names} are not read: what they set is not judged");
    Violation::new(Subject::file(FLAKE).part("modules of inputs"), message).in_file(FLAKE)
}

//! A substituter over ssh is asked for everything at once.
//!
//! ## Why is this bad
//! `want-mass-query=true` lets `nix build` and `nix-env -qas` ask it for thousands
//! of paths before anything starts, one after another over ssh; with the cache off,
//! each of them is tried (NixOS/nix#15785).
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?want-mass-query=true" ];
//! ```
//!
//! ## What to do
//! Take the parameter out.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, replaced_once, warning, with_fix};
use crate::lint::rule::Check;
use crate::survey::Spot;
use crate::text::TextEdit;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let all = nix.machine.substituters().into_iter();
    let wanted = all.filter_map(|one| {
        let store = one.store?;
        let on = matches!(store.param("want-mass-query"), Some("true" | "1"));
        on.then_some((store.host, one.word))
    });
    wanted
        .map(|(host, word)| {
            let finding = warning(format!(
                "`{host}` is asked for everything at once, over ssh"
            ))
            .help("take `want-mass-query=true` out of the URL")
            .about(format!("{} {host}", nix.source.path));
            let fix = without(&word.spot);
            with_fix(at(finding, &word.spot, ""), fix)
        })
        .collect()
}

/// The URL without the parameter, wherever among the others it stands.
fn without(spot: &Spot) -> Option<TextEdit> {
    let forms = [
        "&want-mass-query=true",
        "want-mass-query=true&",
        "?want-mass-query=true",
    ];
    forms.iter().find_map(|form| replaced_once(spot, form, ""))
}

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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::hand_wiring::replaced_once;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::Spot;
use crate::text::TextEdit;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(wanted)],
    evaluated_half: &[],
};

fn wanted(file: &FileContext<'_>) -> Vec<Violation> {
    let all = file.machine.substituters().into_iter();
    let wanted = all.filter_map(|one| {
        let store = one.store?;
        let on = matches!(store.param("want-mass-query"), Some("true" | "1"));
        on.then_some((store.host, one.word))
    });
    wanted
        .map(|(host, word)| {
            let message = format!("`{host}` is asked for everything at once, over ssh");
            Violation::new(file.subject().part(host), message)
                .at_spot(&word.spot, "")
                .help("take `want-mass-query=true` out of the URL")
                .fixed_by(without(&word.spot))
        })
        .collect()
}

/// The URL without the parameter, wherever among the others it is.
fn without(spot: &Spot) -> Option<TextEdit> {
    let forms = [
        "&want-mass-query=true",
        "want-mass-query=true&",
        "?want-mass-query=true",
    ];
    forms.iter().find_map(|form| replaced_once(spot, form, ""))
}

//! A cache names its signing key as a string where larder adds to a list.
//!
//! ## Why is this bad
//! NixOS cannot join a string and a list: `The option
//! nix.settings.secret-key-files has conflicting definition values`, and the host
//! does not evaluate.
//!
//! ## Example
//! ```nix
//! nix.settings.secret-key-files = "/etc/nix/key";    # on a cache
//! ```
//!
//! ## What to do
//! Write a list: `[ "/etc/nix/key" ]`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Cache, Wiring};
use crate::lint::context::Context;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::Value;
use crate::text::TextEdit;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.caches();
    let owned = caches.filter(|cache| cache.wiring == Wiring::Owned);
    owned.filter_map(|cache| text(context, cache)).collect()
}

fn text(context: &Context<'_>, cache: &Cache) -> Option<Diagnostic> {
    let machine = context.machine(context.fleet.server(cache))?;
    let all = machine.all("nix.settings.secret-key-files").into_iter();
    let hit = all
        .into_iter()
        .find(|hit| matches!(hit.value, Value::Text(_)))?;
    let list = format!("[ {} ]", hit.spot.written());
    let name = &cache.host;
    let finding = error(format!(
        "`{name}` does not evaluate: larder adds a list to this string"
    ))
    .help(format!("write `{list}`"))
    .about(name.as_str())
    .fixed_by(TextEdit::replace(hit.spot.range.clone(), list));
    Some(at(finding, &hit.spot, "a list is needed"))
}

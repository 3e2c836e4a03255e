//! The host module that the inventory names is not there.
//!
//! ## Why is this bad
//! larder cannot wire the host, and the flake that imports the file does not
//! evaluate.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! module = "configuration-pay.nix"    # there is no such file
//! ```
//!
//! ## What to do
//! Correct `module` in `larder.toml`, or bring the file back.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::nearest;
use crate::lint::context::HostContext;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    let (context, name) = (host.context, &host.host.name);
    let Some(module) = &host.host.module else {
        return Vec::new();
    };
    let is_there = context
        .module(host.host)
        .map_or(Ok(false), |path| context.repo.try_exists(&path));
    let (message, label, help) = match is_there {
        Ok(true) => return Vec::new(),
        Ok(false) => ("is not there".to_owned(), "no such file", advice(host, module)),
        Err(why) => (why.to_string(), "this file", OWN_FILE.to_owned()),
    };
    let finding = error(format!("the module of `{name}` {message}")).about(name.as_str());
    let keys = ["hosts", name.as_str(), "module"];
    let finding = context.in_inventory(finding, &keys, &host.host.range, label);
    vec![finding.help(help)]
}

const OWN_FILE: &str = "name the host's own file, relative to the flake's folder";

fn advice(host: &HostContext<'_>, module: &str) -> String {
    let context = host.context;
    let in_flake = context
        .found(&host.host.name)
        .and_then(|found| found.module.as_ref());
    if let Some(path) = in_flake.filter(|path| context.repo.exists(path)) {
        return format!("the flake has `{}`", context.repo.shown(path));
    }
    let files: Vec<String> = context
        .repo
        .tracked()
        .map(|p| context.repo.shown(p))
        .collect();
    match nearest(module, files.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => OWN_FILE.to_owned(),
    }
}

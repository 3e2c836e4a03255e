//! `export`: the client half of a machine that the flake does not define.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::cache_links::{waits_for, waits_for_external};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Host, HostName};
use crate::project::Project;
use crate::text::conjunction;
use crate::wiring;

/// Print the client half for a machine that is not NixOS
///
/// For a host with `nixos = false` in larder.toml: another Linux with Nix, or a Mac. Prints a
/// script for `sh` that puts the half there, with each file that it writes and where it goes;
/// with `--form darwin` a module for nix-darwin. Nothing is written here.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder export deb                             to read
  larder export deb | ssh root@deb sh           to put it there
  larder export mac --form darwin > larder.nix  a module for nix-darwin")]
pub struct Export {
    /// The client
    pub client: HostName,
    /// What is printed
    #[arg(long, value_enum, default_value = "nix-conf")]
    pub form: ExportForm,
}

/// What an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportForm {
    /// A script that writes files and includes them in `nix.conf` and `ssh_config`
    NixConf,
    /// A module for nix-darwin
    Darwin,
}

/// The half of a client, and what it waits for.
#[derive(Debug, Serialize)]
pub struct Report {
    form: ExportForm,
    #[serde(flatten)]
    export: wiring::ExportedHost,
    /// Caches that are no part of it yet, each with what it waits for.
    waits: Vec<Waiting>,
    /// The script or the module, as it is printed.
    text: String,
}

/// A cache that is no part of it yet.
#[derive(Debug, Serialize)]
struct Waiting {
    cache: HostName,
    waits_for: Vec<&'static str>,
}

/// What is exported.
///
/// # Errors
/// When there is no such host, the flake defines it, or a value cannot be written.
pub fn report(project: &Project, args: &Export) -> Result<Report, Stop> {
    let fleet = project.fleet()?;
    let host = fleet.require_host(&args.client)?;
    if host.nixos {
        return Err(defined_by_the_flake(host).into());
    }
    let export = wiring::export(fleet, host);
    let text = match args.form {
        ExportForm::NixConf => export.script(),
        ExportForm::Darwin => export.darwin_module()?,
    };
    let caches = fleet.caches_of(host).filter(|cache| !cache.is_adopted());
    let waits = caches.map(|cache| Waiting {
        cache: cache.host.clone(),
        waits_for: waits_for(fleet, cache, host),
    });
    let elsewhere = fleet.external_caches_of(host);
    let elsewhere = elsewhere.filter(|cache| !cache.is_adopted());
    let elsewhere = elsewhere.map(|cache| Waiting {
        cache: cache.name.clone(),
        waits_for: waits_for_external(fleet, cache, host),
    });
    Ok(Report {
        form: args.form,
        export,
        waits: waits
            .chain(elsewhere)
            .filter(|it| !it.waits_for.is_empty())
            .collect(),
        text,
    })
}

impl Report {
    /// The script or the module.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is no part of it yet.
    pub fn notes(&self) -> Vec<String> {
        let note = |it: &Waiting| {
            let what = conjunction(&it.waits_for);
            format!(
                "note: `{}` is no part of it yet: it waits for {what}",
                it.cache
            )
        };
        self.waits.iter().map(note).collect()
    }
}

fn defined_by_the_flake(host: &Host) -> Diagnostic {
    let name = &host.name;
    let message = format!("`{name}` is a NixOS host of the flake: its half is in its own modules");
    Diagnostic::error("host-is-nixos", message)
        .about(name.to_string())
        .help(format!(
            "write `nixos = false` under `[hosts.{name}]` if the flake does not define it"
        ))
}

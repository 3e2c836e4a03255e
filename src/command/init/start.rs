//! A flake where there is none.

use crate::command::plan_builder::PlanBuilder;
use crate::command::{Ask, Question, add_host, answers, machine_name};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Host, HostName, InventoryEditor, System};
use crate::nix::template::{self, Value};
use crate::plan::Plan;
use crate::project::Project;
use crate::repo::{Repo, RepoPath};

const USUAL_SYSTEM: &str = "x86_64-linux";

/// The first host and its platform.
pub(super) fn complete(
    host: Option<HostName>,
    system: Option<System>,
    ask: &mut dyn Ask,
) -> Result<(HostName, System), Stop> {
    let question = Question {
        text: "there is no flake here; name of the first host of a new one",
        flag: "--new-flake HOST",
        why: "larder writes a flake with this one machine; `nixos-rebuild --flake .#NAME` takes its name, which is its host name as well.",
    };
    let asked = host.is_none();
    let host = match host {
        Some(host) => machine_name::check(&host).map(|()| host)?,
        None => answers::asked(ask, question, |_, line| machine_name::read(line))?,
    };
    let platform = Question {
        text: "its platform",
        flag: "--system x86_64-linux",
        why: "`uname -m` on the machine says the first half.",
    };
    let system = match system {
        Some(system) => system,
        None if asked => answers::parsed_line_or(ask, platform, Some(USUAL_SYSTEM))?,
        None => usual_system()?,
    };
    Ok((host, system))
}

fn usual_system() -> Result<System, Stop> {
    let parsed: Result<System, _> = USUAL_SYSTEM.parse();
    parsed.map_err(|error| Diagnostic::error("unknown-system", error.to_string()).into())
}

/// flake.nix, the host's module, `.gitignore` and the inventory.
pub(super) fn plan(project: &Project, name: &HostName, system: &System) -> Result<Plan, Stop> {
    let repo = project.repo();
    let mut builder = PlanBuilder::of(project);
    let module = file(repo, &format!("hosts/{name}.nix"))?;
    let flake = file(repo, "flake.nix")?;
    let mut host = Host::named(name.clone());
    host.module = Some(repo.shown(&module));
    host.system = Some(*system);
    builder.write(&flake, flake_text(&host, system)?);
    if !builder.repo().exists(&module) {
        let text = add_host::host_module(&host, false, builder.repo(), &module)?;
        builder.write(&module, text);
    }
    let ignore = file(repo, ".gitignore")?;
    if !builder.repo().exists(&ignore) {
        builder.write(&ignore, include_str!("../../../templates/gitignore"));
    }
    let mut inventory = InventoryEditor::new();
    inventory.set_host(&host)?;
    builder.write_inventory(inventory.text().to_owned())?;
    let mut plan = builder.finish(format!("larder: start a flake with {name}"));
    plan.notes.push(format!(
        "copy the machine's own configuration into `{}`",
        repo.shown(&module)
    ));
    Ok(plan)
}

fn flake_text(host: &Host, system: &System) -> Result<String, Stop> {
    let module = host.module.clone().unwrap_or_default();
    let values = [
        ("name", Value::String(host.name.to_string())),
        ("system", Value::String(system.to_string())),
        ("module", Value::Path(module)),
    ];
    template::render(include_str!("../../../templates/flake.nix"), &values).map_err(|error| {
        let said = format!("the template of flake.nix cannot be filled: {error}");
        Stop::fault(Diagnostic::error("template-broken", said))
    })
}

fn file(repo: &Repo, path: &str) -> Result<RepoPath, Stop> {
    repo.path(path).ok_or_else(|| {
        Diagnostic::error(
            "module-outside",
            format!("`{path}` is outside of the repository"),
        )
        .into()
    })
}

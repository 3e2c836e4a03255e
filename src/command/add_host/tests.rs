//! What it costs to add a host.

use std::collections::BTreeMap;

use super::{AddHost, Request};
use crate::command::Verb as _;
use crate::fleet::Host;
use crate::plan::{CheckedPlan, Findings, check};
use crate::project::Project;
use crate::repo::{FileState, Repo};

const FLEET: &str =
    "version = 1\n\n[hosts.pai]\nmodule = \"pai.nix\"\n\n[hosts.thor]\nmodule = \"thor.nix\"\n";

fn repo() -> Repo {
    let flake = "{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
        pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
        thor = nixpkgs.lib.nixosSystem { modules = [ ./thor.nix ]; };
    }; }; }";
    Repo::from_pairs([
        ("flake.nix", flake),
        ("larder.toml", FLEET),
        ("pai.nix", "{ nixpkgs.hostPlatform = \"x86_64-linux\"; }"),
        ("thor.nix", "{ nixpkgs.hostPlatform = \"x86_64-linux\"; }"),
    ])
}

fn planned(project: &Project) -> CheckedPlan {
    let request = Request {
        host: Host {
            system: "x86_64-linux".parse().ok(),
            ..Host::named("new".parse().unwrap())
        },
        like: None,
        values: BTreeMap::new(),
    };
    let plan = AddHost::plan(project, &request).unwrap();
    check(plan, project, Findings::NoneNew, None).unwrap()
}

#[test]
fn the_flake_is_discovered_as_it_is_and_as_it_will_be() {
    let project = Project::new(repo());
    let plan = planned(&project);
    assert_eq!(project.discoveries().count(), 2);

    // Under the lock, with everything read again.
    let known = project.discoveries().clone();
    let again = Project::new(repo()).with_discoveries(known);
    assert!(planned(&again).plan().same_changes(plan.plan()));
    assert_eq!(again.discoveries().count(), 2);
}

#[test]
fn what_was_edited_meanwhile_is_discovered_anew() {
    let project = Project::new(repo());
    let plan = planned(&project);
    let known = project.discoveries().clone();
    let edited = repo();
    let flake = edited.path("flake.nix").unwrap();
    let text = edited.text(&flake).unwrap().unwrap();
    let text = text.replace(
        "pai = nixpkgs",
        "bagan = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };\n        pai = nixpkgs",
    );
    let edited = edited.after([(flake, FileState::Text(text.into()))]);
    let again = Project::new(edited).with_discoveries(known);
    let hosts = &again.flake().unwrap().hosts;
    assert!(hosts.iter().any(|host| host.name == "bagan"));
    assert!(!planned(&again).plan().same_changes(plan.plan()));
    assert_eq!(again.discoveries().count(), 4);
}

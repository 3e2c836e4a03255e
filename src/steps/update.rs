//! How a machine is made to do what the inventory says: a switch, and where the flake does not
//! define it, what `larder export` prints.

use super::reach::{ssh, ssh_with_terminal};
use super::{COMMANDS, Moment, Step, StepKind, names};
use crate::fleet::{Fleet, Host, HostName};

/// The step that makes these machines do what the inventory says: one switch, and for each
/// machine that the flake does not define what `larder export` prints.
pub(super) fn update(fleet: &Fleet, moment: Moment, hosts: Vec<HostName>, why: &str) -> Vec<Step> {
    let is_plain = |name: &HostName| fleet.hosts.get(name).is_some_and(|host| !host.nixos);
    let (plain, switched): (Vec<HostName>, Vec<HostName>) = hosts.into_iter().partition(is_plain);
    let switched = (!switched.is_empty()).then(|| switch(moment, switched, why));
    let plain = plain.iter().filter_map(|name| fleet.hosts.get(name));
    let plain = plain.map(|host| export(moment, host, why));
    switched.into_iter().chain(plain).collect()
}

/// In two commands: where sudo wants a password, it needs the terminal.
fn export(moment: Moment, host: &Host, why: &str) -> Step {
    const SCRIPT: &str = "larder-export.sh";
    let name = &host.name;
    Step {
        moment,
        action: StepKind::Export,
        hosts: vec![name.clone()],
        text: format!("run on `{name}` what `larder export` prints, {why}"),
        commands: vec![
            format!("larder export {name} | {} 'cat > {SCRIPT}'", ssh(host)),
            format!("{} sudo sh {SCRIPT}", ssh_with_terminal(host)),
        ],
    }
}

/// The command that switches a host, on that host.
#[must_use]
pub fn command(host: &HostName) -> String {
    format!("sudo nixos-rebuild switch --flake .#{host}")
}

pub(super) fn switch(moment: Moment, hosts: Vec<HostName>, why: &str) -> Step {
    let commands = if hosts.len() > COMMANDS {
        vec!["sudo nixos-rebuild switch --flake .".to_owned()]
    } else {
        hosts.iter().map(command).collect()
    };
    Step {
        moment,
        action: StepKind::Switch,
        text: format!("switch {} {why}", names(&hosts)),
        hosts,
        commands,
    }
}

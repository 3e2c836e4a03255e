//! The block of `ssh_config` that is for a client's link to a cache.

use super::hand_wiring::{HandWiring, Owner, refused};
use super::identity::is_identity;
use crate::fleet::{Link, SSH_USER};
use crate::survey::ssh_config::{Block, Criteria, Directive};
use crate::survey::{Machine, SshBlock};

/// What the owned module says of its own, or what cannot matter where nobody is
/// there to be asked.
const REPLACED: &[&str] = &[
    "addkeystoagent",
    "batchmode",
    "checkhostip",
    "connectionattempts",
    "connecttimeout",
    "controlmaster",
    "controlpath",
    "controlpersist",
    "forwardagent",
    "forwardx11",
    "globalknownhostsfile",
    "hostkeyalias",
    "identitiesonly",
    "kbdinteractiveauthentication",
    "loglevel",
    "numberofpasswordprompts",
    "passwordauthentication",
    "preferredauthentications",
    "pubkeyauthentication",
    "requesttty",
    "serveralivecountmax",
    "serveraliveinterval",
    "stricthostkeychecking",
    "tcpkeepalive",
    "updatehostkeys",
    "userknownhostsfile",
];

/// Finds the blocks; those that are for others too stay, and owned modules come
/// before them.
pub(super) fn find(machine: &Machine, owner: &Owner<'_>, link: &Link<'_>, found: &mut HandWiring) {
    for blocks in machine.ssh_texts() {
        let (ours, others): (Vec<_>, Vec<_>) =
            blocks.iter().partition(|block| is_ours(&block.block, link));
        for block in &ours {
            judge(block, link, found);
        }
        let Some(first) = ours.first() else {
            continue;
        };
        if others.iter().all(|block| says_nothing(&block.block)) {
            found.value(owner, first.hit(), "programs.ssh.extraConfig");
            continue;
        }
        for block in ours {
            let last = block
                .block
                .directives
                .last()
                .map_or(block.block.line, |d| d.line);
            let (header, last) = (block.spot(block.block.line), block.spot(last));
            found.lines(owner, block.hit(), &header.range, &last.range, "match");
        }
    }
}

/// True for `Match host NAME user nix-ssh` and nothing wider.
fn is_ours(block: &Block, link: &Link<'_>) -> bool {
    let Criteria::Match(criteria) = &block.criteria else {
        return false;
    };
    let is = |keywords: &[&str], wanted: &str| {
        criteria.iter().any(|(keyword, argument)| {
            keywords.contains(&keyword.as_str()) && argument.eq_ignore_ascii_case(wanted)
        })
    };
    criteria.len() == 2 && is(&["user"], SSH_USER) && is(&["host", "originalhost"], &link.address)
}

/// True for what only ends a block before it.
fn says_nothing(block: &Block) -> bool {
    block.directives.is_empty() && (block.criteria == Criteria::Begin || block.is_for_all())
}

/// Every line must be what the inventory says, or be the owned module's to say.
fn judge(block: &SshBlock, link: &Link<'_>, found: &mut HandWiring) {
    for directive in &block.block.directives {
        let Some((why, help)) = conflicts_with(directive, link) else {
            continue;
        };
        let spot = block.spot(directive.line);
        let mut said = refused(spot.source(), spot.bytes(), &why);
        said.help.splice(.., help);
        found.add(said);
    }
}

/// Why a line cannot go, and what to do.
fn conflicts_with(directive: &Directive, link: &Link<'_>) -> Option<(String, Vec<String>)> {
    let value = directive.value();
    let (server, client) = (&link.cache.host, &link.client.name);
    let is_known = match directive.keyword.as_str() {
        "identityfile" => is_identity(link, value),
        "port" => value == link.port.to_string(),
        "hostname" => *value == *link.address,
        "proxyjump" => link
            .proxy_jump
            .as_ref()
            .is_some_and(|jump| **jump == *value),
        "user" => value == SSH_USER,
        keyword => REPLACED.contains(&keyword),
    };
    if is_known {
        return None;
    }
    let in_inventory = |key: &str, written: String| {
        let help = format!(
            "write `{key} = {written}` under `[hosts.{server}]`, or for this client alone under `[caches.{server}.link.{client}]`"
        );
        Some((
            format!("`larder.toml` does not say this of `{server}`"),
            vec![help],
        ))
    };
    match directive.keyword.as_str() {
        "hostname" => in_inventory("address", format!("\"{value}\"")),
        "port" => in_inventory("port", value.to_owned()),
        "proxyjump" => in_inventory("proxy-jump", format!("\"{value}\"")),
        "identityfile" => {
            let why = format!("`larder.toml` does not say that `{client}` logs in with this key");
            let help = format!(
                "write `identity = {{ file = \"{value}\", key = \"ssh-ed25519 …\" }}` under `[hosts.{client}]`"
            );
            Some((why, vec![help]))
        }
        _ => {
            let why = format!("larder's block for `{server}` does not say this");
            let help = "put this line into a block of its own that you keep, or take it out; commit, and run the command again";
            Some((why, vec![help.to_owned()]))
        }
    }
}

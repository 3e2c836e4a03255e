//! Which of a host's modules is the host's own: the file that larder edits for it.
//!
//! `listed` says of which modules the flake makes a host, or `by_nix` what Nix answers;
//! `by_import` follows their imports. Of these [`choose`] takes one, by the steps of
//! [`CASCADE`]. Where nothing is known of the list, `by_contents` looks for a file that
//! reads like the host's configuration. Where several parts are listed and none is the
//! entry, nobody can know: the person is asked.

mod by_contents;
mod by_import;
mod by_name;
mod by_nix;
mod by_sharing;
mod candidate;
mod choice;
mod listed;
mod module_ref;
mod name_match;

use crate::flake::eval::Eval;

use self::candidate::{Candidates, Names, Pick};
use self::name_match::{NameMatch, matches_name};

pub(in crate::flake) use self::by_contents::{is_machine, modules_in_entry, written_paths};
pub(in crate::flake) use self::by_nix::modules_in_answer;
pub(in crate::flake) use self::choice::Choice;
pub(in crate::flake) use self::listed::{ListedHost, ListedModule, module_args, modules_of};
pub(in crate::flake) use self::module_ref::ModuleRef;

/// The steps in their order; the first that finds a module decides.
const CASCADE: [fn(&Candidates) -> Option<Pick>; 7] = [
    // A file or a folder that is named after the host says whose it is.
    by_name::named,
    // That file lists the modules of the host, and more than one is the host's own.
    by_name::list_that_makes_it,
    // `configuration.nix` and the like are entered first; this one is nobody else's.
    by_sharing::only_entry_file,
    // No file has the host's name, and its folder has one module only.
    by_name::only_below_its_folder,
    // `pai-vm` has no file of its own, and is a variant of `pai`.
    by_name::named_as_variant,
    // Every other module is some other host's too.
    by_sharing::only_module,
    // All hosts are made of one entry file.
    by_sharing::only_shared_module,
];

/// Chooses for all hosts at once, since what they share decides.
pub(in crate::flake) fn choose(eval: &mut Eval, hosts: &[ListedHost]) -> Vec<Choice> {
    let reached = by_import::modules(eval, hosts, |module, host| {
        matches_name(module, host) >= NameMatch::Parts
    });
    let names = Names::of(hosts);
    let all = hosts.iter().zip(&reached);
    all.map(|(host, reached)| {
        let mut choice = first_pick(&Candidates::of(host, hosts, &names, reached));
        let is_searched = choice.module.is_none() && !host.is_known_whole();
        if is_searched {
            choice = by_contents::search(eval, host, &names, choice);
        }
        // What was found without the host's own list is never certain.
        choice.confirm |= !host.is_known() || is_searched;
        choice
    })
    .collect()
}

fn first_pick(candidates: &Candidates) -> Choice {
    let files = candidates.files();
    match CASCADE.iter().find_map(|step| step(candidates)) {
        Some(pick) => Choice {
            module: Some(pick.module),
            how: pick.how,
            confirm: pick.confirm,
            candidates: files,
        },
        None => Choice {
            module: None,
            how: candidates.host.why_none(),
            confirm: false,
            candidates: files,
        },
    }
}

//! Secrets in the repository that are encrypted to a key of a host: agenix, sops and clan do so.

use crate::fleet::{Fleet, HostName, INVENTORY};
use crate::key::PublicKey;
use crate::project::Project;
use crate::repo::RepoPath;

/// Which files of the repository name the key of this host, or may name it; `whose` are the
/// words for it, and what is to be done about
/// that. larder neither encrypts nor decrypts.
pub(super) fn note(
    project: &Project,
    fleet: &Fleet,
    host: &HostName,
    (whose, key): (&str, &PublicKey),
    what: &str,
) -> Option<String> {
    let text = key.to_string();
    let blob = text.split(' ').nth(1)?;
    let repo = project.repo();
    let owned = format!("{}/", fleet.dir);
    let is_anothers = |shown: &String| shown != INVENTORY && !shown.starts_with(&owned);
    let names_it = |path: &&RepoPath| {
        let text = repo.text(path).ok().flatten();
        text.is_some_and(|text| text.contains(blob))
    };
    let lists = repo.tracked().filter(|path| may_list(path.file_name()));
    let naming = lists.filter(names_it).map(|path| repo.shown(path));
    let mut files: Vec<String> = naming
        .filter(is_anothers)
        .map(|path| format!("`{path}`"))
        .collect();
    // sops lists age recipients, which `ssh-to-age` makes of host keys.
    let sops = repo
        .tracked()
        .filter(|path| path.file_name() == ".sops.yaml");
    files.extend(sops.map(|path| {
        let shown = repo.shown(path);
        format!("perhaps `{shown}` (`ssh-to-age` makes its lines of host keys)")
    }));
    // clan makes an age key for each machine.
    let of_clan = format!("sops/machines/{host}/key.json");
    let of_clan = repo.path(&of_clan).filter(|path| repo.exists(path));
    files.extend(of_clan.map(|path| {
        let shown = repo.shown(&path);
        format!("perhaps `{shown}` (clan's own key of the machine)")
    }));
    let files = files.join(", ");
    (!files.is_empty()).then(|| format!("secrets are encrypted to {whose} in {files}: {what}"))
}

/// Where lists of recipients are: agenix has Nix, others text.
fn may_list(file: &str) -> bool {
    let end = file.rsplit_once('.').map(|(_, end)| end);
    matches!(
        end,
        Some("nix" | "toml" | "txt" | "pub" | "json" | "yaml" | "yml")
    )
}

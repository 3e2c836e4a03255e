//! The form in which a repository keeps its Nix files.

use crate::nix::edit::Style;
use crate::repo::{Repo, RepoPath};

/// Files in which people say which formatter they use; also any whose name speaks of one.
const FILES: [&str; 4] = [
    "flake.nix",
    "treefmt.toml",
    ".treefmt.toml",
    ".pre-commit-config.yaml",
];

/// How many files are looked at.
const LOOKED_AT: usize = 8;

/// The form that the repository's formatter leaves alone, where it names one.
pub(super) fn of(repo: &Repo) -> Style {
    let usual = FILES.iter().filter_map(|file| repo.path(file));
    let speaking = repo.tracked().filter(|file| speaks_of_one(file)).cloned();
    let names_nixfmt = |file: RepoPath| {
        let text = repo.text(&file).ok().flatten();
        text.is_some_and(|text| is_nixfmt(&text))
    };
    if usual.chain(speaking).take(LOOKED_AT).any(names_nixfmt) {
        Style::Nixfmt
    } else {
        Style::AsWritten
    }
}

fn speaks_of_one(file: &RepoPath) -> bool {
    let name = file.file_name();
    name.strip_suffix(".nix").is_some_and(|stem| {
        [
            "treefmt",
            "formatter",
            "fmt",
            "git-hooks",
            "pre-commit",
            "devshell",
        ]
        .contains(&stem)
    })
}

/// True for nixfmt in the official style, and for no other formatter.
fn is_nixfmt(text: &str) -> bool {
    let others = ["alejandra", "nixpkgs-fmt", "nixfmt-classic"];
    text.contains("nixfmt") && !others.iter().any(|other| text.contains(other))
}

#[cfg(test)]
mod tests {
    use super::is_nixfmt;

    #[test]
    fn the_official_style_has_one_formatter() {
        assert!(is_nixfmt("formatter = pkgs.nixfmt-tree;"));
        assert!(is_nixfmt("programs.nixfmt.enable = true;"));
        assert!(!is_nixfmt("formatter = pkgs.nixfmt-classic;"));
        assert!(!is_nixfmt("formatter = pkgs.alejandra;"));
    }
}

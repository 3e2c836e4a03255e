//! The repository that an input's URL names.

/// What every form of nixpkgs is taken for.
const NIXPKGS: &str = "nixos/nixpkgs";

/// The host of a URL that names a forge in its scheme.
const FORGE: &str = "@";

/// What stands behind the repository in the path of a tarball.
const ARCHIVES: &[&str] = &[
    "-",
    "archive",
    "get",
    "releases",
    "repository",
    "tar.gz",
    "tarball",
    "zip",
];

/// `owner/name` in lower case, of `github:Owner/Name/ref?x` and the like; the name alone
/// where that is all that the URL says.
pub(super) fn repo_of(url: &str) -> Option<String> {
    let url = url.split(['?', '#']).next().unwrap_or(url).to_lowercase();
    let (scheme, rest) = url.split_once(':').unwrap_or(("flake", &url));
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_once('/').unwrap_or((rest, "")),
        // `github:owner/name` and `git@host:owner/name`: the host is no part of the path.
        None => (FORGE, rest),
    };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match scheme {
        "channel" => Some(NIXPKGS.to_owned()),
        _ if is_channel(host, &parts) => Some(NIXPKGS.to_owned()),
        // The registry's `nixpkgs/nixos-25.05`: a name and a branch.
        "flake" => parts.first().map(|name| (*name).to_owned()),
        "path" => parts.last().map(|name| (*name).to_owned()),
        _ => hosted(host, &parts),
    }
}

/// A channel or a release of nixpkgs, wherever that is mirrored.
fn is_channel(host: &str, parts: &[&str]) -> bool {
    let file = parts.last().copied().unwrap_or_default();
    let of_nixos = host == "nixos.org" || host.ends_with(".nixos.org");
    file.starts_with("nixexprs.tar") || (of_nixos && parts.first() != Some(&"nix"))
}

/// The last folder and the name of the repository in a path.
fn hosted(host: &str, parts: &[&str]) -> Option<String> {
    let parts = match (host, parts) {
        // https://flakehub.com/f/Owner/Name/1.tar.gz
        ("flakehub.com" | "api.flakehub.com", ["f", "pinned", rest @ ..] | ["f", rest @ ..])
        | ("github.com" | "codeload.github.com", rest)
        | ("api.github.com", ["repos", rest @ ..]) => first_two(rest),
        // https://gitlab.example.org/api/v4/projects/owner%2Fname/repository/archive.tar.gz
        (_, ["api", "v4", "projects", rest @ ..]) => rest,
        (FORGE, rest) => first_two(rest),
        (_, rest) => rest,
    };
    let end = parts.iter().position(|part| has_git(part)).map(|at| at + 1);
    let end = end.or_else(|| parts.iter().position(|part| ARCHIVES.contains(part)));
    // A group of GitLab's within another is one part: `group%2Fgroup`.
    let whole = parts[..end.unwrap_or(parts.len())]
        .join("/")
        .replace("%2f", "/");
    let whole = whole.trim_end_matches(".git");
    let (owner, name) = whole.rsplit_once('/').unwrap_or(("", whole));
    match owner.rsplit('/').next() {
        _ if name.is_empty() => None,
        None | Some("") => Some(name.to_owned()),
        Some(owner) => Some(format!("{owner}/{name}")),
    }
}

fn has_git(part: &str) -> bool {
    part.strip_suffix(".git")
        .is_some_and(|name| !name.is_empty())
}

fn first_two<'a, 'p>(parts: &'a [&'p str]) -> &'a [&'p str] {
    &parts[..parts.len().min(2)]
}

#[cfg(test)]
mod tests {
    use super::repo_of;

    #[test]
    fn the_repository_of_an_input_is_read_from_every_form_of_url() {
        for (url, repo) in [
            ("github:NixOS/nixpkgs/nixos-unstable", "nixos/nixpkgs"),
            ("github:NixOS/nixpkgs?ref=nixos-25.05", "nixos/nixpkgs"),
            ("gitlab:group%2Fsub/name/main", "sub/name"),
            ("sourcehut:~owner/name", "~owner/name"),
            (
                "git+https://github.com/hercules-ci/flake-parts.git?ref=main",
                "hercules-ci/flake-parts",
            ),
            ("git@github.com:NixOS/nixpkgs.git", "nixos/nixpkgs"),
            ("git+ssh://git@example.org:22/a/b/nixpkgs.git", "b/nixpkgs"),
            (
                "git+https://example.org/a/b/c/nixpkgs?ref=main",
                "c/nixpkgs",
            ),
            ("git+file:///home/kim/src/nixpkgs", "src/nixpkgs"),
            ("path:/home/kim/nixpkgs", "nixpkgs"),
            (
                "https://git.clan.lol/clan/clan-core/archive/main.tar.gz",
                "clan/clan-core",
            ),
            (
                "https://gitlab.example.org/a/b/name/-/archive/main/name-main.tar.gz",
                "b/name",
            ),
            (
                "https://gitlab.com/api/v4/projects/owner%2Fname/repository/archive.tar.gz?sha=main",
                "owner/name",
            ),
            (
                "https://api.github.com/repos/NixOS/nixpkgs/tarball/master",
                "nixos/nixpkgs",
            ),
            (
                "https://github.com/NixOS/nixpkgs/archive/refs/heads/master.tar.gz",
                "nixos/nixpkgs",
            ),
            ("nixpkgs/nixos-24.05", "nixpkgs"),
            ("flake:home-manager/release-25.05", "home-manager"),
            (
                "https://flakehub.com/f/NixOS/nixpkgs/0.1.tar.gz",
                "nixos/nixpkgs",
            ),
            (
                "https://api.flakehub.com/f/pinned/NixOS/nixpkgs/0.1.0/0/source.tar.gz",
                "nixos/nixpkgs",
            ),
            (
                "https://channels.nixos.org/nixos-24.05/nixexprs.tar.xz",
                "nixos/nixpkgs",
            ),
            ("https://nixos.org/channels/nixos-unstable", "nixos/nixpkgs"),
            (
                "tarball+https://mirror.example.org/x/nixexprs.tar.zst",
                "nixos/nixpkgs",
            ),
            ("channel:nixos-unstable", "nixos/nixpkgs"),
            (
                "https://releases.nixos.org/nix/nix-2.30.0/nix-2.30.0.tar.xz",
                "nix-2.30.0/nix-2.30.0.tar.xz",
            ),
            ("nixpkgs", "nixpkgs"),
        ] {
            assert_eq!(repo_of(url).as_deref(), Some(repo), "{url}");
        }
    }
}

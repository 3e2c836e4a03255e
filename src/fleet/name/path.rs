//! Paths in the inventory: of files on a machine, and of files in the repository.

use serde::{Deserialize, Serialize};

use super::{NameError, checked_name};

/// The absolute path of a file on a NixOS machine, as ssh and Nix can both name it.
///
/// It is in its shortest form (no `//`, `.`, `..`, no slash at its end) and has
/// no blank, control character, quote, backslash, `$` or `%`: `ssh_config` splits
/// at blanks and expands `%` and `${}`, Nix's lists of files split at blanks.
/// Nor does it lie in the Nix store, which everybody can read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AbsolutePath(String);

checked_name!(AbsolutePath, check_absolute);

impl AbsolutePath {
    /// True if a file there is still there after a boot: `/run` is in memory.
    pub fn outlasts_boot(&self) -> bool {
        !self.0.starts_with("/run/")
    }
}

fn check_absolute(text: &str) -> Result<(), NameError> {
    let Some(rest) = text.strip_prefix('/') else {
        return Err(NameError::Form("a path on a machine begins with `/`"));
    };
    let unsafe_in_configs = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '\'' | '`' | '\\' | '$' | '%' | '#')
    };
    if let Some(character) = text.chars().find(|&c| unsafe_in_configs(c)) {
        let what = "a path on a machine";
        return Err(NameError::Character { what, character });
    }
    if rest.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(NameError::Form(
            "a path on a machine is written in its shortest form, without `//`, `.`, `..` or a slash at its end",
        ));
    }
    if text.starts_with("/nix/store/") {
        return Err(NameError::Form(
            "everybody on the machine can read the Nix store: no private key may lie there",
        ));
    }
    Ok(())
}

/// Checks the path of a file or folder in the repository, relative to the flake's
/// folder: not absolute, not out of it, no control characters.
///
/// # Errors
/// With what is wrong.
pub fn check_module_path(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty("a path"));
    }
    if text.starts_with('/') || text.starts_with('~') {
        return Err(NameError::Form(
            "a path in the repository is relative to the flake's folder",
        ));
    }
    if let Some(character) = text.chars().find(|c| c.is_control()) {
        let what = "a path in the repository";
        return Err(NameError::Character { what, character });
    }
    let mut depth = 0_usize;
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => depth = depth.checked_sub(1).ok_or(LEAVES)?,
            _ => depth += 1,
        }
    }
    if depth == 0 {
        return Err(NameError::Form("this path is the flake's own folder"));
    }
    Ok(())
}

const LEAVES: NameError = NameError::Form("this path leaves the flake's folder");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_a_machine_is_absolute_short_and_plain() {
        assert!(
            "/etc/ssh/ssh_host_ed25519_key"
                .parse::<AbsolutePath>()
                .is_ok()
        );
        let bad = [
            "",
            "/",
            "etc/x",
            "~/x",
            "/a/",
            "/a//b",
            "/a/../b",
            "/a/./b",
            "/a b",
            "/a\n",
            "/a%h",
            "/a${b}",
            "/a\"b",
            "/a'b",
            "/a\\b",
            "/a#b",
            "/nix/store/abc-key",
        ];
        for text in bad {
            assert!(text.parse::<AbsolutePath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_module_stays_in_the_flakes_folder() {
        for good in [
            "configuration.nix",
            "./hosts/pai",
            "hosts/../pai.nix",
            "a dir/x.nix",
        ] {
            assert_eq!(check_module_path(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            ".",
            "a/..",
            "../x.nix",
            "a/../../x",
            "/etc/x",
            "~/x",
            "a\nb",
        ] {
            assert!(check_module_path(bad).is_err(), "{bad:?}");
        }
    }
}

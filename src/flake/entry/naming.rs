//! Names that go with the name of a host: of its module, in a row that makes it.

use crate::flake::discovery::FoundHost;

/// The name of the host's module: its folder, or its file.
pub(super) fn module_name(host: &FoundHost) -> Option<&str> {
    let module = host.module.as_ref()?;
    let stem = module.file_name().strip_suffix(".nix")?;
    let enters = matches!(stem, "default" | "configuration");
    if !enters {
        return Some(stem);
    }
    let (_, folder) = module
        .as_str()
        .trim_end_matches(module.file_name())
        .trim_end_matches('/')
        .rsplit_once('/')?;
    Some(folder)
}

/// What the new host has where a sibling has this name beside its own: `fern` for
/// `box-fern` where it is `amber` for `box-amber`, else the new host's own name.
pub(super) fn beside<'n>(name: &str, sibling: &str, new: &'n str) -> &'n str {
    let rest = || {
        let at = sibling.find(name)?;
        let (before, behind) = (&sibling[..at], &sibling[at + name.len()..]);
        let is_part = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric());
        let ends = behind.is_empty() || behind.starts_with(|c: char| !c.is_alphanumeric());
        let rest = new.strip_prefix(before)?.strip_suffix(behind)?;
        (is_part && ends && !rest.is_empty()).then_some(rest)
    };
    rest().unwrap_or(new)
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn what_all_names_begin_with_is_no_part_of_the_row() {
        assert_eq!(beside("amber", "box-amber", "box-fern"), "fern");
        assert_eq!(beside("amber", "amber-box", "fern-box"), "fern");
        assert_eq!(beside("laptop", "amber", "fern"), "fern");
        assert_eq!(beside("amber", "amber", "fern"), "fern");
        assert_eq!(beside("amber", "box-amber", "fern"), "fern");
    }
}

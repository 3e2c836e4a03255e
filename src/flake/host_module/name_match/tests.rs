//! How well the path of a file fits the name of a host.

use super::*;

#[track_caller]
fn check(path: &str, host: &str, expected: NameMatch) {
    let path = RepoPath::new(path).unwrap();
    assert_eq!(of_path(&path, host), expected, "{path} for {host}");
}

#[test]
fn a_file_or_its_folder_is_named_after_the_host() {
    check("hosts/pai.nix", "pai", NameMatch::Whole);
    check("configuration-pai.nix", "pai", NameMatch::Whole);
    check("hosts/Pai/configuration.nix", "pai", NameMatch::Whole);
    check("hosts/pai/pai.nix", "pai", NameMatch::Whole);
    check("nixos/my_box/default.nix", "my-box", NameMatch::Whole);
}

#[test]
fn the_whole_name_counts_before_a_part_of_it() {
    check("boxes/nixos-pai.nix", "nixos-pai", NameMatch::Whole);
    check("boxes/host-pai/default.nix", "host-pai", NameMatch::Whole);
    check("boxes/system-76.nix", "system-76", NameMatch::Whole);
    check("hosts/nixos.nix", "nixos", NameMatch::Whole);
    check("hosts/pai/nixos.nix", "nixos", NameMatch::None);
    check("hosts/pai/nixos.nix", "pai", NameMatch::Whole);
    let path = |path| RepoPath::new(path).unwrap();
    assert_eq!(whole_name(&path("nixos-pai.nix")), "nixos-pai");
    assert_eq!(whole_name(&path("hosts/Pai/default.nix")), "pai");
}

#[test]
fn one_side_of_a_machine_is_not_the_machine() {
    let is_aspect = |path| is_aspect(&RepoPath::new(path).unwrap());
    assert!(is_aspect("hosts/_pai-hardware.nix"));
    assert!(is_aspect("hosts/pai-disko.nix"));
    assert!(is_aspect("users/ada/hosts/pai.nix"));
    assert!(is_aspect("home/pai/default.nix"));
    assert!(!is_aspect("users/ada/hosts/pai/configuration.nix"));
    assert!(!is_aspect("hosts/pai-disk.nix"));
}

#[test]
fn modules_of_hosts_are_no_shared_parts() {
    let is_part = |path| is_shared_part(&RepoPath::new(path).unwrap(), false);
    assert!(is_part("profiles/web.nix"));
    assert!(is_part("modules/web.nix"));
    assert!(!is_part("modules/hosts/web.nix"));
    assert!(!is_part("machines/rack/configuration.nix"));
}

#[test]
fn folder_and_file_are_the_name_together() {
    check("rescue/iso.nix", "rescue-iso", NameMatch::Parts);
    check("hosts/fleet-pai/default.nix", "pai", NameMatch::Parts);
}

#[test]
fn a_variant_has_the_name_that_it_varies() {
    check("hosts/pai/default.nix", "pai-vm", NameMatch::Variant(3));
    check("hosts/kalaw/default.nix", "kalaw2", NameMatch::Variant(5));
    check(
        "machines/pai/installer/default.nix",
        "pai-installer-kde",
        NameMatch::Variant(13),
    );
    check("hosts/pai/default.nix", "paint", NameMatch::None);
}

#[test]
fn what_is_in_the_hosts_folder_need_not_be_its_entry() {
    check("hosts/pai/fonts.nix", "pai", NameMatch::Below);
    check("modules/fonts.nix", "pai", NameMatch::None);
}

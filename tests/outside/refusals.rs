//! Where larder has to refuse: it names the thing, and leaves the repository, the
//! index and the keys byte for byte as they were.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::world::{World, add_cache, strs};

trials![
    a_flake_that_does_not_parse,
    imports_under_mkforce,
    names_that_are_no_names,
    a_host_key_of_garbage,
    a_private_key_in_the_place_of_a_public_one,
    a_target_file_with_changes_of_ones_own,
    a_read_only_file,
    a_missing_identity,
    a_repository_in_a_merge,
    no_repository_at_all,
    a_key_file_that_is_there,
    ; needs root:
    a_full_disk,
];

fn a_flake_that_does_not_parse() {
    let world = World::new();
    world.replace("flake.nix", "outputs =", "outputs = {");
    world.commit("broken");
    let message = "error[syntax]: this `{` is never closed";
    world.refused(&["init", "--yes"], &[message, "--> flake.nix:1:1"]);
}

fn imports_under_mkforce() {
    let world = World::initialised();
    world.write(
        "configuration-pai.nix",
        "{ lib, ... }:\n{\n  imports = lib.mkForce [ ./hardware-pai.nix ];\n}\n",
    );
    world.commit("forced");
    world.refused(
        &strs(&add_cache()),
        &[
            "error[edit-refused]: `imports` is a call of `lib.mkForce` here, and that is meant",
            "--> configuration-pai.nix:3:13",
            "help: write `./larder/hosts/pai.nix` into that list by hand",
        ],
    );
}

fn names_that_are_no_names() {
    let world = World::initialised();
    let ends = "a name, and each part of it between dots, begins and ends with a letter or digit";
    for (name, why) in [
        ("../x", "a host name has no '/' in it"),
        ("a\"${b}", "a host name has no '\"' in it"),
        ("a b", "a host name has no ' ' in it"),
        ("-x", ends),
        ("a\tb", "a host name has no '\\t' in it"),
        ("", "a host name cannot be empty"),
        (".", ends),
        ("*", "a host name has no '*' in it"),
    ] {
        let args = ["add-host", "--yes", "--system", "x86_64-linux", "--", name];
        let message = format!("error: invalid value '{name}' for '[NAME]': {why}");
        world.refused(&args, &[&message]);
    }
    let args = [
        "add-host",
        "--yes",
        "--system",
        "x86_64-linux",
        "--",
        "a\nb",
    ];
    world.refused(&args, &["b' for '[NAME]': a host name has no '\\n' in it"]);
}

fn a_host_key_of_garbage() {
    let world = World::initialised();
    let cut = "error[key-unreadable]: the base64 after `ssh-ed25519` is cut short or has a wrong character";
    let private = "error[secret-argument]: an argument holds a private key; only public keys are given to larder";
    let file = "error[key-unreadable]: `garbage` is neither a public key nor a readable file";
    for (garbage, message) in [
        ("garbage", file),
        ("ssh-ed25519 AAAAnotakey", cut),
        ("ssh-ed25519 AAAA${x}\nb", cut),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", private),
    ] {
        let mut args = add_cache();
        let at = args
            .iter()
            .position(|arg| arg.starts_with("kalaw="))
            .unwrap();
        args[at] = format!("kalaw={garbage}");
        world.refused(&strs(&args), &[message]);
    }
}

/// A private key given by mistake is refused, and nothing of it is said.
fn a_private_key_in_the_place_of_a_public_one() {
    let world = World::initialised();
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(world.around().join("id"))
        .status();
    assert!(made.unwrap().success());
    let private = fs::read_to_string(world.around().join("id")).unwrap();
    let file = world.around().join("id").display().to_string();
    let message = format!(
        "error[key-unreadable]: `{file}`: this is a private key, and only its public half may be here"
    );
    let said = world.refused(&["keys", "set", "pai", &file, "--yes"], &[&message]);
    let secret = private.lines().nth(3).unwrap();
    assert!(!said.words.contains(secret), "{}", said.words);
}

fn a_target_file_with_changes_of_ones_own() {
    let world = World::initialised();
    world.write(
        "configuration-pai.nix",
        world.read("configuration-pai.nix") + "# mine\n",
    );
    world.refused(
        &strs(&add_cache()),
        &["error[uncommitted]: `configuration-pai.nix` has changes that are not committed"],
    );
}

fn a_read_only_file() {
    let world = World::initialised();
    let path = world.path("configuration-pai.nix");
    fs::set_permissions(path, fs::Permissions::from_mode(0o444)).unwrap();
    world.refused(
        &strs(&add_cache()),
        &["error[read-only]: `configuration-pai.nix` is read-only"],
    );
}

fn a_missing_identity() {
    let world = World::initialised();
    let before = world.snapshot();
    let mut command = world.start(&strs(&add_cache()));
    for who in ["AUTHOR", "COMMITTER"] {
        command.env_remove(format!("GIT_{who}_NAME"));
        command.env_remove(format!("GIT_{who}_EMAIL"));
    }
    let said = super::world::Said::of(&command.output().unwrap());
    assert!(matches!(said.code, Some(1 | 2)), "{said:?}");
    said.says("error[no-identity]: git does not know who commits here");
    world.unchanged(&before);
}

fn a_repository_in_a_merge() {
    let world = World::initialised();
    world.git(&["switch", "-q", "-c", "side"]);
    world.write("hardware-pai.nix", "{ } # side\n");
    world.commit("side");
    world.git(&["switch", "-q", "main"]);
    world.write("hardware-kalaw.nix", "{ } # main\n");
    world.commit("main");
    world.git(&["merge", "-q", "--no-commit", "side"]);
    world.refused(
        &strs(&add_cache()),
        &[
            "error[in-progress]: a merge is in progress in this repository",
            "help: finish it with `git merge --continue`, or give it up with `git merge --abort`",
        ],
    );
}

fn no_repository_at_all() {
    let world = World::new();
    fs::remove_dir_all(world.path(".git")).unwrap();
    for args in [
        &["init", "--yes"][..],
        &["add-host", "x", "--yes"],
        &["sync", "--yes"],
    ] {
        let repo = world.repo().display().to_string();
        let message = format!("error[no-git]: `{repo}` is not in a git repository");
        world.refused(args, &[&message]);
    }
}

/// At every size of disk the command either does all of its work or nothing, and
/// says that the disk is full.
fn a_full_disk() {
    let world = World::initialised();
    let disk = world.around().join("disk");
    fs::create_dir(&disk).unwrap();
    let (mut full, mut done) = (0, 0);
    for room in (0..=1200).step_by(120) {
        let fits = on_small_disk(&world, room);
        full += usize::from(!fits);
        done += usize::from(fits);
    }
    assert!(full > 0 && done > 0, "{full} times full, {done} times done");
}

/// Runs the command where so many kilobytes are left; true if it did its work.
fn on_small_disk(world: &World, room: usize) -> bool {
    let disk = world.around().join("disk");
    mount(&["-t", "tmpfs", "-o", "size=4m", "tmpfs"], &disk);
    let _unmount = Mounted(&disk);
    let repo = disk.join("repo");
    let copied = Command::new("cp")
        .arg("-a")
        .arg(world.repo())
        .arg(&repo)
        .status();
    assert!(copied.unwrap().success());
    fill(&disk, room);
    let git = |args: &[&str]| {
        let output = world
            .program("git")
            .current_dir(&repo)
            .args(args)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let before = [git(&["status", "--porcelain"]), git(&["rev-parse", "HEAD"])];
    let output = world
        .start(&strs(&add_cache()))
        .current_dir(&repo)
        .output()
        .unwrap();
    let said = super::world::Said::of(&output);
    let after = [git(&["status", "--porcelain"]), git(&["rev-parse", "HEAD"])];
    let sound = world
        .program("git")
        .current_dir(&repo)
        .args(["fsck", "--strict"])
        .status();
    assert!(sound.unwrap().success());
    match said.code {
        Some(0) => {
            assert_ne!(before[1], after[1]);
            assert_eq!(after[0], "");
            true
        }
        Some(1 | 2) => {
            assert!(
                said.words.contains("No space left on device"),
                "{}",
                said.words
            );
            assert_eq!(before, after);
            assert!(!repo.join("nix_ssh_key").exists() && !repo.join(".git/index.lock").exists());
            false
        }
        _ => panic!("{said:?}"),
    }
}

/// Fills the disk so far that `room` kilobytes are left.
fn fill(disk: &std::path::Path, room: usize) {
    let output = Command::new("df")
        .args(["--output=avail", "-k"])
        .arg(disk)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let free: usize = text.lines().nth(1).unwrap().trim().parse().unwrap();
    fs::write(
        disk.join("filled"),
        vec![b'x'; free.saturating_sub(room) * 1024],
    )
    .unwrap();
}

fn mount(args: &[&str], at: &std::path::Path) {
    let mounted = Command::new("mount").args(args).arg(at).status().unwrap();
    assert!(mounted.success(), "this test mounts a tmpfs: it needs root");
}

struct Mounted<'a>(&'a std::path::Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.0).status());
    }
}

/// What is there already is never written over.
fn a_key_file_that_is_there() {
    let world = World::initialised();
    world.write(".gitignore", "/nix_ssh_key\n");
    world.commit("ignore");
    world.write("nix_ssh_key", "mine\n");
    world.refused(
        &strs(&add_cache()),
        &["error[key-file-exists]: `nix_ssh_key` exists already"],
    );
}

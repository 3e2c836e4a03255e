//! Repositories that mean harm: an error names the thing, nothing is executed, and
//! nothing is written outside of the work tree.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::world::{Said, World, add_cache, strs};

trials![
    pipes_sockets_and_folders,
    links_in_loops_and_out_of_the_tree,
    a_folder_of_larders_that_leads_out_of_the_tree,
    more_bytes_than_a_source_has,
    bytes_that_are_no_text,
    nuls,
    what_is_nested_without_end,
    twins_in_another_case,
    names_with_line_breaks_and_without_utf_8,
    an_inventory_that_leads_out_of_the_tree,
    values_that_try_to_be_code,
    a_broken_git_repository,
    ones_own_repository_starts_what_git_would_start,
    ; needs root:
    a_device,
    somebody_elses_repository_starts_nothing,
    a_git_file_that_points_to_somebody_else,
];

/// What every command says of a file that cannot be used, whichever it is.
fn unusable(put: impl Fn(&World, &str), why: &str) {
    let with = |file: &str| {
        let world = World::initialised();
        fs::remove_file(world.path(file)).unwrap();
        put(&world, file);
        world
    };
    let world = with("flake.nix");
    fs::remove_file(world.path("larder.toml")).unwrap();
    let message = format!("error[flake-unreadable]: `flake.nix` cannot be read: it {why}");
    world.refused(&["init", "--yes"], &[&message]);
    let message = "error[flake-exists]: there is a `flake.nix` already";
    world.refused(&["init", "--yes", "--new-flake", "pai"], &[message]);

    let world = with("larder.toml");
    let message = format!("error[inventory-unreadable]: `larder.toml` {why}");
    let init = vec!["init", "--yes"];
    for args in [
        init,
        vec!["lint"],
        vec!["sync", "--yes"],
        strs(&add_cache()),
    ] {
        world.refused(&args, &[&message]);
    }

    let world = with("configuration-pai.nix");
    if why == NO_TEXT {
        // Nix may read it all the same.
        let note = format!(
            "note[module-not-read]: `configuration-pai.nix` {why}: what it sets is not judged for `pai`"
        );
        world.done(&["lint"]).says(&note);
    } else {
        let message = format!("error[host-module-missing]: the module of `pai` {why}");
        world.refused(&["lint"], &[&message]);
    }
    let message = format!("error[file-unreadable]: `configuration-pai.nix` {why}");
    world.refused(&strs(&add_cache()), &[&message]);
}

fn pipes_sockets_and_folders() {
    unusable(|world, file| make("mkfifo", world, &[file]), NOT_A_FILE);
    unusable(
        |world, file| drop(UnixListener::bind(world.path(file)).unwrap()),
        NOT_A_FILE,
    );
    unusable(
        |world, file| fs::create_dir(world.path(file)).unwrap(),
        NOT_A_FILE,
    );
}

const NO_TEXT: &str = "is not UTF-8 text";
const NOT_A_FILE: &str = "is not a regular file";

fn make(program: &str, world: &World, args: &[&str]) {
    let made = world.program(program).args(args).status().unwrap();
    assert!(made.success(), "{program} {args:?}");
}

/// It gives bytes without end.
fn a_device() {
    unusable(
        |world, file| make("mknod", world, &[file, "c", "1", "5"]),
        NOT_A_FILE,
    );
}

fn links_in_loops_and_out_of_the_tree() {
    let out = "is a symbolic link that leaves the work tree";
    let to = |target: &'static str| {
        move |world: &World, file: &str| symlink(target, world.path(file)).unwrap()
    };
    unusable(
        |world, file| symlink(file, world.path(file)).unwrap(),
        "is a symbolic link in a loop",
    );
    unusable(to("/dev/zero"), out);
    unusable(to("/etc/passwd"), out);
    unusable(to(".git/config"), "belongs to git");
    unusable(
        |world, file| {
            fs::write(world.around().join("outside"), "{ }\n").unwrap();
            symlink("../outside", world.path(file)).unwrap();
        },
        out,
    );
}

fn a_folder_of_larders_that_leads_out_of_the_tree() {
    let world = World::initialised();
    fs::create_dir(world.around().join("outside")).unwrap();
    symlink("../outside", world.path("larder")).unwrap();
    world.commit("a link");
    world.refused(
        &strs(&add_cache()),
        &["error[behind-link]: `larder/keys.nix` is behind the symbolic link `larder`"],
    );
}

fn more_bytes_than_a_source_has() {
    let huge = |world: &World, file: &str| {
        File::create(world.path(file))
            .unwrap()
            .set_len(1 << 40)
            .unwrap();
    };
    unusable(huge, "is larger than 16 MiB");
}

fn bytes_that_are_no_text() {
    unusable(
        |world, file| world.write(file, b"{ a = \"\xff\xfe\"; }\n"),
        NO_TEXT,
    );
}

fn nuls() {
    let world = World::initialised();
    world.write("larder.toml", "version = 1\n# \0\n");
    let message = "error[inventory-syntax]: `larder.toml` is not TOML";
    world.refused(&["lint"], &[message, "--> larder.toml:2:3"]);
    let world = World::new();
    world.write("flake.nix", "{ a = \0; }\n");
    let message = "error[syntax]: unexpected `␀`";
    world.refused(&["init", "--yes"], &[message, "--> flake.nix:1:7"]);
}

fn what_is_nested_without_end() {
    let nest = |open: &str, middle: &str, close: &str| {
        format!("{}{middle}{}", open.repeat(100_000), close.repeat(100_000))
    };
    let brackets = "error[syntax]: more than 200 brackets inside each other";
    let deep = "error[syntax]: this expression is nested too deeply to be read";
    let long = "error[syntax]: this expression is too long to be read";
    let nix = [
        (nest("(", "1", ")"), brackets),
        (nest("[", "", "]"), brackets),
        (nest("{a=", "1", ";}"), brackets),
        (nest("\"${", "1", "}\""), brackets),
        (nest("let a = ", "1", "; in a"), deep),
        (nest("if a then b else ", "1", ""), deep),
        (nest("x: ", "1", ""), deep),
        (nest("-", "1", ""), long),
        (nest("!", "a", ""), deep),
        (nest("a + ", "1", ""), deep),
        (nest("f ", "1", ""), deep),
        (nest("a.", "a", ""), long),
    ];
    for (text, message) in &nix {
        let world = World::new();
        world.write("flake.nix", format!("{{ outputs = _: {text}; }}\n"));
        world.refused(&["init", "--yes"], &[message]);
        let world = World::initialised();
        world.write("configuration-pai.nix", format!("{{ a = {text}; }}\n"));
        world.commit("nested");
        answered(&world, &["lint"]);
        answered(&world, &strs(&add_cache()));
    }
    let toml = [
        format!("a = {}", nest("[", "", "]")),
        format!("a = {}", nest("{a=", "1", "}")),
        format!("{} = 1", nest("a.", "a", "")),
        format!("[{}]", nest("a.", "a", "")),
        format!("[[{}]]", nest("a.", "a", "")),
    ];
    for text in &toml {
        let world = World::initialised();
        world.write("larder.toml", format!("version = 1\n{text}\n"));
        let message = "error[inventory-syntax]: `larder.toml` is not TOML";
        world.refused(&["lint"], &[message]);
        world.refused(&strs(&add_cache()), &[message]);
    }
}

/// It ends by itself, with a code of its own.
#[track_caller]
fn answered(world: &World, args: &[&str]) -> Said {
    let said = world.larder(args);
    assert!(matches!(said.code, Some(0..=2)), "{args:?}: {said:?}");
    assert!(!said.words.contains("panicked"), "{said:?}");
    said
}

fn twins_in_another_case() {
    let world = World::initialised();
    world.write("Larder/readme", "mine\n");
    world.write("Hosts/bagan.nix", "{ }\n");
    world.commit("twins");
    let message = "error[case-collision]: `larder/keys.nix` differs only in case from `Larder`";
    world.refused(&strs(&add_cache()), &[message]);
    world.refused(
        &[
            "add-host",
            "bagan",
            "--system",
            "x86_64-linux",
            "--module",
            "hosts/bagan.nix",
            "--yes",
        ],
        &["error[case-collision]: `hosts/bagan.nix` differs only in case from `Hosts`"],
    );
}

/// Names that cannot be said in one line are left alone, and do no harm to others.
fn names_with_line_breaks_and_without_utf_8() {
    let world = World::new();
    world.write(
        "a\nerror: b/flake.nix",
        "{ outputs = _: { nixosConfigurations = { }; }; }\n",
    );
    world.write("\u{1b}[31mred.nix", "{ }\n");
    let odd = std::ffi::OsStr::from_bytes(b"\xff.nix");
    fs::write(world.repo().join(odd), "{ }\n").unwrap();
    world.commit("odd names");
    world.done(&["init", "--yes", "--quiet"]);
    let said = world.done(&["lint"]);
    assert!(!said.words.contains('\u{1b}'), "{:?}", said.words);
    world.done(&strs(&add_cache()));
    world.assert_sound();
}

fn an_inventory_that_leads_out_of_the_tree() {
    let outside = [
        "../outside.nix",
        "/etc/passwd",
        "a/../../outside.nix",
        "a\\nb.nix",
        "",
        ".",
    ];
    let lines = outside.map(|path| format!("module = \"{path}\""));
    for line in lines {
        let world = World::initialised();
        fs::write(world.around().join("outside.nix"), "{ }\n").unwrap();
        world.replace("larder.toml", "module = \"configuration-pai.nix\"", &line);
        world.commit("out");
        let message = "error[inventory-value]: `hosts.pai.module` is not a file in the repository";
        for args in [vec!["lint"], vec!["sync", "--yes"], strs(&add_cache())] {
            world.refused(&args, &[message, "--> larder.toml:7:10"]);
        }
    }
    for dir in ["../x", "/tmp/x", "", ".", "a\\nb"] {
        for (name, kind, column) in [("dir", "folder", 7), ("import", "file", 10)] {
            let world = World::initialised();
            let line = format!("version = 1\n{name} = \"{dir}\"");
            world.replace("larder.toml", "version = 1", &line);
            world.commit("out");
            let message =
                format!("error[inventory-value]: `{name}` is not a {kind} in the repository");
            let place = format!("--> larder.toml:2:{column}");
            for args in [vec!["lint"], strs(&add_cache())] {
                world.refused(&args, &[&message, &place]);
            }
        }
    }
    for dir in [".git", ".git/hooks", "a/.GIT/b"] {
        let world = World::initialised();
        world.replace(
            "larder.toml",
            "version = 1",
            &format!("version = 1\ndir = \"{dir}\""),
        );
        world.commit("out");
        let message = format!("error[git-folder]: `{dir}/keys.nix` belongs to git");
        world.refused(&strs(&add_cache()), &[&message]);
    }
}

/// What tries to be Nix, `ssh_config` or shell where a name, an address or a key is
/// wanted. None of them is taken; where a text may say anything, see tests/quoting.rs.
fn values_that_try_to_be_code() {
    let tries = [
        "${builtins.readFile /etc/shadow}",
        "\\\"; evil = 1; x = \\\"",
        "x\\nProxyCommand touch /tmp/x",
        "x ProxyCommand=touch",
        "-oProxyCommand=touch",
        "$(touch x)",
        "`touch x`",
        "x; touch x",
        "x' && touch x #",
        "''${x}",
        "%h",
        "*",
        "x\\u0000y",
        "x\\u202ey",
    ];
    let not = |what: &str| format!("error[inventory-value]: `hosts.@.{what}");
    let fields = [
        ("address = \"@\"", not("address` is not an address")),
        ("proxy-jump = \"@\"", not("proxy-jump` is not a jump host")),
        (
            "host-key = \"@\"",
            not("host-key` is not an SSH public key"),
        ),
        (
            "host-key = \"ssh-ed25519 @\"",
            not("host-key` is not an SSH public key"),
        ),
        (
            "system = \"@\"",
            not("system` is not a system that NixOS knows"),
        ),
        (
            "tags = [\"@\"]",
            not("tags` is a list of tags, and one entry is not right"),
        ),
        (
            "port = \"@\"",
            "error[inventory-type]: `hosts.@.port` is not a port from 1 to 65535".to_owned(),
        ),
        (
            "identity = { file = \"@\" }",
            not("identity.file` is not an absolute path on the machine or a secret"),
        ),
    ];
    for (field, message) in fields {
        let host = |(n, value): (usize, &&str)| {
            let host = format!("h{n}");
            let entry = format!("[hosts.{host}]\n{}\n", field.replace('@', value));
            (entry, message.replace('@', &host))
        };
        are_refused(&tries.iter().enumerate().map(host).collect::<Vec<_>>());
    }
    let names = tries.map(|value| (format!("[hosts.\"{value}\"]\n"), name_of(value)));
    are_refused(&names);
    let cache = |field: &str| format!("[caches.kalaw]\nclients = [\"pai\"]\n{field}\n");
    for value in tries {
        let signing = cache(&format!("signing-key = \"{value}:AAAA\""));
        let message = "`caches.kalaw.signing-key` is not a Nix public key or `\"pending\"`";
        are_refused(&[(signing, format!("error[inventory-value]: {message}"))]);
    }
    let clients = tries.map(|value| format!("  \"{value}\",\n")).concat();
    let clients = format!("[caches.kalaw]\nclients = [\n{clients}]\n");
    let message = "error[inventory-value]: `caches.kalaw.clients` is a list of hosts, tags and `@all`, and one entry is not right";
    let said = are_refused(&[(clients, message.to_owned())]);
    assert_eq!(said.words.matches(message).count(), tries.len());
}

/// What is said of a host of that name, which the file has between double quotes.
fn name_of(value: &str) -> String {
    let shown = match value {
        "\\\"; evil = 1; x = \\\"" => "'\"; evil = 1; x = \"'".to_owned(),
        "x\\u202ey" => "\"x\u{fffd}y\"".to_owned(),
        _ => format!("\"{value}\""),
    };
    format!("error[inventory-name]: `{shown}` is not a host name")
}

/// Entries of one inventory, and what is said of each.
#[track_caller]
fn are_refused(entries: &[(String, String)]) -> Said {
    let world = World::initialised();
    let mut text = world.read("larder.toml");
    text.extend(entries.iter().map(|(entry, _)| format!("\n{entry}")));
    world.write("larder.toml", text);
    let messages: Vec<&str> = entries
        .iter()
        .map(|(_, message)| message.as_str())
        .collect();
    world.refused(&strs(&add_cache()), &messages);
    world.refused(&["lint"], &messages)
}

/// What the error begins with, and how it comes about.
type Break<'a> = (&'a str, &'a dyn Fn(&World));

/// Objects that are missing, refs and files of git's that are garbage.
fn a_broken_git_repository() {
    let object = |world: &World, name: &str| {
        let id = world.git(&["rev-parse", name]);
        let (folder, file) = id.trim().split_at(2);
        world.path(&format!(".git/objects/{folder}/{file}"))
    };
    let garbage = |path: &Path| {
        drop(fs::set_permissions(path, fs::Permissions::from_mode(0o644)));
        fs::write(path, "garbage\n").unwrap();
    };
    let breaks: [Break<'_>; 8] = [
        ("the last commit cannot be read: ", &|world| {
            fs::remove_file(object(world, "HEAD")).unwrap();
        }),
        ("the last commit cannot be read: ", &|world| {
            garbage(&object(world, "HEAD"));
        }),
        ("the last commit cannot be read: ", &|world| {
            garbage(&object(world, "HEAD^{tree}"));
        }),
        ("git's index cannot be read: ", &|world| {
            garbage(&world.path(".git/index"));
        }),
        ("git's index cannot be read: ", &|world| {
            let index = File::options().write(true).open(world.path(".git/index"));
            index.unwrap().set_len(100).unwrap();
        }),
        ("HEAD cannot be read: The reference at \"HEAD\"", &|world| {
            garbage(&world.path(".git/HEAD"));
        }),
        (
            "HEAD cannot be read: The reference at \"refs/heads/main\"",
            &|world| {
                garbage(&world.path(".git/refs/heads/main"));
            },
        ),
        ("the git repository of `", &|world| {
            fs::write(world.path(".git/config"), "[[[\n").unwrap();
        }),
    ];
    for (message, spoil) in breaks {
        let world = World::initialised();
        spoil(&world);
        let said = world.refused(&strs(&add_cache()), &[]);
        let message = format!("error[git]: {message}");
        assert!(said.words.starts_with(&message), "{}", said.words);
        answered(&world, &["lint"]);
    }
}

/// Everything in a repository that makes git start a program, each of which would
/// leave a mark.
fn full_of_programs(world: &World) -> impl Fn() -> Vec<String> {
    let marks = world.around().join("marks");
    fs::create_dir(&marks).unwrap();
    fs::set_permissions(&marks, fs::Permissions::from_mode(0o777)).unwrap();
    let script = |name: &str| {
        let path = world.around().join(name);
        fs::write(
            &path,
            format!("#!/bin/sh\ntouch '{}'/{name}\ncat\n", marks.display()),
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    };
    for setting in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.askPass",
        "diff.external",
        "sequence.editor",
        "credential.helper",
        "filter.evil.clean",
        "filter.evil.smudge",
        "gpg.program",
    ] {
        world.git(&["config", setting, &script(&setting.replace('.', "-"))]);
    }
    for hook in [
        "pre-commit",
        "commit-msg",
        "post-commit",
        "post-index-change",
        "post-checkout",
        "reference-transaction",
    ] {
        fs::create_dir_all(world.path(".git/hooks")).unwrap();
        fs::copy(script(hook), world.path(&format!(".git/hooks/{hook}"))).unwrap();
    }
    move || {
        let mut names: Vec<String> = fs::read_dir(&marks)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn somebody_elses_repository_starts_nothing() {
    let world = World::initialised();
    world.write(".gitattributes", "*.nix filter=evil\n");
    world.commit("attributes");
    let marks = full_of_programs(&world);
    for path in [".", ".git"] {
        chown(world.path(path), Some(12345), Some(12345)).expect("this test needs root");
    }
    for args in [
        vec!["lint"],
        vec!["init", "--yes"],
        vec!["sync", "--check"],
        strs(&add_cache()),
    ] {
        world.refused(
            &args,
            &somebody_elses(&world.repo()).each_ref().map(String::as_str),
        );
    }
    assert_eq!(marks(), Vec::<String>::new());
}

fn somebody_elses(path: &Path) -> [String; 2] {
    let path = path.display();
    [
        format!("error[not-yours]: `{path}` belongs to somebody else"),
        format!("help: git config --global --add safe.directory {path}"),
    ]
}

/// In a repository of one's own git's filters and hooks run as git would run them,
/// and where larder only looks, none.
fn ones_own_repository_starts_what_git_would_start() {
    let world = World::initialised();
    let marks = full_of_programs(&world);
    for args in [vec!["lint"], vec!["sync", "--check"], vec!["keys", "list"]] {
        answered(&world, &args);
    }
    let mut look = add_cache();
    look.push("--dry-run".to_owned());
    world.done(&strs(&look));
    assert_eq!(marks(), Vec::<String>::new());
    world.git(&["config", "--unset", "core.fsmonitor"]);
    let _before = marks();
    world.done(&strs(&add_cache()));
    let ran = marks();
    for hook in ["pre-commit", "commit-msg", "post-commit"] {
        assert!(ran.contains(&hook.to_owned()), "{ran:?}");
    }
    for never in [
        "core-pager",
        "core-editor",
        "core-sshCommand",
        "diff-external",
        "credential-helper",
        "filter-evil-clean",
    ] {
        assert!(!ran.contains(&never.to_owned()), "{ran:?}");
    }
}

/// A work tree whose `.git` points to the repository of somebody else.
fn a_git_file_that_points_to_somebody_else() {
    let world = World::initialised();
    let theirs = World::initialised();
    let marks = full_of_programs(&theirs);
    fs::remove_dir_all(world.path(".git")).unwrap();
    fs::write(
        world.path(".git"),
        format!("gitdir: {}\n", theirs.path(".git").display()),
    )
    .unwrap();
    let owned = Command::new("chown")
        .args(["-R", "12345:12345"])
        .arg(theirs.repo())
        .status();
    assert!(owned.unwrap().success(), "this test needs root");
    let before = theirs.snapshot();
    for args in [vec!["lint"], strs(&add_cache())] {
        world.refused(
            &args,
            &somebody_elses(&world.repo()).each_ref().map(String::as_str),
        );
    }
    theirs.unchanged(&before);
    assert_eq!(marks(), Vec::<String>::new());
}

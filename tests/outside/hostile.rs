//! Repositories that mean harm: an error names the thing, nothing is executed, and
//! nothing is written outside of the work tree.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use crate::world::{Said, World, add_cache, strs};

/// What every command says of a file that cannot be used, whichever it is.
fn unusable(put: impl Fn(&World, &str), why: &str) {
    for file in ["flake.nix", "configuration-pai.nix", "larder.toml"] {
        let world = World::initialised();
        fs::remove_file(world.path(file)).unwrap();
        put(&world, file);
        let words = [file, why];
        match file {
            "flake.nix" => {
                fs::remove_file(world.path("larder.toml")).unwrap();
                world.refused(&["init", "--yes"], &words);
                world.refused(&["init", "--yes", "--new-flake", "pai"], &[file]);
            }
            "larder.toml" => {
                world.refused(&["init", "--yes"], &[file]);
                world.refused(&["lint"], &words);
                world.refused(&["sync", "--yes"], &words);
                world.refused(&strs(&add_cache()), &words);
            }
            _ => {
                world.refused(&["lint"], &words);
                world.refused(&strs(&add_cache()), &words);
            }
        }
    }
}

#[test]
fn pipes_devices_and_sockets() {
    let not_a_file = "is not a regular file";
    let made = |program: &str, world: &World, args: &[&str]| {
        let made = world.program(program).args(args).status().unwrap();
        assert!(made.success(), "{program} {args:?}");
    };
    unusable(|world, file| made("mkfifo", world, &[file]), not_a_file);
    // As root only; it gives bytes without end.
    unusable(
        |world, file| made("mknod", world, &[file, "c", "1", "5"]),
        not_a_file,
    );
    unusable(
        |world, file| drop(UnixListener::bind(world.path(file)).unwrap()),
        not_a_file,
    );
    unusable(
        |world, file| fs::create_dir(world.path(file)).unwrap(),
        not_a_file,
    );
}

#[test]
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

#[test]
fn a_folder_of_larders_that_leads_out_of_the_tree() {
    let world = World::initialised();
    fs::create_dir(world.around().join("outside")).unwrap();
    symlink("../outside", world.path("larder")).unwrap();
    world.commit("a link");
    world.refused(
        &strs(&add_cache()),
        &["`larder/keys.nix` is behind the symbolic link `larder`"],
    );
}

#[test]
fn more_bytes_than_a_source_has() {
    let huge = |world: &World, file: &str| {
        File::create(world.path(file))
            .unwrap()
            .set_len(1 << 40)
            .unwrap();
    };
    unusable(huge, "is larger than 16 MiB");
}

#[test]
fn bytes_that_are_no_text() {
    unusable(
        |world, file| world.write(file, b"{ a = \"\xff\xfe\"; }\n"),
        "is not UTF-8 text",
    );
}

#[test]
fn nuls() {
    let world = World::initialised();
    world.write("larder.toml", "version = 1\n# \0\n");
    world.refused(&["lint"], &["larder.toml:2", "not TOML"]);
    let world = World::new();
    world.write("flake.nix", "{ a = \0; }\n");
    world.refused(&["init", "--yes"], &["error[syntax]", "flake.nix:1:7"]);
}

#[test]
fn what_is_nested_without_end() {
    let nest = |open: &str, middle: &str, close: &str| {
        format!("{}{middle}{}", open.repeat(100_000), close.repeat(100_000))
    };
    let nix = [
        nest("(", "1", ")"),
        nest("[", "", "]"),
        nest("{a=", "1", ";}"),
        nest("\"${", "1", "}\""),
        nest("let a = ", "1", "; in a"),
        nest("if a then b else ", "1", ""),
        nest("x: ", "1", ""),
        nest("-", "1", ""),
        nest("!", "a", ""),
        nest("a + ", "1", ""),
        nest("f ", "1", ""),
        nest("a.", "a", ""),
    ];
    for text in &nix {
        let shown = &text[..8];
        let world = World::new();
        world.write("flake.nix", format!("{{ outputs = _: {text}; }}\n"));
        let said = world.refused(&["init", "--yes"], &["flake.nix"]);
        assert!(!said.words.contains("overflow"), "{shown}: {}", said.words);
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
        world.refused(&["lint"], &["larder.toml"]);
        world.refused(&strs(&add_cache()), &["larder.toml"]);
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

fn numbered(count: usize, line: &str) -> String {
    let lines: Vec<String> = (0..count)
        .map(|i| line.replace('@', &i.to_string()))
        .collect();
    lines.concat()
}

/// Work that grows with the square of the input does not end within the limits
/// under which larder is started here.
#[test]
fn much_of_the_same() {
    let many = |line: &str| line.repeat(100_000 / line.len() * 4);
    let modules = [
        format!("{{\n{}}}\n", numbered(20_000, "  a@ = 1;\n")),
        format!(
            "{{\n  imports = [\n{}  ];\n}}\n",
            many("    ./hardware-pai.nix\n")
        ),
        format!("{{ }}\n{}", many("# a comment\n")),
        format!("{{ }}\n/*{}*/\n", many("/* ")),
        format!("{{ a = ''{}''; }}\n", many("''${x} $$ ''' ")),
        format!("{{ a = \"{}\"; }}\n", many("\\${x} \\\\ ")),
        format!("{{ a = \"{}", many("${\"")),
        format!("{{ a = [ {} ]; }}\n", many("\"x\" ")),
        format!("{{{}}}\n", many(" ")),
        many("{ "),
        many("''"),
    ];
    for module in &modules {
        let world = World::initialised();
        world.write("configuration-pai.nix", module);
        world.commit("much");
        answered(&world, &["lint", "--quiet"]);
        answered(&world, &strs(&add_cache()));
    }
    let inventories = [
        numbered(3000, "[hosts.h@]\n"),
        numbered(3000, "x@ = @\n"),
        format!("a = \"{}\"\n", many("\\u0041")),
        format!("a = [{}]\n", many("1,")),
        "[hosts.pai]\n".repeat(3000),
        format!("hosts = {{ {} }}\n", numbered(3000, "h@ = { }, ")),
    ];
    for inventory in &inventories {
        let world = World::initialised();
        world.write("larder.toml", format!("version = 1\n{inventory}"));
        answered(&world, &["lint", "--quiet"]);
        answered(&world, &strs(&add_cache()));
    }
}

#[test]
fn twins_in_another_case() {
    let world = World::initialised();
    world.write("Larder/readme", "mine\n");
    world.write("Hosts/bagan.nix", "{ }\n");
    world.commit("twins");
    world.refused(&strs(&add_cache()), &["differs only in case from `Larder`"]);
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
        &["differs only in case from `Hosts"],
    );
}

/// Names that cannot be said in one line are left alone, and do no harm to others.
#[test]
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

#[test]
fn an_inventory_that_leads_out_of_the_tree() {
    let outside = [
        "../outside.nix",
        "/etc/passwd",
        "a/../../outside.nix",
        "a\\nb.nix",
        "",
        ".",
    ];
    let key = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let lines = outside.map(|path| format!("module = \"{path}\""));
    for line in lines {
        let world = World::initialised();
        fs::write(world.around().join("outside.nix"), "{ }\n").unwrap();
        world.replace("larder.toml", "module = \"configuration-pai.nix\"", &line);
        world.commit("out");
        for args in [vec!["lint"], vec!["sync", "--yes"], strs(&add_cache())] {
            world.refused(&args, &["larder.toml", &key(&line)]);
        }
    }
    for dir in ["../x", "/tmp/x", "", ".", "a\\nb"] {
        for name in ["dir", "import"] {
            let world = World::initialised();
            let line = format!("version = 1\n{name} = \"{dir}\"");
            world.replace("larder.toml", "version = 1", &line);
            world.commit("out");
            world.refused(&["lint"], &["larder.toml", name]);
            world.refused(&strs(&add_cache()), &["larder.toml", name]);
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
        world.refused(&strs(&add_cache()), &["belongs to git"]);
    }
}

/// What tries to be Nix, `ssh_config` or shell where a name, an address or a key is
/// wanted. None of them is taken; where a text may say anything, see tests/quoting.rs.
#[test]
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
    let fields = [
        "address = \"@\"",
        "proxy-jump = \"@\"",
        "host-key = \"@\"",
        "host-key = \"ssh-ed25519 @\"",
        "system = \"@\"",
        "tags = [\"@\"]",
        "port = \"@\"",
        "identity = { file = \"@\" }",
    ];
    for field in fields {
        let world = World::initialised();
        let text = world.read("larder.toml");
        for value in tries {
            let line = field.replace('@', value);
            world.write(
                "larder.toml",
                text.replace("[hosts.pai]\n", &format!("[hosts.pai]\n{line}\n")),
            );
            let name = field.split(' ').next().unwrap();
            world.refused(&["lint"], &["larder.toml", name]);
            world.refused(&strs(&add_cache()), &["larder.toml", name]);
        }
    }
    for value in tries {
        let world = World::initialised();
        let text = world.read("larder.toml");
        world.write("larder.toml", format!("{text}\n[hosts.\"{value}\"]\n"));
        world.refused(&["lint"], &["larder.toml"]);
        world.write(
            "larder.toml",
            format!("{text}\n[caches.kalaw]\nclients = [\"{value}\"]\n"),
        );
        world.refused(&["lint"], &["larder.toml"]);
        world.write(
            "larder.toml",
            format!(
                "{text}\n[caches.kalaw]\nclients = [\"pai\"]\nsigning-key = \"{value}:AAAA\"\n"
            ),
        );
        world.refused(&["lint"], &["larder.toml"]);
    }
}

/// What the error names, and how it comes about.
type Break<'a> = (&'a str, &'a dyn Fn(&World));

/// Objects that are missing, refs and files of git's that are garbage.
#[test]
fn a_broken_git_repository() {
    let object = |world: &World, name: &str| {
        let id = world.git(&["rev-parse", name]);
        let (folder, file) = id.trim().split_at(2);
        world.path(&format!(".git/objects/{folder}/{file}"))
    };
    let garbage = |path: &std::path::Path| {
        drop(fs::set_permissions(path, fs::Permissions::from_mode(0o644)));
        fs::write(path, "garbage\n").unwrap();
    };
    let breaks: [Break<'_>; 8] = [
        ("the last commit", &|world| {
            fs::remove_file(object(world, "HEAD")).unwrap();
        }),
        ("the last commit", &|world| garbage(&object(world, "HEAD"))),
        ("the last commit", &|world| {
            garbage(&object(world, "HEAD^{tree}"));
        }),
        ("git's index", &|world| garbage(&world.path(".git/index"))),
        ("git's index", &|world| {
            let index = File::options().write(true).open(world.path(".git/index"));
            index.unwrap().set_len(100).unwrap();
        }),
        ("HEAD", &|world| garbage(&world.path(".git/HEAD"))),
        ("refs/heads/main", &|world| {
            garbage(&world.path(".git/refs/heads/main"));
        }),
        ("onfiguration", &|world| {
            fs::write(world.path(".git/config"), "[[[\n").unwrap();
        }),
    ];
    for (named, spoil) in breaks {
        let world = World::initialised();
        spoil(&world);
        world.refused(&strs(&add_cache()), &["error[git]", named]);
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

#[test]
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
        world.refused(&args, &["belongs to somebody else", "safe.directory"]);
    }
    assert_eq!(marks(), Vec::<String>::new());
}

/// In a repository of one's own git's filters and hooks run as git would run them,
/// and where larder only looks, none.
#[test]
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
#[test]
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
    world.refused(&["lint"], &["belongs to somebody else"]);
    world.refused(&strs(&add_cache()), &["belongs to somebody else"]);
    theirs.unchanged(&before);
    assert_eq!(marks(), Vec::<String>::new());
}

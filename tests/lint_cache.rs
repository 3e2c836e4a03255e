//! What lint remembers from one run to the next: it changes nothing that is said,
//! whatever has become of it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

trials![
    nothing_is_remembered_unasked,
    a_second_run_says_the_same,
    what_is_corrected_is_no_longer_said,
    a_damaged_cache_is_no_cache,
    what_another_build_remembered_goes,
    what_cannot_be_written_is_not_missed,
    a_folder_without_git_has_none,
    many_at_once_say_the_same,
    files_that_are_as_they_were_are_not_read_again,
    a_change_is_seen_though_size_and_date_are_the_old_ones,
    what_a_link_leads_to_is_none_of_the_tree,
    owned_modules_that_were_right_are_judged_when_they_change,
    another_inventory_asks_for_other_modules,
];

/// The repository of `demo`, with a mistake in it.
struct Demo {
    place: TempDir,
}

impl Demo {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let demo = Self { place };
        assert!(
            demo.larder(&["demo", demo.dir().to_str().unwrap()])
                .status
                .success()
        );
        let module = demo.dir().join("configuration-pai.nix");
        let text = fs::read_to_string(&module).unwrap();
        let end = text.rfind('}').unwrap();
        let mistake = "  nix.settings.substituters = pkgs.lib.mkForce [ \"https://a\" ];\n}\n";
        fs::write(module, format!("{}{mistake}", &text[..end])).unwrap();
        demo
    }

    fn dir(&self) -> PathBuf {
        self.place.path().join("fleet")
    }

    fn cache(&self) -> PathBuf {
        self.dir().join(".git/larder/cache")
    }

    /// The one file in which it is.
    fn file(&self) -> PathBuf {
        let files: Vec<_> = fs::read_dir(self.cache()).unwrap().collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files.into_iter().next().unwrap().unwrap().path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_larder"));
        command
            .args(args)
            .current_dir(self.place.path())
            .env_clear();
        command
            .env("HOME", self.place.path())
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command.envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "t")));
        command.envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "t@e")));
        command
    }

    fn larder(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn lint(&self, more: &[&str]) -> Output {
        let mut args = vec!["-C", "fleet", "lint", "--format", "short"];
        args.extend(more);
        self.larder(&args)
    }

    /// Says what it would say without a cache, and finds the mistake.
    #[track_caller]
    fn check(&self) {
        self.says("substituters-overridden");
    }

    /// Says what it would say without a cache, and this among it.
    #[track_caller]
    fn says(&self, what: &str) {
        let (with, without) = (self.lint(&[]), self.lint(&["--no-cache"]));
        assert_eq!(with, without);
        let said = String::from_utf8_lossy(&without.stdout);
        assert!(said.contains(what), "{without:?}");
    }

    #[track_caller]
    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        assert!(
            git.args(args)
                .current_dir(self.dir())
                .status()
                .unwrap()
                .success()
        );
    }
}

fn nothing_is_remembered_unasked() {
    let demo = Demo::new();
    drop(fs::remove_dir_all(demo.cache()));
    demo.lint(&["--no-cache"]);
    assert!(!demo.cache().exists());
}

fn a_second_run_says_the_same() {
    let demo = rested();
    let bytes = fs::read(demo.file()).unwrap();
    demo.check();
    assert_eq!(fs::read(demo.file()).unwrap(), bytes);
}

fn what_is_corrected_is_no_longer_said() {
    let demo = Demo::new();
    demo.check();
    let module = demo.dir().join("configuration-pai.nix");
    let text = fs::read_to_string(&module).unwrap();
    fs::write(&module, text.replace("mkForce [", "id [")).unwrap();
    assert!(demo.lint(&[]).stdout.is_empty());
}

fn a_damaged_cache_is_no_cache() {
    let demo = Demo::new();
    demo.check();
    let whole = fs::read(demo.file()).unwrap();
    let mut damaged: Vec<Vec<u8>> = [0, 1, 31, 32, 33, whole.len() / 2, whole.len() - 1]
        .into_iter()
        .map(|end| whole[..end].to_vec())
        .collect();
    for at in [0, 32, 40, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        damaged.push(flipped);
    }
    damaged.push(b"not a cache at all".repeat(100));
    damaged.push([whole.clone(), whole].concat());
    for bytes in damaged {
        fs::write(demo.file(), bytes).unwrap();
        demo.check();
    }
}

fn what_another_build_remembered_goes() {
    let demo = Demo::new();
    demo.check();
    let ours = demo.file();
    fs::rename(&ours, ours.with_file_name("lint-0.0.0-0123456789abcdef")).unwrap();
    demo.check();
    assert_eq!(demo.file(), ours);
}

fn what_cannot_be_written_is_not_missed() {
    let demo = Demo::new();
    drop(fs::remove_dir_all(demo.cache()));
    fs::write(demo.cache(), "a file in its place").unwrap();
    demo.check();
    fs::remove_file(demo.cache()).unwrap();
    demo.check();
    let file = demo.file();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    fs::write(file.join("x"), "").unwrap();
    demo.check();
}

fn a_folder_without_git_has_none() {
    let demo = Demo::new();
    fs::remove_dir_all(demo.dir().join(".git")).unwrap();
    let said = demo.lint(&[]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("substituters-overridden"));
    assert!(!Path::new(&demo.dir()).join(".git").exists());
}

fn many_at_once_say_the_same() {
    let demo = Demo::new();
    let alone = demo.lint(&["--no-cache"]);
    for _ in 0..3 {
        drop(fs::remove_dir_all(demo.cache()));
        let start = |_| {
            let mut command = demo.command(&["-C", "fleet", "lint", "--format", "short"]);
            command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let all: Vec<_> = (0..12).map(start).collect();
        for one in all {
            assert_eq!(one.wait_with_output().unwrap(), alone);
        }
        demo.file();
    }
}

/// What the disk looks like to a run that read every file before.
fn rested() -> Demo {
    let demo = Demo::new();
    // What was written a moment ago is read again each time.
    thread::sleep(Duration::from_secs(4));
    demo.check();
    demo.check();
    demo
}

/// The `.nix` files that lint opens.
fn read_by_lint(demo: &Demo) -> Vec<String> {
    let trace = demo.place.path().join("trace");
    let larder = demo.command(&["-C", "fleet", "lint", "--format", "short"]);
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-e", "trace=open,openat,openat2", "-o"])
        .arg(&trace);
    strace.arg(larder.get_program()).args(larder.get_args());
    strace
        .current_dir(demo.place.path())
        .env("HOME", demo.place.path());
    assert_eq!(strace.output().unwrap().status.code(), Some(1));
    let trace = fs::read_to_string(trace).unwrap();
    let names = trace.lines().filter_map(|line| line.split('"').nth(1));
    let nix = names.filter(|name| name.strip_suffix(".nix").is_some());
    nix.map(|name| name.rsplit('/').next().unwrap().to_owned())
        .collect()
}

fn files_that_are_as_they_were_are_not_read_again() {
    let demo = rested();
    // The one with the finding, to show it; and a file that says something by way of another,
    // with that: it is worked out each time, once for all hosts.
    let read = [
        "use.nix",
        "connect.nix",
        "login-key.nix",
        "secret.nix",
        "configuration-pai.nix",
    ];
    assert_eq!(read_by_lint(&demo), read);
}

fn a_change_is_seen_though_size_and_date_are_the_old_ones() {
    let demo = rested();
    let module = demo.dir().join("configuration-pai.nix");
    let about = fs::metadata(&module).unwrap();
    let text = fs::read_to_string(&module).unwrap();
    fs::write(&module, text.replace("mkForce [", "mkAfter [")).unwrap();
    let file = fs::File::options().write(true).open(&module).unwrap();
    file.set_modified(about.modified().unwrap()).unwrap();
    assert_eq!(fs::metadata(&module).unwrap().len(), about.len());
    assert!(demo.lint(&[]).stdout.is_empty());
}

fn what_a_link_leads_to_is_none_of_the_tree() {
    let demo = rested();
    let owned = demo.dir().join("larder");
    let elsewhere = demo.place.path().join("elsewhere");
    fs::rename(&owned, &elsewhere).unwrap();
    symlink(&elsewhere, &owned).unwrap();
    demo.says("module-not-read");
}

fn owned_modules_that_were_right_are_judged_when_they_change() {
    let demo = rested();
    let stub = demo.dir().join("larder/hosts/pai.nix");
    let text = fs::read_to_string(&stub).unwrap();
    fs::write(
        &stub,
        text.replace("import", "  import")
            .replace("use.nix", "us.nix"),
    )
    .unwrap();
    demo.says("owned-file-edited");
    fs::remove_file(&stub).unwrap();
    demo.says("inventory-unsynced");
    fs::write(&stub, &text).unwrap();
    demo.check();
    demo.git(&["rm", "--cached", "-q", "larder/hosts/pai.nix"]);
    demo.says("file-untracked");
    fs::write(
        demo.dir().join("larder/hosts/old.nix"),
        "# Generated by larder\n{ }\n",
    )
    .unwrap();
    demo.git(&["add", "larder/hosts"]);
    demo.says("owned-file-stale");
}

fn another_inventory_asks_for_other_modules() {
    let demo = rested();
    let inventory = demo.dir().join("larder.toml");
    let text = fs::read_to_string(&inventory).unwrap();
    fs::write(&inventory, format!("{text}priority = 20\n")).unwrap();
    demo.says("inventory-unsynced");
}

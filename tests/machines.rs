//! `keys scan` and `keys pull` against real sshds: each listens on a port of this machine, with
//! a host key of its own.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

trials![
    a_scan_takes_only_what_has_been_compared,
    a_scan_says_who_does_not_answer,
    a_machine_behind_another_is_scanned_through_it,
    a_named_machine_is_asked_again_and_another_key_refused,
    what_machines_have_made_is_pulled_in_one_commit,
    a_pull_refuses_private_keys_and_strangers,
    a_new_key_is_fetched_where_it_was_made,
    a_step_that_is_not_in_force_is_told_from_one_that_nobody_knows_of,
];

/// An sshd on this machine; it ends with this.
pub(crate) struct Machine {
    pub(crate) port: u16,
    /// The public host key: type and base64.
    pub(crate) key: String,
    daemon: Child,
}

impl Machine {
    /// Starts one whose files are in `dir/NAME`. Who has the key `dir/admin` may log in.
    pub(crate) fn start(dir: &Path, name: &str) -> Self {
        let folder = dir.join(name);
        fs::create_dir(&folder).unwrap();
        let admin = dir.join("admin");
        if !admin.exists() {
            keygen(&admin);
        }
        keygen(&folder.join("host"));
        // As root, sshd wants this folder.
        drop(fs::create_dir_all("/run/sshd"));
        let port = free_port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {host}\nAuthorizedKeysFile {admin}.pub\n\
             StrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\n\
             PermitRootLogin yes\nAllowTcpForwarding yes\n",
            host = folder.join("host").display(),
            admin = admin.display(),
        );
        let file = folder.join("sshd_config");
        fs::write(&file, config).unwrap();
        let daemon = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(&file)
            .stderr(fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .expect("sshd starts");
        let public = fs::read_to_string(folder.join("host.pub")).unwrap();
        let key = public.split_whitespace().take(2).collect::<Vec<_>>();
        let key = key.join(" ");
        let machine = Self { port, key, daemon };
        machine.wait();
        machine
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < end, "sshd does not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn fingerprint(&self) -> String {
        let key: larder::internals::key::PublicKey = self.key.parse().unwrap();
        key.fingerprint()
    }

    /// Its line in known hosts.
    pub(crate) fn known_host(&self) -> String {
        format!("[127.0.0.1]:{} {}\n", self.port, self.key)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(self.daemon.kill());
        drop(self.daemon.wait());
    }
}

fn keygen(file: &Path) {
    let done = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
        .arg(file)
        .status();
    assert!(done.unwrap().success());
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A folder with `repo`, in which these hosts are, with what is added to their tables; and
/// `bin`, whose ssh is that of the machine with a configuration of its own.
pub(crate) fn fleet(place: &Path, hosts: &[(&str, String)], more: &str) -> PathBuf {
    let repo = place.join("repo");
    fs::create_dir(&repo).unwrap();
    let entry = |(name, _): &(&str, String)| {
        format!("    {name} = nixpkgs.lib.nixosSystem {{ modules = [ ./{name}.nix ]; }};\n")
    };
    let entries: String = hosts.iter().map(entry).collect();
    let flake = format!(
        "{{\n  outputs = {{ nixpkgs, ... }}: {{\n    nixosConfigurations = {{\n{entries}    }};\n  }};\n}}\n"
    );
    fs::write(repo.join("flake.nix"), flake).unwrap();
    let mut inventory = "version = 1\n".to_owned();
    for (name, table) in hosts {
        let host = format!("\n[hosts.{name}]\nmodule = \"{name}.nix\"\n{table}");
        inventory.push_str(&host);
        let module = "{ services.openssh.enable = true; }\n";
        fs::write(repo.join(format!("{name}.nix")), module).unwrap();
    }
    fs::write(repo.join("larder.toml"), inventory + more).unwrap();
    for line in [
        "init -q -b main",
        "config user.name Ada",
        "config user.email ada@example.org",
        "add .",
        "commit -q -m fleet",
    ] {
        let words = line.split(' ');
        let done = Command::new("git").args(words).current_dir(&repo).status();
        assert!(done.unwrap().success());
    }
    own_ssh(place);
    repo
}

/// ssh looks for its configuration in the home folder of the system's user, wherever `HOME`
/// is.
fn own_ssh(place: &Path) {
    let config = format!(
        "IdentityFile {admin}\nIdentitiesOnly yes\nUserKnownHostsFile {known}\n",
        admin = place.join("admin").display(),
        known = place.join("known_hosts").display(),
    );
    fs::write(place.join("ssh_config"), config).unwrap();
    fs::create_dir(place.join("bin")).unwrap();
    let ssh = format!(
        "#!/bin/sh\nexec /usr/bin/ssh -F {} \"$@\"\n",
        place.join("ssh_config").display()
    );
    let file = place.join("bin/ssh");
    fs::write(&file, ssh).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The PATH on which that ssh is the first.
pub(crate) fn path(place: &Path) -> String {
    let path = std::env::var("PATH").unwrap();
    format!("{}:{path}", place.join("bin").display())
}

fn larder(place: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_larder"))
        .args(args)
        .current_dir(place.join("repo"))
        .env("PATH", path(place))
        .env("HOME", place)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}{}",
        stdout(output),
        stderr(output)
    );
    stdout(output)
}

#[track_caller]
fn is_refused(output: &Output) -> String {
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}{}",
        stdout(output),
        stderr(output)
    );
    stderr(output)
}

pub(crate) fn inventory(repo: &Path) -> String {
    fs::read_to_string(repo.join("larder.toml")).unwrap()
}

fn subjects(repo: &Path) -> String {
    let log = Command::new("git")
        .args(["log", "--format=%s"])
        .current_dir(repo)
        .output();
    stdout(&log.unwrap())
}

pub(crate) fn at(machine: &Machine) -> String {
    format!("address = \"127.0.0.1\"\nport = {}\n", machine.port)
}

fn a_scan_takes_only_what_has_been_compared() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let kalaw = Machine::start(place, "kalaw");
    let repo = fleet(place, &[("kalaw", at(&kalaw))], "");
    let fingerprint = kalaw.fingerprint();

    let refused = is_refused(&larder(place, &["keys", "scan", "--yes"]));
    assert!(refused.contains(&format!(
        "`kalaw` shows {fingerprint}, which nobody has compared"
    )));
    let other = ["keys", "scan", "--yes", "--fingerprint", "SHA256:other"];
    let refused = is_refused(&larder(place, &other));
    assert!(refused.contains("no machine has a host key with fingerprint `SHA256:other`"));
    let shown = succeeds(&larder(place, &["keys", "scan", "--dry-run"]));
    assert!(shown.contains(&fingerprint), "{shown}");
    assert!(!inventory(&repo).contains("host-key"));

    let told = ["keys", "scan", "--yes", "--fingerprint", &fingerprint];
    let done = succeeds(&larder(place, &told));
    let from = format!("`127.0.0.1` port {}, as you said", kalaw.port);
    assert!(done.contains(&from), "{done}");
    assert!(inventory(&repo).contains(&kalaw.key));
    assert_eq!(
        subjects(&repo),
        "larder: set the host key of kalaw\nfleet\n"
    );
    let again = succeeds(&larder(place, &["keys", "scan", "--yes"]));
    assert!(again.contains("no host key is missing"), "{again}");
}

fn a_scan_says_who_does_not_answer() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let kalaw = Machine::start(place, "kalaw");
    let nobody = free_port();
    let pai = format!("address = \"127.0.0.1\"\nport = {nobody}\n");
    let repo = fleet(place, &[("kalaw", at(&kalaw)), ("pai", pai)], "");
    let no_answer = format!("no answer from `127.0.0.1`, port {nobody}");
    let refused = is_refused(&larder(place, &["keys", "scan", "pai", "--yes"]));
    assert!(
        refused.contains(&format!("no host key of `pai`: {no_answer}")),
        "{refused}"
    );
    let fingerprint = kalaw.fingerprint();
    let args = [
        "keys",
        "scan",
        "--yes",
        "--fingerprint",
        &fingerprint,
        "--json",
    ];
    let done = succeeds(&larder(place, &args));
    let json: serde_json::Value = serde_json::from_str(&done).unwrap();
    assert_eq!(json["keys"][0]["key"], fingerprint.as_str());
    assert_eq!(json["keys"][0]["is_confirmed"], true);
    assert!(
        json["notes"][0].as_str().unwrap().contains(&no_answer),
        "{done}"
    );
    assert!(inventory(&repo).contains(&kalaw.key));
}

fn a_machine_behind_another_is_scanned_through_it() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let gate = Machine::start(place, "gate");
    let kalaw = Machine::start(place, "kalaw");
    let jump = format!("{}proxy-jump = \"127.0.0.1:{}\"\n", at(&kalaw), gate.port);
    let repo = fleet(place, &[("kalaw", jump)], "");
    // The gate itself has to be known before anything is asked through it: its key is shown.
    let shown = succeeds(&larder(place, &["keys", "scan", "--dry-run"]));
    assert!(
        shown.contains("[jump-hosts.\"127.0.0.1\"]") && shown.contains(&gate.key),
        "{shown}"
    );
    assert!(
        shown.contains("the host key of `kalaw` is still missing"),
        "{shown}"
    );
    fs::write(place.join("known_hosts"), gate.known_host()).unwrap();
    let fingerprint = kalaw.fingerprint();
    let args = [
        "keys",
        "scan",
        "kalaw",
        "--yes",
        "--fingerprint",
        &fingerprint,
    ];
    let done = succeeds(&larder(place, &args));
    assert!(
        done.contains(&format!("through `127.0.0.1:{}`", gate.port)),
        "{done}"
    );
    assert!(inventory(&repo).contains(&kalaw.key));
    let known = fs::read_to_string(place.join("known_hosts")).unwrap();
    assert_eq!(
        known,
        gate.known_host(),
        "your known hosts stay as they are"
    );
}

fn a_named_machine_is_asked_again_and_another_key_refused() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let kalaw = Machine::start(place, "kalaw");
    let other = Machine::start(place, "other");
    let table = format!("{}host-key = \"{}\"\n", at(&kalaw), other.key);
    let repo = fleet(place, &[("kalaw", table)], "");
    let nothing = succeeds(&larder(place, &["keys", "scan", "@all", "--yes"]));
    assert!(nothing.contains("no host key is missing"), "{nothing}");
    let fingerprint = kalaw.fingerprint();
    let args = [
        "keys",
        "scan",
        "kalaw",
        "--yes",
        "--fingerprint",
        &fingerprint,
    ];
    let refused = is_refused(&larder(place, &args));
    assert!(
        refused.contains("`kalaw` already has a different host key"),
        "{refused}"
    );
    assert!(refused.contains(&fingerprint), "{refused}");
    succeeds(&larder(place, &[&args[..], &["--replace"]].concat()));
    assert!(inventory(&repo).contains(&kalaw.key));
    let same = succeeds(&larder(place, &["keys", "scan", "kalaw", "--yes"]));
    assert!(
        same.contains("`kalaw` shows the host key that is known"),
        "{same}"
    );
}

const SIGNING: &str = "kalaw-1:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

/// A cache and its client, which makes a key of its own; the files of both are in `place`.
fn cache_and_client(place: &Path) -> (Machine, Machine, PathBuf) {
    let (kalaw, pai) = (Machine::start(place, "kalaw"), Machine::start(place, "pai"));
    let table = |machine: &Machine| format!("{}host-key = \"{}\"\n", at(machine), machine.key);
    let file = |name: &str| place.join(name).display().to_string();
    let cache = format!(
        "\n[caches.kalaw]\nclients = [\"pai\"]\nidentity = {{ file = \"{}\", make = true }}\n\
         signing-key = \"pending\"\nsigning-key-file = \"{}\"\nmake-signing-key = true\n",
        file("id"),
        file("kalaw-1.secret")
    );
    let hosts = [("kalaw", table(&kalaw)), ("pai", table(&pai))];
    let repo = fleet(place, &hosts, &cache);
    let known = kalaw.known_host() + &pai.known_host();
    fs::write(place.join("known_hosts"), known).unwrap();
    succeeds(&larder(place, &["sync", "--yes"]));
    (kalaw, pai, repo)
}

fn what_machines_have_made_is_pulled_in_one_commit() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let (_kalaw, pai, repo) = cache_and_client(place);
    let refused = is_refused(&larder(place, &["keys", "pull", "--yes"]));
    assert!(
        refused.contains("kalaw-1.public` is not there"),
        "{refused}"
    );
    assert!(refused.contains("id.pub` is not there"), "{refused}");

    fs::write(place.join("kalaw-1.public"), SIGNING).unwrap();
    fs::write(place.join("id.pub"), format!("{} root@pai\n", pai.key)).unwrap();
    let done = succeeds(&larder(place, &["keys", "pull", "--yes"]));
    assert!(
        done.contains(SIGNING) && done.contains(&pai.fingerprint()),
        "{done}"
    );
    assert!(done.contains("switch `pai` to use `kalaw`"), "{done}");
    let written = inventory(&repo);
    assert!(written.contains(SIGNING), "{written}");
    assert!(
        written.contains(&format!("key = \"{}\"", pai.key)),
        "{written}"
    );
    let log = subjects(&repo);
    assert!(
        log.starts_with("larder: set keys of kalaw and pai\n"),
        "{log}"
    );
    let again = succeeds(&larder(place, &["keys", "pull", "--yes"]));
    assert!(
        again.contains("no machine has a key that is missing"),
        "{again}"
    );
}

fn a_pull_refuses_private_keys_and_strangers() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let (kalaw, _pai, repo) = cache_and_client(place);
    let before = inventory(&repo);
    let secret = "kalaw-1:".to_owned() + &"QUFB".repeat(21) + "QQ==";
    fs::write(place.join("kalaw-1.public"), &secret).unwrap();
    let output = larder(place, &["keys", "pull", "--yes", "-v"]);
    let refused = is_refused(&output);
    assert!(
        refused.contains("no public key") || refused.contains("a private key"),
        "{refused}"
    );
    assert!(!refused.contains("QUFB") && !stdout(&output).contains("QUFB"));

    fs::write(place.join("kalaw-1.public"), SIGNING).unwrap();
    fs::write(place.join("known_hosts"), "").unwrap();
    let refused = is_refused(&larder(place, &["keys", "pull", "--yes"]));
    assert!(
        refused.contains("`kalaw` cannot be asked: Host key verification failed"),
        "{refused}"
    );
    fs::write(place.join("known_hosts"), kalaw.known_host()).unwrap();
    fs::remove_file(place.join("admin")).unwrap();
    let refused = is_refused(&larder(place, &["keys", "pull", "--yes"]));
    assert!(refused.contains("Permission denied"), "{refused}");
    assert_eq!(inventory(&repo), before);
}

const NEW_SIGNING: &str = "kalaw-2:KZgsBMBzfyS8gnZveLv+l+rEVvdywtNdAUw77+KI2G8=";

/// The cache and its client, both set up, and a new signing key begun.
fn changing(place: &Path) -> (Machine, Machine, PathBuf) {
    let (kalaw, pai, repo) = cache_and_client(place);
    fs::write(place.join("kalaw-1.public"), SIGNING).unwrap();
    fs::write(place.join("id.pub"), format!("{}\n", pai.key)).unwrap();
    succeeds(&larder(place, &["keys", "pull", "--yes"]));
    succeeds(&larder(place, &["rotate", "signing-key", "kalaw", "--yes"]));
    (kalaw, pai, repo)
}

fn a_new_key_is_fetched_where_it_was_made() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let (_kalaw, pai, repo) = changing(place);
    let next = ["rotate", "signing-key", "kalaw", "--yes"];
    let before = inventory(&repo);
    let refused = is_refused(&larder(place, &next));
    assert!(
        refused.contains("`kalaw` has no `") && refused.contains("kalaw-2.public`"),
        "{refused}"
    );
    let secret = "kalaw-2:".to_owned() + &"QUFB".repeat(21) + "QQ==";
    fs::write(place.join("kalaw-2.public"), &secret).unwrap();
    let refused = is_refused(&larder(place, &next));
    assert!(refused.contains("has a private key in"), "{refused}");
    assert!(!refused.contains("QUFB"), "{refused}");
    // Of two keys with one name Nix sees the first only.
    let same_name = NEW_SIGNING.replace("kalaw-2", "kalaw-1");
    fs::write(place.join("kalaw-2.public"), same_name).unwrap();
    for command in [&next[..], &["keys", "pull", "--yes"]] {
        let refused = is_refused(&larder(place, command));
        assert!(refused.contains("is called `kalaw-1` as well"), "{refused}");
    }
    assert_eq!(inventory(&repo), before);

    fs::write(place.join("kalaw-2.public"), NEW_SIGNING).unwrap();
    succeeds(&larder(place, &next));
    let both = format!("signing-key = [\"{SIGNING}\", \"{NEW_SIGNING}\"]");
    assert!(inventory(&repo).contains(&both), "{}", inventory(&repo));

    // `keys pull` brings in the same, of all keys that are being changed.
    succeeds(&larder(
        place,
        &["rotate", "signing-key", "kalaw", "--abort", "--yes"],
    ));
    succeeds(&larder(place, &["rotate", "identity", "pai", "--yes"]));
    let other = Machine::start(place, "other");
    fs::write(place.join("id.next.pub"), format!("{}\n", other.key)).unwrap();
    let done = succeeds(&larder(place, &["keys", "pull", "--yes"]));
    assert!(inventory(&repo).contains(&both), "{}", inventory(&repo));
    let identities = format!("key = [\"{}\", \"{}\"]", pai.key, other.key);
    assert!(
        inventory(&repo).contains(&identities),
        "{}",
        inventory(&repo)
    );
    for step in [
        "rotate signing-key kalaw",
        "rotate identity pai",
        "switch `kalaw`",
    ] {
        assert!(done.contains(step), "{done}");
    }
}

fn a_step_that_is_not_in_force_is_told_from_one_that_nobody_knows_of() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let (_kalaw, pai, repo) = changing(place);
    fs::write(place.join("kalaw-2.public"), NEW_SIGNING).unwrap();
    let next = ["rotate", "signing-key", "kalaw", "--yes"];
    succeeds(&larder(place, &next));
    let before = inventory(&repo);
    // These machines have no file that a switch would have written.
    let refused = is_refused(&larder(place, &next));
    assert!(refused.contains("rotation-not-in-force"), "{refused}");
    let line = "`pai` does not trust the new signing key of `kalaw`: `sudo nixos-rebuild switch --flake .#pai`";
    assert!(refused.contains(line), "{refused}");
    let listed = succeeds(&larder(place, &["rotate", "--live"]));
    assert!(listed.contains("  `pai` does not trust"), "{listed}");

    drop(pai);
    let refused = is_refused(&larder(place, &next));
    assert!(
        refused.contains("`pai` could not be asked: ssh: connect to host 127.0.0.1 port"),
        "{refused}"
    );
    assert_eq!(inventory(&repo), before);
    let sure = [&next[..], &["--sure"]].concat();
    succeeds(&larder(place, &sure));
    assert!(inventory(&repo).contains("use-new-signing-key = true"));
}

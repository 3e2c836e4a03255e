//! Private keys beside the commit: made once, at their place, seen by nobody.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use larder::internals::io::preflight::Finish::Commit;
use larder::internals::key::PrivateKey;
use larder::internals::plan::{PlacedSecret, Plan, SecretKey, SecretPath};

use super::sandbox::{Planned, Sandbox, at};

trials![
    outside_the_work_tree,
    ignored_by_the_same_plan,
    not_ignored_is_refused,
    never_over_another_file,
    a_hook_that_rejects_takes_the_key_back,
    no_byte_of_it_in_the_object_store,
];

fn key() -> SecretKey {
    SecretKey::Ssh(Arc::new(PrivateKey::from_seed(&[7; 32], "nix-ssh@pai")))
}

fn placed(path: SecretPath) -> PlacedSecret {
    PlacedSecret { path, key: key() }
}

fn with_ignore(sandbox: &Sandbox) -> Plan {
    let Planned(mut plan) = Planned::new("a key").create(".gitignore", "/secrets/\n");
    plan.changes.extend(sandbox.plan().changes);
    plan.secrets
        .push(placed(SecretPath::Ignored(at("secrets/key"))));
    plan
}

fn outside_the_work_tree() {
    let sandbox = Sandbox::new();
    let path = sandbox.root().with_file_name("keys").join("pai");
    let plan = Plan {
        secrets: vec![placed(SecretPath::Outside(path.clone()))],
        ..sandbox.plan()
    };
    sandbox.commit(&plan);
    assert_eq!(fs::read_to_string(&path).unwrap(), *key().to_text());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    sandbox.assert_sound();
}

fn ignored_by_the_same_plan() {
    let sandbox = Sandbox::new();
    sandbox.commit(&with_ignore(&sandbox));
    assert_eq!(sandbox.read("secrets/key"), *key().to_text());
    assert_eq!(sandbox.view(), ["", "", ""]);
    assert_eq!(sandbox.last_commit().lines().next(), Some("A\t.gitignore"));
    sandbox.assert_sound();
}

fn not_ignored_is_refused() {
    let sandbox = Sandbox::new();
    let plan = Planned::new("a key")
        .secret(placed(SecretPath::Ignored(at("key"))))
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[secret-not-ignored] git does not ignore `key`: a private key is never written there\n\
         help: echo '/key' >> .gitignore"
    );
    // A rule of the same plan that does not hit: found when it is on the disk.
    let plan = Planned::new("a key")
        .create(".gitignore", "/other\n")
        .secret(placed(SecretPath::Ignored(at("key"))))
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[secret-not-ignored] git does not ignore `key`: a private key is never written there"
    );
}

fn never_over_another_file() {
    let sandbox = Sandbox::new();
    let path = sandbox.root().with_file_name("key");
    fs::write(&path, "somebody's\n").unwrap();
    let plan = Planned::new("a key")
        .secret(placed(SecretPath::Outside(path.clone())))
        .0;
    let words = sandbox.refused(&plan, Commit);
    let message = format!(
        "[already-exists] `{}` exists already: a key never overwrites a file",
        path.display()
    );
    assert_eq!(words, message);
    assert_eq!(fs::read_to_string(path).unwrap(), "somebody's\n");
}

fn a_hook_that_rejects_takes_the_key_back() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\necho no keys today >&2\nexit 1\n",
    );
    sandbox.chmod(".git/hooks/pre-commit", 0o755);
    let words = sandbox.refused_late(&with_ignore(&sandbox));
    assert_eq!(
        words,
        "[git-refused] `git commit` failed, and nothing is changed\n\
         help: git's output:\nno keys today\n\
         help: change what git or the hook asks for\n\
         help: or pass `--no-commit`, and commit yourself"
    );
    assert!(!sandbox.path("secrets").exists());
}

fn no_byte_of_it_in_the_object_store() {
    let sandbox = Sandbox::new();
    sandbox.commit(&with_ignore(&sandbox));
    let text = key().to_text();
    let private: Vec<&str> = text
        .lines()
        .skip(3)
        .filter(|line| !line.starts_with('-'))
        .collect();
    assert!(!private.is_empty());
    let objects = sandbox
        .try_git(&["cat-file", "--batch-all-objects", "--batch"])
        .stdout;
    let objects = String::from_utf8_lossy(&objects);
    assert!(objects.contains("/secrets/"));
    for line in &private {
        assert!(!objects.contains(line));
    }
    let mut after = sandbox.snapshot();
    after.retain(|path, _| path != "secrets/key");
    for (path, (_, bytes)) in &after {
        let bytes = String::from_utf8_lossy(bytes);
        assert!(private.iter().all(|line| !bytes.contains(line)), "{path}");
    }
}

//! Keys against the programs that will read them: `ssh-keygen` and `nix-store`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use larder::internals::key::{
    AuthorizedKey, PrivateKey, PrivateKind, PublicKey, SigningPublicKey, SigningSecret,
    looks_private,
};
use tempfile::TempDir;

trials![
    ssh_keygen_agrees_about_our_key_pair,
    every_type_that_ssh_keygen_makes_is_read_with_its_fingerprint,
    pem_keys_are_seen_encrypted_or_not,
    a_certificate_and_a_short_rsa_key_are_refused_with_words,
    ssh_keygen_and_we_split_a_line_with_quoted_options_alike,
    the_pair_that_nix_makes_is_read_and_its_secret_seen,
    nix_makes_the_same_public_half_of_our_secret,
];

fn ssh_keygen_agrees_about_our_key_pair() {
    let dir = TempDir::new().unwrap();
    let key = PrivateKey::from_seed(&[7; 32], "nix-ssh@pai");
    let file = secret_file(dir.path(), "identity", &key.to_openssh());
    let public = run("ssh-keygen", &["-y", "-P", "", "-f", &file]);
    assert_eq!(public.trim(), format!("{} nix-ssh@pai", key.public()));
    let listed = run("ssh-keygen", &["-l", "-E", "sha256", "-f", &file]);
    assert_eq!(
        listed.trim(),
        format!("256 {} nix-ssh@pai (ED25519)", key.public().fingerprint())
    );
}

fn every_type_that_ssh_keygen_makes_is_read_with_its_fingerprint() {
    let dir = TempDir::new().unwrap();
    let kinds = [
        ("ed25519", ""),
        ("rsa", "2048"),
        ("ecdsa", "256"),
        ("ecdsa", "384"),
        ("ecdsa", "521"),
    ];
    for (kind, bits) in kinds {
        let file = path(dir.path(), &format!("{kind}{bits}"));
        let size = if bits.is_empty() {
            vec![]
        } else {
            vec!["-b", bits]
        };
        let args = [
            &["-q", "-t", kind, "-N", "", "-C", "me and you", "-f", &file],
            &size[..],
        ]
        .concat();
        run("ssh-keygen", &args);
        let line = fs::read_to_string(format!("{file}.pub")).unwrap();
        let key: PublicKey = line.parse().unwrap();
        let comment = key.comment().unwrap();
        assert_eq!(format!("{key} {comment}"), line.trim_end(), "{kind}");
        assert_eq!(key.comment(), Some("me and you"));
        let listed = run("ssh-keygen", &["-l", "-f", &file]);
        assert_eq!(
            listed.split(' ').nth(1),
            Some(&*key.fingerprint()),
            "{kind}"
        );
        let private = fs::read_to_string(&file).unwrap();
        assert_eq!(
            looks_private(&private),
            Some(PrivateKind::OpenSsh),
            "{kind}"
        );
        assert_eq!(looks_private(&line), None, "{kind}");
    }
}

fn pem_keys_are_seen_encrypted_or_not() {
    let dir = TempDir::new().unwrap();
    for (format, passphrase) in [
        ("PEM", ""),
        ("PKCS8", ""),
        ("PEM", "sesame"),
        ("PKCS8", "sesame"),
    ] {
        let file = path(dir.path(), &format!("{format}{passphrase}"));
        let args = [
            "-q", "-t", "ecdsa", "-m", format, "-N", passphrase, "-f", &file,
        ];
        run("ssh-keygen", &args);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(
            looks_private(&text),
            Some(PrivateKind::Pem),
            "{format} {passphrase}\n{text}"
        );
    }
}

fn a_certificate_and_a_short_rsa_key_are_refused_with_words() {
    let dir = TempDir::new().unwrap();
    let (authority, user, short) = (
        path(dir.path(), "ca"),
        path(dir.path(), "user"),
        path(dir.path(), "short"),
    );
    run(
        "ssh-keygen",
        &["-q", "-t", "ed25519", "-N", "", "-f", &authority],
    );
    run(
        "ssh-keygen",
        &["-q", "-t", "ed25519", "-N", "", "-f", &user],
    );
    run(
        "ssh-keygen",
        &["-q", "-s", &authority, "-I", "id", &format!("{user}.pub")],
    );
    run(
        "ssh-keygen",
        &["-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", &short],
    );
    assert_eq!(
        refusal(&format!("{user}-cert.pub")),
        "this is an SSH certificate, not a public key"
    );
    assert_eq!(
        refusal(&format!("{short}.pub")),
        "this RSA key has 1024 bits; 2048 is the least that larder takes"
    );
    assert_eq!(
        refusal(&short),
        "this is a private key, and only its public half may be here"
    );
}

fn ssh_keygen_and_we_split_a_line_with_quoted_options_alike() {
    let dir = TempDir::new().unwrap();
    let key = PrivateKey::from_seed(&[2; 32], "").public();
    let line = format!(r#"restrict,command="nix-store --serve  \"x\"" {key}   nix-ssh  key"#);
    let file = path(dir.path(), "authorized_keys");
    fs::write(&file, format!("{line}\n")).unwrap();
    let ours: AuthorizedKey = line.parse().unwrap();
    let theirs = run("ssh-keygen", &["-l", "-f", &file]);
    assert_eq!(theirs.split(' ').nth(1), Some(&*ours.key.fingerprint()));
    assert_eq!(ours.key.comment(), Some("nix-ssh  key"));
    assert_eq!(
        ours.options.as_deref(),
        Some(r#"restrict,command="nix-store --serve  \"x\"""#)
    );
}

fn the_pair_that_nix_makes_is_read_and_its_secret_seen() {
    let dir = TempDir::new().unwrap();
    let (secret, public) = (path(dir.path(), "secret"), path(dir.path(), "public"));
    run(
        "nix-store",
        &["--generate-binary-cache-key", "kalaw-1", &secret, &public],
    );
    let text = fs::read_to_string(&public).unwrap();
    let key: SigningPublicKey = text.parse().unwrap();
    assert_eq!(
        (key.name(), key.to_string()),
        ("kalaw-1", text.trim().to_owned())
    );
    let secret = fs::read_to_string(&secret).unwrap();
    assert_eq!(looks_private(&secret), Some(PrivateKind::NixSigning));
    assert_eq!(looks_private(&text), None);
}

fn nix_makes_the_same_public_half_of_our_secret() {
    let secret = SigningSecret::from_seed("kalaw-1", &[9; 32]).unwrap();
    let public = run_with_input(
        "nix",
        &[
            "--extra-experimental-features",
            "nix-command",
            "key",
            "convert-secret-to-public",
        ],
        &secret.to_text(),
    );
    assert_eq!(public.trim(), secret.public().to_string());
}

fn refusal(file: &str) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.parse::<PublicKey>().unwrap_err().to_string()
}

fn path(dir: &Path, name: &str) -> String {
    dir.join(name).to_str().unwrap().to_owned()
}

/// `ssh-keygen` refuses to read a private key that others may read.
fn secret_file(dir: &Path, name: &str, text: &str) -> String {
    let file = dir.join(name);
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    path(dir, name)
}

fn run(program: &str, args: &[&str]) -> String {
    run_with_input(program, args, "")
}

fn run_with_input(program: &str, args: &[&str], input: &str) -> String {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

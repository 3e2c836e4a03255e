//! What is read of people's own Nix.

use super::*;
use crate::fleet::Host;
use crate::key::{PublicKey, SigningPublicKey};
use crate::nix::NixFile;
use crate::repo::{Repo, RepoPath};

mod names;

const PAI: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKL9y3hLxIxAiHpRHEDUiHvMICfeiXX+CBnF6Hd7jORQ";
const KALAW: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
const SIGNING: &str = "kalaw-1:gTl32YyAPOCiSYGAPbHc3bF2GsqZY3AiyMsLWKTXIyI=";

fn said(text: &str) -> Vec<(String, Value)> {
    let facts = facts(&NixFile::parse(text).unwrap());
    let pair = |s: facts::Setting| (s.option.join("."), s.value);
    facts.settings.into_iter().map(pair).collect()
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

/// Hosts without a flake: each is what its own module is.
fn by_modules(repo: &Repo) -> HostSurvey<'_> {
    HostSurvey::new(Survey::new(repo), None)
}

fn words(text: &str, option: &str) -> Vec<String> {
    let repo = Repo::from_pairs([("m.nix", text)]);
    let path = RepoPath::new("m.nix").unwrap();
    let machine = Survey::new(&repo).machine(&path, &[]);
    machine.words(option).into_iter().map(|w| w.text).collect()
}

#[test]
fn nested_dotted_and_quoted_are_the_same_option() {
    for same in [
        "{ nix.sshServe.protocol = \"ssh\"; }",
        "{ nix = { sshServe = { protocol = \"ssh\"; }; }; }",
        "{ \"nix\".sshServe.\"protocol\" = \"ssh\"; }",
        "{ config, lib, ... }: { config.nix.sshServe = lib.mkIf true { protocol = \"ssh\"; }; }",
        "let common = { protocol = \"ssh\"; }; in { nix.sshServe = common; }",
        "let protocol = \"ssh\"; in { nix.sshServe = { inherit protocol; }; }",
    ] {
        assert_eq!(
            said(same).last().unwrap(),
            &("nix.sshServe.protocol".into(), text("ssh")),
            "{same}"
        );
    }
}

#[test]
fn what_is_computed_is_unknown_and_not_guessed() {
    let computed = "{ keys, ... }: { nix.sshServe.keys = map (k: k.pub) keys; }";
    let of_unknown = Value::List(List {
        items: Vec::new(),
        open: true,
    });
    assert_eq!(said(computed), [("nix.sshServe.keys".into(), of_unknown)]);
}

#[test]
fn a_users_home_is_not_the_machine() {
    let home = "{ home-manager.users.a.programs.ssh.extraConfig = \"Host *\"; }";
    assert!(words(home, "programs.ssh.extraConfig").is_empty());
    let other = "{ specialisation.x.configuration.nix.settings.substituters = [ \"a\" ]; }";
    assert!(words(other, "nix.settings.substituters").is_empty());
}

#[test]
fn lists_come_in_many_spellings() {
    for list in [
        "[ \"a\" \"b\" ]",
        "[ \"a\" ] ++ [ \"b\" ]",
        "lib.mkForce ([ \"a\" ] ++ lib.optionals x [ \"b\" ])",
        "lib.mkBefore [ \"a\" b ]",
        "with names; [ \"a\" b ]",
        "[ names.\"a\" \"${names.b}\" ]",
    ] {
        let module = format!(
            "{{ lib, ... }}: let b = \"b\"; names = {{ a = \"a\"; b = \"b\"; }}; in
             {{ nix.settings.substituters = {list}; }}"
        );
        assert_eq!(
            words(&module, "nix.settings.substituters"),
            ["a", "b"],
            "{list}"
        );
    }
}

#[test]
fn a_name_that_chases_itself_ends() {
    assert_eq!(
        said("let a = b; b = a; in { nix.enable = a; }"),
        [("nix.enable".into(), Value::Unknown)]
    );
    let holds_itself = said("let b = { enable = true; c = b; }; in { nix.sshServe = (x: x) b; }");
    assert_eq!(holds_itself, [("nix.sshServe".into(), Value::Unknown)]);
}

#[test]
fn an_agenix_path_is_known_by_its_default() {
    let module =
        "{ config, ... }: { nix.settings.secret-key-files = [ config.age.secrets.k.path ]; }";
    assert_eq!(
        words(module, "nix.settings.secret-key-files"),
        ["/run/agenix/k"]
    );
}

#[test]
fn a_signing_key_has_many_spellings() {
    for form in [
        "nix.settings.secret-key-files = \"/k\";",
        "nix.settings.secret-key-files = /k;",
        "nix.settings.secret-key-files = [ \"/k\" ];",
        "nix.settings.secret-key-files = [ /k ];",
        "nix.settings.extra-secret-key-files = lib.mkForce [ \"/k\" ];",
        "nix.extraOptions = \"secret-key-files = /k\";",
        "nix.extraOptions = ''\n  extra-secret-key-files = /k # mine\n'';",
        "nix.settings = { secret-key-files = key; };",
    ] {
        let module = format!("{{ lib, ... }}: let key = \"/k\"; in {{ {form} }}");
        let repo = Repo::from_pairs([("m.nix", module.as_str())]);
        let machine = Survey::new(&repo).machine(&RepoPath::new("m.nix").unwrap(), &[]);
        let words = machine.nix_words("nix.settings.secret-key-files");
        let words: Vec<_> = words.into_iter().map(|word| word.text).collect();
        assert_eq!(words, ["/k"], "{form}");
    }
}

#[test]
fn imports_are_followed_by_literal_paths() {
    let repo = Repo::from_pairs([
        (
            "hosts/pai.nix",
            "{ imports = [ ../common ./x.nix inputs.y.z ]; }",
        ),
        ("hosts/x.nix", "{ imports = [ ./pai.nix ]; }"),
        ("common/default.nix", "{ }"),
    ]);
    let module = RepoPath::new("hosts/pai.nix").unwrap();
    let survey = Survey::new(&repo);
    let machine = survey.machine(&module, &[]);
    let files: Vec<_> = machine.files().map(RepoPath::as_str).collect();
    assert_eq!(
        files,
        ["hosts/pai.nix", "common/default.nix", "hosts/x.nix"]
    );
    let unread = machine.unread();
    let names: Vec<_> = unread.iter().map(Unread::name).collect();
    assert_eq!(names, ["inputs.y.z"]);
}

/// The wiring of the blog post that many people start from: a `Match` block, a
/// key through a shared set, and nothing else.
fn mission() -> Repo {
    let lib = format!("{{ ssh-keys = {{ nix-ssh-serve-pub = \"{PAI} root@pai\"; }}; }}");
    Repo::from_pairs([
        ("tbd-lib.nix", lib.as_str()),
        (
            "kalaw/configuration.nix",
            "{ ... }:
let tbd-lib = import ../tbd-lib.nix;
in {
  nix.sshServe = {
    enable = true;
    keys = [ tbd-lib.ssh-keys.nix-ssh-serve-pub ];
  };
}
",
        ),
        (
            "configuration-pai.nix",
            "{ ... }: {
  nix.settings = {
    substituters = [ \"ssh://nix-ssh@kalaw.fritz.box\" ];
  };
  programs.ssh.extraConfig = ''
    Match host kalaw.fritz.box user nix-ssh
      IdentityFile /etc/nixos/nix_ssh_priv_key
  '';
}
",
        ),
    ])
}

fn adopt(repo: &Repo, pai: &str, kalaw: &str) -> AdoptedCache {
    let named = |name: &str, path: &str| Host {
        module: Some(path.to_owned()),
        ..Host::named(name.parse().unwrap())
    };
    let mut all = adopted(
        &by_modules(repo),
        &[named("pai", pai), named("kalaw", kalaw)],
    )
    .caches;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn wiring_by_hand_is_read_with_its_key_from_another_file() {
    let repo = mission();
    let cache = adopt(&repo, "configuration-pai.nix", "kalaw/configuration.nix");
    assert_eq!(
        (cache.host.as_str(), cache.protocol.as_str()),
        ("kalaw", "ssh")
    );
    assert_eq!(cache.unread, [""; 0]);
    let client = &cache.clients[0];
    assert_eq!(client.host, "pai");
    assert_eq!(client.address, "kalaw.fritz.box");
    assert_eq!(
        client.identity.as_deref(),
        Some("/etc/nixos/nix_ssh_priv_key")
    );
    assert_eq!(client.identity_key, PAI.parse().ok());
    assert_eq!((client.pin.clone(), cache.signing_key), (None, None));
}

#[test]
fn wiring_by_hand_is_read_in_the_hosts_own_module_only() {
    let serves = "{ flake.modules.nixos.kalaw = { nix.sshServe.enable = true; }; \
                   flake.modules.nixos.pai = { }; }";
    let repo = Repo::from_pairs([("hosts.nix", serves)]);
    let host = |name: &str| Host {
        module: Some("hosts.nix".to_owned()),
        within: format!("flake.modules.nixos.{name}").parse().ok(),
        ..Host::named(name.parse().unwrap())
    };
    let all = adopted(&by_modules(&repo), &[host("pai"), host("kalaw")]);
    let names: Vec<&str> = all.caches.iter().map(|cache| cache.host.as_str()).collect();
    assert_eq!(names, ["kalaw"]);
}

#[test]
fn a_condition_makes_a_cache_of_the_host_where_it_holds() {
    let serves = "{ config, lib, ... }: { options.my.serve = lib.mkEnableOption \"it\"; \
                   config.nix.sshServe.enable = lib.mkIf config.my.serve true; }";
    let repo = Repo::from_pairs([
        ("serve.nix", serves),
        ("pai.nix", "{ imports = [ ./serve.nix ]; }"),
        (
            "kalaw.nix",
            "{ imports = [ ./serve.nix ]; my.serve = true; }",
        ),
    ]);
    let host = |name: &str| Host {
        module: Some(format!("{name}.nix")),
        ..Host::named(name.parse().unwrap())
    };
    let both = adopted(&by_modules(&repo), &[host("pai"), host("kalaw")]);
    let names: Vec<&str> = both.caches.iter().map(|one| one.host.as_str()).collect();
    assert_eq!(names, ["kalaw"]);
    // Without a flake there may be another module that sets it for `pai`.
    assert_eq!(both.unclear, ["serve.nix"]);
}

#[test]
fn a_line_of_ssh_config_is_pointed_at_in_its_file() {
    let repo = mission();
    let module = RepoPath::new("configuration-pai.nix").unwrap();
    let machine = Survey::new(&repo).machine(&module, &[]);
    let blocks = machine.ssh_blocks();
    let block = &blocks[1];
    let spot = block.spot(block.block.first("identityfile").unwrap().line);
    assert_eq!(spot.written(), "IdentityFile /etc/nixos/nix_ssh_priv_key");
}

#[test]
fn everything_that_people_add_is_read_too() {
    let pai = format!(
        "{{ config, ... }}: {{
  nix = {{
    settings.extra-substituters = [
      \"ssh-ng://nix-ssh@kalaw?priority=30&ssh-key=${{config.sops.secrets.id.path}}\"
    ];
    settings.trusted-public-keys = [ \"cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=\" \"{SIGNING}\" ];
  }};
  programs.ssh.extraConfig = \"Host kalaw\\n  Port 2222\\n\";
  programs.ssh.knownHosts.\"[kalaw]:2222\".publicKey = \"{KALAW}\";
}}"
    );
    let repo = Repo::from_pairs([
        ("pai.nix", pai.as_str()),
        ("pai.pub", PAI),
        (
            "kalaw.nix",
            "{ nix.sshServe = { enable = true; protocol = \"ssh-ng\"; keys = [ (builtins.readFile ./pai.pub) ]; };
               nix.settings.secret-key-files = \"/var/keys/kalaw-1\"; }",
        ),
    ]);
    let cache = adopt(&repo, "pai.nix", "kalaw.nix");
    assert_eq!(cache.signing_key, SIGNING.parse::<SigningPublicKey>().ok());
    assert_eq!(cache.signing_key_file.as_deref(), Some("/var/keys/kalaw-1"));
    let client = &cache.clients[0];
    assert_eq!(client.identity.as_deref(), Some("/run/secrets/id"));
    assert_eq!((client.port, client.priority), (Some(2222), Some(30)));
    assert_eq!(client.pin, KALAW.parse::<PublicKey>().ok());
    assert_eq!(client.identity_key, PAI.parse().ok());
}

#[test]
fn of_two_keys_the_comment_tells_whose_it_is() {
    let kalaw = format!(
        "{{ nix.sshServe = {{ enable = true; keys = [ \"{PAI} root@pai\" \"{KALAW} x@y\" ]; }}; }}"
    );
    let repo = Repo::from_pairs([
        (
            "pai.nix",
            "{ nix.settings.substituters = [ \"ssh://nix-ssh@kalaw\" ]; }",
        ),
        ("kalaw.nix", kalaw.as_str()),
    ]);
    let cache = adopt(&repo, "pai.nix", "kalaw.nix");
    assert_eq!(cache.clients[0].identity_key, PAI.parse().ok());
}

#[test]
fn host_keys_are_harvested_where_people_keep_them() {
    let rules = format!(
        "let me = \"{KALAW}\"; pai = \"{PAI}\"; users = [ me ]; systems = {{ thor = \"{PAI}\"; }}; in
         {{ \"a.age\".publicKeys = [ me pai ]; }}"
    );
    let pins = format!("{{ programs.ssh.knownHosts.\"kalaw.lan\".publicKey = \"{KALAW}\"; }}");
    let repo = Repo::from_pairs([
        ("secrets/secrets.nix", rules.as_str()),
        ("common.nix", pins.as_str()),
        ("hosts/odin/ssh_host_ed25519_key.pub", PAI),
    ]);
    let found = host_keys(&Survey::new(&repo));
    let found: Vec<_> = found
        .iter()
        .map(|h| (h.host.as_str(), h.from.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("kalaw", "`programs.ssh.knownHosts` in `common.nix`"),
            ("odin", "`hosts/odin/ssh_host_ed25519_key.pub`"),
            ("pai", "`pai` in `secrets/secrets.nix`"),
            ("thor", "`thor` in `secrets/secrets.nix`"),
        ]
    );
}

#[test]
fn the_key_of_an_authority_is_no_hosts_key() {
    for (is_authority, found) in [("true", 0), ("config.x.ca", 0), ("false", 1)] {
        let entry = format!(
            "programs.ssh.knownHosts = {{
               kalaw = {{ publicKey = \"{KALAW}\"; certAuthority = {is_authority}; }};
             }};"
        );
        let module = format!("{{ config, ... }}: {{ {entry} }}");
        let repo = Repo::from_pairs([("common.nix", module.as_str())]);
        assert_eq!(
            host_keys(&Survey::new(&repo)).len(),
            found,
            "{is_authority}"
        );
    }
}

//! A cache that harmonia serves, alone or while its clients change to it.

use super::{KEY, check, rendered};

fn cache(serve: &str) -> String {
    format!("[caches.kalaw]\nclients = [\"pai\"]\nlan = true\nserve = {serve}\n{KEY}\n")
}

#[test]
fn harmonia_alone() {
    let rest = cache("\"harmonia\"\ntunnel-port = 5000");
    let files = rendered(&rest);
    for path in [
        "harmonia",
        "tunnel",
        "connect",
        "login-key",
        "serve",
        "logins",
    ] {
        assert!(files.contains_key(&format!("larder/{path}.nix")), "{path}");
    }
    assert!(!files.contains_key("larder/use.nix"));
    assert!(files["larder/caches/kalaw.nix"].contains("\n  protocol = null;\n"));
    check(
        &rest,
        "larder/hosts/kalaw.nix",
        r"
{
  imports = [
    (import ../serve.nix ../caches/kalaw.nix)
    (import ../harmonia.nix ../caches/kalaw.nix)
  ];
}",
    );
    check(
        &rest,
        "larder/hosts/pai.nix",
        r"
{
  imports = [
    (import ../tunnel.nix ../caches/kalaw.nix {
      tunnelPort = 5000;
    })
  ];
}",
    );
}

#[test]
fn while_clients_change_both_are_served_and_the_new_one_is_used() {
    let to_harmonia = cache("[\"ssh\", \"harmonia\"]");
    let files = rendered(&to_harmonia);
    assert!(files["larder/caches/kalaw.nix"].contains("\n  protocol = \"ssh\";\n"));
    assert!(files["larder/hosts/kalaw.nix"].contains("../harmonia.nix"));
    assert!(files["larder/hosts/pai.nix"].contains("../tunnel.nix"));
    let back = cache("[\"harmonia\", \"ssh-ng\"]");
    let files = rendered(&back);
    assert!(files["larder/caches/kalaw.nix"].contains("\n  protocol = \"ssh-ng\";\n"));
    assert!(files["larder/hosts/kalaw.nix"].contains("../harmonia.nix"));
    check(
        &back,
        "larder/hosts/pai.nix",
        "{\n  imports = [ (import ../use.nix ../caches/kalaw.nix { }) ];\n}",
    );
}

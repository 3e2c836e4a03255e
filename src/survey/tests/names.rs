//! What names and functions mean in a file that is read by itself.

use super::{Value, said, words};

#[test]
fn names_mean_what_they_mean_to_nix() {
    for keys in [
        "map (host: host.key) hosts",
        "[ (key \"a\").key \"${(key \"b\").key}\" ]",
        "rec { all = [ first \"b\" ]; first = \"a\"; }.all",
        "let a = \"no\"; in with { a = \"no\"; b = \"b\"; }; [ (let a = \"a\"; in a) b ]",
        "builtins.filter (key: key != \"no\") [ \"a\" \"no\" \"b\" ]",
        "(let inherit (builtins.head hosts) key; in [ key ]) ++ [ last.key ]",
        "parts.a ++ parts.b",
    ] {
        let module = format!(
            "{{ lib, ... }}: let
               hosts = [ {{ key = \"a\"; }} {{ key = \"b\"; }} ]; last = lib.last hosts;
               key = name: {{ key = name; }}; parts.a = [ \"a\" ]; parts.b = [ \"b\" ];
             in {{ nix.sshServe.keys = {keys}; }}"
        );
        assert_eq!(words(&module, "nix.sshServe.keys"), ["a", "b"], "{keys}");
    }
}

#[test]
fn what_other_files_decide_is_not_known_of_one() {
    for value in [
        "!(builtins.pathExists ./x)",
        "builtins.readDir ./. == { }",
        "lib.filesystem.listFilesRecursive ./. == [ ]",
        "import ./x.nix == null",
    ] {
        let module = format!("{{ lib, ... }}: {{ nix.enable = {value}; }}");
        assert_eq!(
            said(&module),
            [("nix.enable".into(), Value::Unknown)],
            "{value}"
        );
    }
}

#[test]
fn a_set_that_a_function_makes_holds_options() {
    let module = "let on = sshd: sshd // { enable = true; }; in
                  { services.openssh = on { ports = [ 2222 ]; }; nix = { inherit (x) sshServe; }; }";
    let uncertain = [
        (
            "{ lib, ... }: { services.openssh = (x: x) { enable = lib.mkDefault true; }; }",
            "services.openssh",
        ),
        (
            "{ lib, c, ... }: { nix.sshServe = lib.mkIf c ((x: x) { enable = true; }); }",
            "nix.sshServe",
        ),
    ];
    for (module, option) in uncertain {
        assert_eq!(said(module), [(option.into(), Value::Unknown)], "{module}");
    }
    let options: Vec<String> = said(module).into_iter().map(|(option, _)| option).collect();
    assert_eq!(
        options,
        [
            "services.openssh.enable",
            "services.openssh.ports",
            "nix.sshServe"
        ]
    );
}

//! What stands between `«` and `»` is taken out.

use super::*;

/// Takes out what stands between `«` and `»`: values of the option, or items of
/// its list where the mark begins with `-`.
#[track_caller]
fn check(option: &str, marked: &str, expected: &str) {
    let mut text = String::new();
    let mut pieces = Vec::new();
    for (at, part) in marked.split('«').enumerate() {
        let Some((piece, rest)) = part.split_once('»').filter(|_| at > 0) else {
            text.push_str(part);
            continue;
        };
        let option = option.parse().unwrap();
        let item = piece.strip_prefix('-');
        let start = text.len();
        text.push_str(item.unwrap_or(piece));
        let range = start..text.len();
        pieces.push(match item {
            Some(_) => Piece::Item { range, option },
            None => Piece::Value { range, option },
        });
        text.push_str(rest);
    }
    let file = NixFile::parse(text).unwrap();
    let said = match take_out(&file, &pieces) {
        Ok(after) => after.text().to_owned(),
        Err(refusal) => refusal.message,
    };
    assert_eq!(said, expected);
}

#[test]
fn a_set_that_is_left_empty_goes_too() {
    check(
        "nix.sshServe.enable",
        "{\n  a = 1;\n\n  nix = {\n    sshServe = {\n      enable = «true»; # on\n    };\n  };\n\n  b = 2;\n}\n",
        "{\n  a = 1;\n\n  b = 2;\n}\n",
    );
    check(
        "nix.sshServe.enable",
        "{ config.nix.sshServe.enable = lib.mkForce «true»; }",
        "{ }",
    );
}

#[test]
fn what_is_not_about_the_option_stays() {
    check(
        "nix.sshServe.enable",
        "{ flake.modules.kalaw = { nix.sshServe.enable = «true»; }; }",
        "{ flake.modules.kalaw = { }; }",
    );
    check(
        "nix.sshServe.enable",
        "{\n  nix = {\n    # often\n    gc.automatic = true;\n    sshServe.enable = «true»; # on\n  };\n}\n",
        "{\n  nix = {\n    # often\n    gc.automatic = true;\n    # on\n  };\n}\n",
    );
}

#[test]
fn items_go_one_by_one() {
    let option = "nix.settings.substituters";
    check(
        option,
        "{ nix.settings.substituters = [ \"a\" «-\"b\"» \"c\" ]; }",
        "{ nix.settings.substituters = [ \"a\" \"c\" ]; }",
    );
    check(
        option,
        "{\n  nix.settings.substituters = [\n    «-\"a\"»\n    «-\"b\"»\n  ];\n  c = 1;\n}\n",
        "{\n  c = 1;\n}\n",
    );
    check(
        option,
        "{ nix.settings.substituters = with x; [ «-b» ] ++ more; }",
        "{ nix.settings.substituters = with x; more; }",
    );
    check(
        option,
        "{ nix.settings.substituters = more ++ [ «-b» ]; }",
        "{ nix.settings.substituters = more; }",
    );
    check(
        option,
        "{ nix.settings = { substituters = [ «-b» ] ++ [ «-c» ]; }; }",
        "{ }",
    );
}

#[test]
fn what_others_may_use_is_refused() {
    let message = "`nix.sshServe.enable` has this from a place that may serve others too";
    for shared in [
        "let serve.enable = «true»; in { nix.sshServe = serve; }",
        "{ nix.sshServe.enable = if a then «true» else false; }",
        "let nix.sshServe.other = { enable = «true»; }; in { }",
    ] {
        check("nix.sshServe.enable", shared, message);
    }
}

//! Lists of algorithms as sshd reads them (`PubkeyAcceptedAlgorithms`, `HostKeyAlgorithms`).

use wildmatch::WildMatch;

use crate::key::Algorithm;

/// Whether a list of patterns lets a key of this type be used. A list that begins with `+` or
/// `^` adds to those that sshd takes by itself, which has all types; one with `-` takes away.
pub(super) fn allows(list: &str, of_key: Algorithm) -> bool {
    let list = list.trim();
    let is_one_of = |list: &str, name: &str| {
        let mut patterns = list.split(',').map(str::trim);
        patterns.any(|pattern| WildMatch::new(pattern).matches(name))
    };
    let mut names = of_signatures(of_key).iter();
    match list.split_at_checked(1) {
        Some(("+" | "^", _)) => true,
        Some(("-", taken)) => names.any(|name| !is_one_of(taken, name)),
        _ => names.any(|name| is_one_of(list, name)),
    }
}

/// What such a key signs with; `ssh-rsa` itself means SHA-1, which no OpenSSH takes any more.
fn of_signatures(of_key: Algorithm) -> &'static [&'static str] {
    match of_key {
        Algorithm::Rsa => &["rsa-sha2-512", "rsa-sha2-256"],
        Algorithm::Ed25519 => &["ssh-ed25519"],
        Algorithm::EcdsaP256 => &["ecdsa-sha2-nistp256"],
        Algorithm::EcdsaP384 => &["ecdsa-sha2-nistp384"],
        Algorithm::EcdsaP521 => &["ecdsa-sha2-nistp521"],
        Algorithm::SkEd25519 => &["sk-ssh-ed25519@openssh.com"],
        Algorithm::SkEcdsaP256 => &["sk-ecdsa-sha2-nistp256@openssh.com"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_makes_a_list_a_change_of_the_default() {
        for (list, expected) in [
            ("ssh-ed25519", true),
            ("rsa-sha2-512, ssh-ed25519", true),
            ("ssh-*", true),
            ("rsa-sha2-512,rsa-sha2-256", false),
            ("ssh-ed25519-cert-v01@openssh.com", false),
            ("+ssh-rsa", true),
            ("^rsa-sha2-512", true),
            ("-ssh-ed25519", false),
            ("-ssh-ed*", false),
            ("-ssh-rsa", true),
        ] {
            assert_eq!(allows(list, Algorithm::Ed25519), expected, "{list}");
        }
        assert!(allows("rsa-sha2-*", Algorithm::Rsa));
        assert!(!allows("ssh-rsa", Algorithm::Rsa));
    }
}

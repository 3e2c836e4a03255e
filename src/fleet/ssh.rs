//! What sshd and ssh take where nobody says otherwise.

/// The user as whom clients log in: `nix.sshServe` makes it.
pub const SSH_USER: &str = "nix-ssh";

/// The user as whom a tunnel logs in: the wiring makes it, and it may only reach harmonia.
pub(super) const TUNNEL_USER: &str = "larder-cache";

/// The port of sshd.
pub const SSH_PORT: u16 = 22;
/// The host key that NixOS makes and that larder uses, the private half.
pub const HOST_KEY_FILE: &str = "/etc/ssh/ssh_host_ed25519_key";
/// Its public half.
pub const HOST_KEY_PUB: &str = "/etc/ssh/ssh_host_ed25519_key.pub";

/// The name by which ssh looks for the key of a host, in the only form that it takes.
pub fn known_host_name(address: &str, port: u16) -> String {
    match port {
        SSH_PORT => address.to_owned(),
        port => format!("[{address}]:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_port_is_part_of_the_name() {
        assert_eq!(known_host_name("kalaw", 22), "kalaw");
        assert_eq!(known_host_name("kalaw", 2222), "[kalaw]:2222");
        assert_eq!(HOST_KEY_PUB.strip_suffix(".pub"), Some(HOST_KEY_FILE));
    }
}

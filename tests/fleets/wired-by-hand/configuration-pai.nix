{ ... }:
{
  nix.settings = {
    substituters = [ "ssh://nix-ssh@kalaw.fritz.box" ];
  };
  programs.ssh.extraConfig = ''
    Match host kalaw.fritz.box user nix-ssh
      IdentityFile /etc/nixos/nix_ssh_priv_key
  '';
}

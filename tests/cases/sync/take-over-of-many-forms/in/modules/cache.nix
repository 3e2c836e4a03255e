{ lib, ... }:
{
  nix.settings = {
    experimental-features = [ "nix-command" ];
    substituters = lib.mkBefore [
      "https://nix-community.cachix.org" # public
      "ssh://nix-ssh@kalaw.lan?priority=30&ssh-key=/etc/ssh/ssh_host_ed25519_key"
    ];
    trusted-public-keys = [
      "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs="
    ]
    ++ [ "kalaw-1:KZgsBMBzfyS8gnZveLv+l+rEVvdywtNdAUw77+KI2G8=" ];
  };

  programs.ssh = {
    knownHosts."kalaw.lan".publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBk11El/ctNJTKbXZOs7HwTf9i0iid3MOUI2O3Ypmqy2";
    extraConfig = ''
      Host *
        AddKeysToAgent yes

      Match host kalaw.lan user nix-ssh
        # nobody is there to answer
        BatchMode yes
        ConnectTimeout 5
      Match all
    '';
  };
}

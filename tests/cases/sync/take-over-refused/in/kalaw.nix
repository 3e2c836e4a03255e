{ config, lib, ... }:
let
  clients = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC6zyod7YZ9KOIFb3VhbF7+8hiw6WBXwlpMoplskABVN root@pai" ];
in
{
  services.openssh.enable = true;
  nix.sshServe = {
    enable = true;
    keys = clients ++ map (user: user.key) (lib.attrValues config.my.users);
  };
  nix.settings.secret-key-files = [ config.my.signingKey ];
}

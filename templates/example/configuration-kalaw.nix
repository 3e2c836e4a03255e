# The file server. It has no screen, so it runs sshd.
{
  imports = [ ./common.nix ];

  networking.hostName = "kalaw";
  services.nfs.server.enable = true;
}

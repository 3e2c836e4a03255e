{ pkgs, ... }:
{
  networking.hostName = "kalaw";

  # Files for everyone.
  services.nfs.server.enable = true;
  services.openssh.enable = true;
}

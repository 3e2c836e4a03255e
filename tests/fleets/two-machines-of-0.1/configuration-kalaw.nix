{ pkgs, ... }:
{
  imports = [
    ./larder/hosts/kalaw.nix
  ]; # larder
  networking.hostName = "kalaw";

  # Files for everyone.
  services.nfs.server.enable = true;
  services.openssh.enable = true;
}

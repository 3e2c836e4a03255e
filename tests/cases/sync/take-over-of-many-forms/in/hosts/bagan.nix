{ config, ... }:
{
  imports = [ ../modules/cache.nix ];

  networking.hostName = "bagan";
  services.openssh.enable = true;
}

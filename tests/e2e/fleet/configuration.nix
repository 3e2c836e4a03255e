{ ... }:
{
  imports = [ ./human/@host@.nix ];
  networking.hostName = "@host@";
  services.openssh.enable = true;
  system.stateVersion = "24.05";
}

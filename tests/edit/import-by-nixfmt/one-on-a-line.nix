{ config, ... }:
{
  imports = [ ./hardware.nix ];
  networking.hostName = "pai";
}

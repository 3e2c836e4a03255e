{ lib, ... }:
{
  imports = lib.mkForce [ ./hardware-pai.nix ];
  services.openssh.enable = true;
}

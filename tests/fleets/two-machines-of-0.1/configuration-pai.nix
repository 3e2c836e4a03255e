# The desktop.
{ config, pkgs, ... }:

{
  imports =
    [ # Include the results of the hardware scan.
      ./hardware-pai.nix
      ./larder/hosts/pai.nix
    ];

  networking.hostName = "pai"; # never rename this
  services.openssh.enable = true;
}

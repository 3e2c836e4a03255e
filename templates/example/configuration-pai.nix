{ pkgs, ... }:
{
  imports = [
    ./desktop.nix # whoever sits in front of it wants a screen
  ];

  networking.hostName = "pai";
  environment.systemPackages = [
    pkgs.firefox
    pkgs.gimp # for the holiday photos
  ];
}

{ pkgs, ... }:
{
  imports = [
    ./common.nix # what both machines have
  ];

  networking.hostName = "pai";
  services.xserver.enable = true;
  environment.systemPackages = [
    pkgs.firefox
    pkgs.gimp # for the holiday photos
  ];
}

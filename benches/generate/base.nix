# What every machine has.
{ lib, pkgs, ... }:
{
  i18n.defaultLocale = "en_GB.UTF-8";
  console.keyMap = "us";

  nix.settings = {
    experimental-features = [
      "nix-command"
      "flakes"
    ];
    auto-optimise-store = true;
    trusted-users = [ "@wheel" ];
  };
  nix.gc = {
    automatic = true;
    dates = "weekly";
    options = "--delete-older-than 30d";
  };

  services.openssh = {
    enable = true;
    settings = {
      PasswordAuthentication = false;
      PermitRootLogin = "prohibit-password";
    };
  };

  environment.systemPackages = with pkgs; [
    curl
    git
    htop
    tmux
    vim
  ];

  security.sudo.wheelNeedsPassword = lib.mkDefault false;
}

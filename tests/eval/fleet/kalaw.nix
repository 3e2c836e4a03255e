{
  imports = [ ./own/kalaw.nix ];

  networking.hostName = "kalaw";
  services.openssh.enable = true;
  system.stateVersion = "24.05";
}

{
  imports = [ ./own/pai.nix ];

  networking.hostName = "pai";
  services.openssh.enable = true;
  system.stateVersion = "24.05";
}

{
  imports = [ ../modules/cache.nix ];

  networking.hostName = "pai";
  services.openssh.enable = true;
}

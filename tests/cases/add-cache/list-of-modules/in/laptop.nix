{
  flake.modules.nixos.laptop.services.openssh.enable = true;
}

{
  flake.modules.nixos.kalaw = {
    services.openssh.enable = true;
  };
}

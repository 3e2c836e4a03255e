{
  flake.modules.nixos.pai = {
    services.openssh.enable = true;
  };
}

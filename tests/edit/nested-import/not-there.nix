{
  flake.modules.nixos.loki = { };
}

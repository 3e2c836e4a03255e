{
  flake.modules.nixos.thor.a = 1;
  flake.modules.nixos.thor.b = 2;
  flake.modules.nixos.loki = { };
}

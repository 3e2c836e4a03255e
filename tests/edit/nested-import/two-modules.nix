{
  flake.modules.nixos.loki = {
    a = 1;
  };
  flake.modules.nixos.thor = {
    a = 1;
  };
}

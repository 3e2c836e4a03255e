{
  flake.modules.nixos.thor.a = 1;
  flake.modules.nixos.thor.b = 2;
  flake.modules.nixos.thor.imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  flake.modules.nixos.loki = { };
}

{ config, ... }:
{
  flake.modules.nixos.thor.imports = with config.flake.modules.nixos; [
    core
    ./larder/hosts/pai.nix
  ];
  flake.modules.nixos.loki = { };
}

{ config, ... }:
{
  flake.modules.nixos.thor.imports = with config.flake.modules.nixos; [
    core
  ];
  flake.modules.nixos.loki = { };
}

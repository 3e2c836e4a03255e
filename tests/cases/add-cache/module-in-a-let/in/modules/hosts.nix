{ inputs, config, ... }:
let
  host =
    name:
    inputs.nixpkgs.lib.nixosSystem {
      modules = [ config.flake.modules.nixos.${name} ];
    };
in
{
  flake.nixosConfigurations = {
    kalaw = host "kalaw";
    pai = host "pai";
  };
}

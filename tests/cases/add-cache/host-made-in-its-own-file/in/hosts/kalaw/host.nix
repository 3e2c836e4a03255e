{ inputs, config, ... }:
{
  flake.nixosConfigurations.kalaw = inputs.nixpkgs.lib.nixosSystem {
    modules = [
      { networking.hostName = "kalaw"; }
      config.flake.modules.nixos.base
    ];
  };
}

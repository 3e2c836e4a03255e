{ inputs, config, ... }:
{
  flake.nixosConfigurations.pai = inputs.nixpkgs.lib.nixosSystem {
    system = "x86_64-linux";
    modules = [
      { networking.hostName = "pai"; }
      config.flake.modules.nixos.base
    ]
    ++ (with config.flake.modules.nixos; [ web ]);
  };
}

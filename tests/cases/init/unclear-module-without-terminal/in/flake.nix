{
  outputs =
    { nixpkgs, ... }@inputs:
    {
      nixosConfigurations.pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
      nixosConfigurations.kalaw = nixpkgs.lib.nixosSystem {
        modules = inputs.shared.modulesFor "kalaw";
      };
    };
}

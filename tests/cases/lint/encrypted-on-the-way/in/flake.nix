{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.pai = nixpkgs.lib.nixosSystem { modules = [ ./pai.nix ]; };
  };
}

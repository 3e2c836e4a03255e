{
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations.new = nixpkgs.lib.nixosSystem { modules = [ ]; };
    };
}

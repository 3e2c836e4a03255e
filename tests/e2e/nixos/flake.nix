# Stands in for nixpkgs: enough of `lib.nixosSystem` to evaluate hosts of a fleet
# without network, strict about names and types of options.
{
  outputs = _: {
    lib = import ./lib.nix // {
      nixosSystem = import ./system.nix;
    };
  };
}

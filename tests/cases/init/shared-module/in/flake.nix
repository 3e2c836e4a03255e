{
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = nixpkgs.lib.genAttrs [ "kalaw" "pai" ] (
        name: nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ./people.nix ] ++ nixpkgs.lib.optional (name != "kalaw") ./metal/${name}.nix ++ [ ./disks.nix ]; }
      );
    };
}

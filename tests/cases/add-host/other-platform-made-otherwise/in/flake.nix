{
  outputs =
    { self, nixpkgs, raspberry, ... }:
    let
      make = name: _:
        if builtins.pathExists ./hosts/${name}/home.nix then
          nixpkgs.lib.nixosSystem {
            system = "x86_64-linux";
            modules = [ ./hosts/${name} ./hosts/${name}/home.nix ];
          }
        else
          throw "no home: ${toString ./hosts/${name}/home.nix}";
    in
    {
      nixosConfigurations = nixpkgs.lib.mapAttrs make (import ./desktops.nix) // {
        pai = raspberry.lib.nixosSystem {
          system = "aarch64-linux";
          modules = [ ./hosts/pai ];
        };
      };
    };
}

{
  outputs =
    { nixpkgs, ... }:
    let
      rows = {
        kalaw = {
          ip = "10.20.0.2/24"; # the cellar
          id = 2;
          kind = "server";
        };
        pai = {
          ip = "10.20.0.3/24";
          id = 3;
          kind = "desk";
        };
        thanlyin = {
          ip = "10.20.0.4/24";
          id = 4;
          kind = "desk";
        };
      };
    in
    {
      nixosConfigurations = nixpkgs.lib.mapAttrs (
        name: row:
        nixpkgs.lib.nixosSystem {
          specialArgs = { inherit row; };
          modules = [ ./boxes/${name}.nix ];
        }
      ) rows;
    };
}

{
  inputs.nixpkgs.url = "path:../nixos";
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = {
        pai = nixpkgs.lib.nixosSystem {
          system = "x86_64-linux";
          modules = [ ./pai.nix ];
        };
        kalaw = nixpkgs.lib.nixosSystem {
          system = "x86_64-linux";
          modules = [ ./kalaw.nix ];
        };
      };
    };
}

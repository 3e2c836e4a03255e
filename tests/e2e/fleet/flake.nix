{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-23.11";
  outputs =
    { self, nixpkgs }:
    let
      host =
        module:
        nixpkgs.lib.nixosSystem {
          system = "x86_64-linux";
          modules = [ module ];
        };
    in
    {
      nixosConfigurations = {
      # hosts
      };
    };
}

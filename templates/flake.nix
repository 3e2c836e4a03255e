{
  description = "NixOS machines";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = {
        "@name@" = nixpkgs.lib.nixosSystem {
          system = "@system@";
          modules = [ "@module@" ];
        };
      };
    };
}

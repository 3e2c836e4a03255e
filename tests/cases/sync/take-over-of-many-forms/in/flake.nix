{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations =
        nixpkgs.lib.genAttrs
          [
            "kalaw"
            "pai"
            "bagan"
          ]
          (
            name:
            nixpkgs.lib.nixosSystem {
              system = "x86_64-linux";
              modules = [ ./hosts/${name}.nix ];
            }
          );
    };
}

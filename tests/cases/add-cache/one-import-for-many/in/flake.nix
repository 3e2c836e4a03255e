{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  outputs =
    { nixpkgs, ... }:
    let
      host = name: nixpkgs.lib.nixosSystem { modules = [ ./hosts/${name}.nix ]; };
    in
    {
      nixosConfigurations = nixpkgs.lib.genAttrs [
        "amber"
        "bagan"
        "kalaw"
        "mrauk"
        "pai"
      ] host;
    };
}

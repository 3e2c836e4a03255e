{
  description = "The machines of one company";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { nixpkgs, ... }:
    let
      inherit (nixpkgs) lib;
      mkHost = name: lib.nixosSystem { modules = [ ./hosts/${name} ]; };
    in
    {
      nixosConfigurations = lib.genAttrs (lib.attrNames (builtins.readDir ./hosts)) mkHost;
    };
}

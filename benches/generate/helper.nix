{
  description = "The machines of one company";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { nixpkgs, ... }:
    let
      mkHost =
        name: system:
        nixpkgs.lib.nixosSystem {
          inherit system;
          modules = [ ./hosts/${name} ];
        };
    in
    {
      nixosConfigurations = {
        # The hosts.
      };
    };
}

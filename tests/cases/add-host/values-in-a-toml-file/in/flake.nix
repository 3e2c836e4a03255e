{
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = nixpkgs.lib.mapAttrs (
        name: host:
        nixpkgs.lib.nixosSystem {
          inherit (host) system;
          specialArgs = { inherit host; };
          modules = [ ./hosts/${name}.nix ];
        }
      ) (nixpkgs.lib.importTOML ./hosts.toml).host;
    };
}

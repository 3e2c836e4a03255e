{
  outputs =
    { nixpkgs, ... }:
    let
      system =
        { name, system, ... }:
        nixpkgs.lib.nameValuePair name (
          nixpkgs.lib.nixosSystem {
            inherit system;
            modules = [ ./hosts/${name}.nix ];
          }
        );
      hosts = builtins.fromJSON (builtins.readFile ./hosts.json);
    in
    {
      nixosConfigurations = builtins.listToAttrs (map system (builtins.filter (host: host.nixos) hosts));
    };
}

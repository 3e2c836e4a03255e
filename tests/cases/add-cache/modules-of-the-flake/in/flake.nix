{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs =
    { nixpkgs, monitoring, ... }:
    let
      base = [
        monitoring.nixosModules.agent
        ./common.nix
      ];
      host =
        name: extra:
        nixpkgs.lib.nixosSystem {
          modules = base ++ [ ./${name}.nix { networking.hostName = name; } ] ++ extra;
        };
    in
    {
      nixosConfigurations.kalaw = host "kalaw" [ { services.openssh.enable = true; } ];
      nixosConfigurations.pai = host "pai" [ ];
    };
}

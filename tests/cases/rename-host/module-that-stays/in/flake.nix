{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.pai = nixpkgs.lib.nixosSystem { modules = [ ./pai/host.nix ]; };
    nixosConfigurations.kalaw = nixpkgs.lib.nixosSystem { modules = [ ./kalaw.nix ]; };
  };
}

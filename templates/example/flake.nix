{
  description = "Two machines in one repository";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations = {
        # The desktop, always in use and never patient.
        pai = nixpkgs.lib.nixosSystem {
          system = "x86_64-linux";
          modules = [
            ./common.nix
            ./configuration-pai.nix
          ];
        };
        # The file server under the stairs.
        kalaw = nixpkgs.lib.nixosSystem {
          system = "x86_64-linux";
          modules = [
            ./common.nix
            ./configuration-kalaw.nix
          ];
        };
      };
    };
}

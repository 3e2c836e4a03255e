{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  outputs = { self, nixpkgs, deploy-rs }: {
    nixosConfigurations = {
      pai = nixpkgs.lib.nixosSystem { modules = [ ./hosts/pai ]; }; # the desktop
      kalaw = nixpkgs.lib.nixosSystem { modules = [ ./hosts/kalaw ]; };
    };
    deploy.nodes.pai = {
      hostname = "pai";
      profiles.system.path = deploy-rs.lib.activate.nixos self.nixosConfigurations.pai;
    };
  };
}

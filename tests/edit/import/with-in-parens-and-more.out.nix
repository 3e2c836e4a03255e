{ self, ... }:
{
  imports =
    (with self.nixosModules; [
      acme
      agenix
      ./larder/hosts/pai.nix
    ])
    ++ [ ./nginx.nix ];
}

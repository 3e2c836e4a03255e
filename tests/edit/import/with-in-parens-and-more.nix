{ self, ... }:
{
  imports =
    (with self.nixosModules; [
      acme
      agenix
    ])
    ++ [ ./nginx.nix ];
}

{ lib, ... }:
{
  imports = [ ./larder/hosts/pai.nix ] ++ lib.optional true ./rack.nix;
}

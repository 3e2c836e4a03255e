{ lib, ... }:
{
  imports = [ ./hardware.nix ] ++ lib.optional true ./rack.nix;
}

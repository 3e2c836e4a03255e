{ lib, ... }:
{
  imports = lib.optional true ./rack.nix;
}

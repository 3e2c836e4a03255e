{ pkgs, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  # nothing yet
}

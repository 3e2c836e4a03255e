{ inputs }:
{ pkgs, ... }:
{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  a = pkgs;
}

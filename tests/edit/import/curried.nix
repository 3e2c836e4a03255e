{ inputs }:
{ pkgs, ... }:
{
  a = pkgs;
}

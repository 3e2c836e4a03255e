{ pkgs, ... }:
{
  # the name
  networking.hostName = "pai";
}

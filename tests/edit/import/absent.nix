{ pkgs, ... }:
{
  networking.hostName = "pai";
  time.timeZone = "UTC";
}

{ ... }:
{
  networking.hostName = "@name@";
}

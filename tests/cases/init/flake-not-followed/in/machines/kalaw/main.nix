{ ... }:
{
  networking.hostName = "kalaw";
  services.openssh.enable = true;
}

{ ... }:
{
  networking.hostName = "pai";
  services.openssh.enable = true;
}

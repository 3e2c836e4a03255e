{ inputs, ... }:
{
  services.openssh.enable = true;
}

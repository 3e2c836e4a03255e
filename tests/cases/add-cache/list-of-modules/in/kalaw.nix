{ config, ... }:
{
  machines.kalaw = {
    modules = [
      {
        services.openssh.enable = true;
      }
      ./hardware.nix # its disks
    ];
  };
}

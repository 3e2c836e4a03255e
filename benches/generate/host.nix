# @name@: one of the machines for @role@.
{
  config,
  lib,
  modulesPath,
  pkgs,
  ...
}:
{
  imports = [
    (modulesPath + "/installer/scan/not-detected.nix")
    ../../modules/base.nix
    ../../modules/users.nix
    ../../modules/monitoring.nix
    @import@
  ];

  networking = {
    hostName = "@name@";
    hostId = "@hostId@";
    useDHCP = false;
    interfaces.eno1.ipv4.addresses = [
      {
        address = "@address@";
        prefixLength = 8;
      }
    ];
    defaultGateway = "10.0.0.1";
    nameservers = [
      "10.0.0.53"
      "10.0.1.53"
    ];
    firewall.allowedTCPPorts = [
      80
      443
    ];
  };
  time.timeZone = "Europe/Berlin";

  # Made by nixos-generate-config.
  boot.initrd.availableKernelModules = [
    "nvme"
    "xhci_pci"
    "ahci"
    "usb_storage"
    "sd_mod"
  ];
  boot.kernelModules = [ "kvm-amd" ];
  boot.loader = {
    systemd-boot.enable = true;
    efi.canTouchEfiVariables = true;
  };

  fileSystems."/" = {
    device = "/dev/disk/by-uuid/@root@";
    fsType = "ext4";
  };
  fileSystems."/boot" = {
    device = "/dev/disk/by-uuid/@boot@";
    fsType = "vfat";
    options = [
      "fmask=0077"
      "dmask=0077"
    ];
  };
  swapDevices = [ { device = "/dev/disk/by-uuid/@swap@"; } ];

  nixpkgs.hostPlatform = lib.mkDefault "@system@";
  hardware.cpu.amd.updateMicrocode = lib.mkDefault config.hardware.enableRedistributableFirmware;
@mistake@

  environment.systemPackages = with pkgs; [
    @packages@
  ];

  services.nginx = {
    enable = true;
    virtualHosts."@name@.example.org" = {
      forceSSL = true;
      enableACME = true;
      locations."/".proxyPass = "http://127.0.0.1:8080"; # serial @serial@
    };
  };

  system.stateVersion = "24.05";
}

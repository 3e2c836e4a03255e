# The figures that every machine gives to the one that collects them.
{ config, ... }:
{
  services.prometheus.exporters.node = {
    enable = true;
    enabledCollectors = [
      "systemd"
      "processes"
    ];
    port = 9100;
  };

  networking.firewall.interfaces.mgmt0.allowedTCPPorts = [
    config.services.prometheus.exporters.node.port
  ];
}

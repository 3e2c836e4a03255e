{
  machines.pai.modules = [ ./hardware.nix { services.openssh.enable = true; } ];
}

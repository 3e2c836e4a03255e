{
  imports = [ ./hardware.nix ./rack.nix ];
}

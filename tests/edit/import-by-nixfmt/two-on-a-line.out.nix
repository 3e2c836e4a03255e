{
  imports = [ ./hardware.nix ./rack.nix ./larder/hosts/pai.nix ];
}

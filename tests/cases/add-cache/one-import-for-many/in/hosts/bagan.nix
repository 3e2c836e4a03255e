{
  imports = [ ../modules/common.nix ];
  networking.hostName = "bagan";
}

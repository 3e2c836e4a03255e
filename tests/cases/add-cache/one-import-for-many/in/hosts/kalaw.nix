{
  imports = [ ../modules/common.nix ];
  networking.hostName = "kalaw";
}

{
  imports = [ ../modules/common.nix ];
  networking.hostName = "pai";
}

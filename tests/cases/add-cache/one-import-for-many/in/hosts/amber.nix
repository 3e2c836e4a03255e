{
  imports = [ ../modules/common.nix ];
  networking.hostName = "amber";
}

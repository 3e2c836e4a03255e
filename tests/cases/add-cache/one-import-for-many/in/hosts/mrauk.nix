{
  imports = [ ../modules/common.nix ];
  networking.hostName = "mrauk";
}

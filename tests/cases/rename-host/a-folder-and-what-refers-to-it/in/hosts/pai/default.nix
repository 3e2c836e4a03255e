{
  imports = [ ./disk.nix ];
  networking.hostName = "pai"; # pai, and no other
}

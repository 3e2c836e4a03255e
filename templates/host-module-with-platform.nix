{
  networking.hostName = "@name@";
  nixpkgs.hostPlatform = "@system@";
}

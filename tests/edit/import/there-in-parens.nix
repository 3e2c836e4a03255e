{
  imports = [ (./. + "/larder/hosts/pai.nix") ];
}

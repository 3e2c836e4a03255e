{
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  a = 1;
}
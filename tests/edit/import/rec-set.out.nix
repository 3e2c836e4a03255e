rec {
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  a = 1;
  b = a;
}

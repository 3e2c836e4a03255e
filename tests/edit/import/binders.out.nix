{ lib, ... }@args:
with lib;
assert true;
let
  a = 1;
in
({
  imports = [
    ./larder/hosts/pai.nix
  ]; # larder
  b = a;
})

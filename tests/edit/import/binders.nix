{ lib, ... }@args:
with lib;
assert true;
let
  a = 1;
in
({
  b = a;
})

{ lib, ... }:
{
  options.a = lib.b;
  config = {
    c = 1;
    nix.settings.substituters = [
      "ssh://nix-ssh@kalaw"
    ]; # larder
  };
}

{
  a = 1; # one
  nix.settings.substituters = [
    "ssh://nix-ssh@kalaw"
  ]; # larder
}

{
  nix.settings.substituters = [ "ssh://nix-ssh@kalaw?remote-store=/big&priority=10" ];
}

{
  nix.settings = {
    substituters = [ "ssh://nix-ssh@kalaw" ];
  };
}

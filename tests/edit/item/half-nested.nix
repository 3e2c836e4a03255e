{
  nix.settings = {
    substituters = [ ];
  };
}

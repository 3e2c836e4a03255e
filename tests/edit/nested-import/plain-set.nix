{
  flake = {
    modules.nixos.thor = {
      a = 1;
    };
  };
}

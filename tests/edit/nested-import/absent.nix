{
  flake.modules.nixos.thor = { pkgs, ... }: {
    a = pkgs;
  };
}

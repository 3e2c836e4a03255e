{ inputs, ... }:
{
  flake.modules.nixos.thor =
    { pkgs, ... }:
    {
      imports = [
        ./a.nix
      ];
      a = pkgs inputs;
    };
}

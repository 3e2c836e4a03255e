{ inputs, ... }:
{
  flake.modules.nixos.thor =
    { pkgs, ... }:
    {
      imports = [
        ./a.nix
        ./larder/hosts/pai.nix
      ];
      a = pkgs inputs;
    };
}

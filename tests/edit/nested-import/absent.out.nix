{
  flake.modules.nixos.thor = { pkgs, ... }: {
    imports = [
      ./larder/hosts/pai.nix
    ]; # larder
    a = pkgs;
  };
}

{
  flake.modules.nixos.loki = {
    a = 1;
  };
  flake.modules.nixos.thor = {
    imports = [
      ./larder/hosts/pai.nix
    ]; # larder
    a = 1;
  };
}

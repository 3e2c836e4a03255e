{ inputs, ... }:
{
  imports = [
    (import ./a.nix {
      inherit inputs;
    })
    ./larder/hosts/pai.nix
  ];
}

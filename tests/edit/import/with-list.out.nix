{ inputs, ... }:
{
  imports = with inputs; [
    a
    ./b.nix
    ./larder/hosts/pai.nix
  ];
}

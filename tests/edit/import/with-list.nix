{ inputs, ... }:
{
  imports = with inputs; [
    a
    ./b.nix
  ];
}

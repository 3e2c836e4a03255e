{ inputs, ... }:
{
  imports = [
    (import ./a.nix {
      inherit inputs;
    })
  ];
}

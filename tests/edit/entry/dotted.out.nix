{ mkHost }:
{
  nixosConfigurations.pai = mkHost "pai" [ ];
  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ];
  packages = { };
}

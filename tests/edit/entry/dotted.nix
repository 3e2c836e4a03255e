{ mkHost }:
{
  nixosConfigurations.pai = mkHost "pai" [ ];
  packages = { };
}

{ mkHost }:
{
  pai = mkHost "pai" [ ./pai.nix ];
  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ];
}

{ mkHost }:
{
  pai = mkHost "pai" [ ]; kalaw = mkHost "kalaw" [ ./kalaw.nix ]; ayaya = mkHost "ayaya" [ ];
}

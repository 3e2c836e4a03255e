{ mkHost }:
{
  pai = mkHost "pai" [ ];
  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ];
  # more to come
}

{ mkHost }:
{ ayaya = 1;
  pai = mkHost "pai" [ ];
  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ]; }

{ mkHost }:
let
  pai = mkHost "pai" [ ];
  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ];
in
pai

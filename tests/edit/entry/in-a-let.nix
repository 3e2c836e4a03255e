{ mkHost }:
let
  pai = mkHost "pai" [ ];
in
pai

{ mkHost }:
{ ayaya = 1;
  pai = mkHost "pai" [ ]; }

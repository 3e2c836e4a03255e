{ mkHost }:
{
  pai = mkHost "pai" [ ]; ayaya = mkHost "ayaya" [ ];
}

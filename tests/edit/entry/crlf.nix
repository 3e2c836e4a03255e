{ mkHost }:
{
  pai = mkHost "pai" [ ];
}

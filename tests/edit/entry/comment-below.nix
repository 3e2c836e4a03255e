{ mkHost }:
{
  pai = mkHost "pai" [ ];
  # more to come
}

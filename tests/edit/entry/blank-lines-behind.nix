{ mkHost }:
{
  pai = mkHost "pai" [ ./pai.nix ];


  # the other
  ayaya = mkHost "ayaya" [ ./ayaya.nix ];
}

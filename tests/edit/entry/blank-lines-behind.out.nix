{ mkHost }:
{
  pai = mkHost "pai" [ ./pai.nix ];


  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ];


  # the other
  ayaya = mkHost "ayaya" [ ./ayaya.nix ];
}

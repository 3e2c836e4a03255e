{ mkHost }:
{
  ayaya = mkHost "ayaya" [ ./ayaya.nix ];

  pai = mkHost "pai" [ ./pai.nix ]; # mine

  kalaw = mkHost "kalaw" [
    ./kalaw.nix
  ];
}

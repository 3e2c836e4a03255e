{ mkHost }:
{
  hosts = {
    kalaw = mkHost "kalaw" [
      ./kalaw.nix
    ];

  };
}

{ mkHost }:
{
  hosts = {
    # none yet
    kalaw = mkHost "kalaw" [
      ./kalaw.nix
    ];
  };
}

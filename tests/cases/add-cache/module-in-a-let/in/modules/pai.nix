{ config, ... }:
let
  flake.modules.nixos.pai = {
    services.openssh.enable = true;
  };
in
{
  inherit flake;
}

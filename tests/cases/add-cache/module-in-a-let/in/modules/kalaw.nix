{ config, ... }:
let
  flake.modules.nixos.kalaw = {
    services.openssh.enable = true;
  };
in
{
  inherit flake;
}

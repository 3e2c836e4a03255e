{ config, ... }:
{
  machines.pai.modules = [ ./hardware.nix ] ++ (with config.flake.modules.nixos; [ laptop ]);
}

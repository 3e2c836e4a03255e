# `programs.larder`, for NixOS and for nix-darwin: larder's flake, as an argument, says which
# package it is.
larder:
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.larder;
in
{
  options.programs.larder = {
    enable = lib.mkEnableOption "larder, with its completions and manual pages";
    package = lib.mkOption {
      type = lib.types.package;
      default = larder.packages.${pkgs.stdenv.hostPlatform.system}.default;
      defaultText = lib.literalExpression "larder.packages.\${system}.default";
      description = "The package of larder.";
    };
  };

  # Completions and manual pages are in `share` of the package, where both systems link them
  # for whatever stands here.
  config = lib.mkIf cfg.enable { environment.systemPackages = [ cfg.package ]; };
}

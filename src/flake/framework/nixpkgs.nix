# https://github.com/NixOS/nixpkgs
# The package set, as far as flakes find their hosts with it.
{ lib, native }:
let
  # A source that was patched is as good as the source.
  patched = { src, ... }: src;
  # So is a derivation of nixpkgs that is then read as nixpkgs.
  copied = args: if native.isNixpkgs (args.src or null) then args.src else native.unknown "a derivation";
  stdenv.mkDerivation = copied;
  # A function of the repository gets the packages that it names and has no default for.
  callPackage =
    source: args:
    let
      function = if lib.isFunction source then source else import source;
      named = lib.filterAttrs (_: hasDefault: !hasDefault) (builtins.functionArgs function);
    in
    function (lib.mapAttrs (name: _: native.packages.${name}) named // args);
in
{
  packages = {
    inherit stdenv;
    inherit callPackage;
    stdenvNoCC = stdenv;
    applyPatches = patched;
    srcOnly = patched;
    runCommand = _: args: _: copied args;
    runCommandLocal = _: args: _: copied args;
    fetchFromGitHub = native.fetch;
    fetchFromGitLab = native.fetch;
    fetchgit = native.fetch;
    fetchzip = native.fetch;
    fetchTarball = native.fetch;
    nixos = configuration: lib.nixosSystem { modules = lib.toList configuration; };
  };

  packagesFor =
    system:
    native.packages
    // {
      inherit system;
      stdenv = native.packages.stdenv // {
        inherit system;
        inherit (lib.systems.elaborate system) isLinux isDarwin isx86_64 isAarch64;
        hostPlatform = lib.systems.elaborate system;
        buildPlatform = lib.systems.elaborate system;
      };
    };
}

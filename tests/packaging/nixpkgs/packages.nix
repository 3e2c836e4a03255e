{ system, lib }:
let
  derivationOf =
    name: attributes:
    derivation {
      inherit name system;
      builder = "/bin/sh";
    }
    // attributes;
  program = name: derivationOf name { meta.mainProgram = name; };
  parts = builtins.match "([^-]*)-(.*)" system;
  stdenv = {
    hostPlatform = {
      inherit system;
      isLinux = builtins.elemAt parts 1 == "linux";
      isDarwin = builtins.elemAt parts 1 == "darwin";
    };
    buildPlatform.canExecute = platform: platform.system == system;
  };
  programs = lib.genAttrs [
    "cargo-deny"
    "clippy"
    "curl"
    "git"
    "gnupg"
    "installShellFiles"
    "mdbook"
    "nix"
    "nixfmt"
    "openssh"
    "rustfmt"
    "strace"
    "util-linux"
    "versionCheckHook"
  ] program;
  packages = programs // {
    inherit lib stdenv;
    rustPlatform.buildRustPackage =
      package:
      let
        attributes = package attributes;
      in
      derivationOf "${attributes.pname}-${attributes.version}" attributes;
    runCommand = name: attributes: script: derivationOf name (attributes // { inherit script; });
    mkShell = attributes: derivationOf "shell" attributes;
    # Arguments by name, and no others.
    callPackage =
      path: given:
      let
        f = import path;
      in
      f (builtins.intersectAttrs (builtins.functionArgs f) packages // given);
  };
in
packages

{
  description = "Shares a private binary cache over SSH between the NixOS machines of one repository";

  # The last release with packages for Macs with Intel processors.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forEachSystem = f: lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      larderFor = pkgs: self.packages.${pkgs.stdenv.hostPlatform.system}.default;
      programs = import ./nix/programs-larder.nix self;
    in
    {
      packages = forEachSystem (pkgs: rec {
        larder = pkgs.callPackage ./package.nix { };
        default = larder;
      });

      apps = forEachSystem (pkgs: {
        default = {
          type = "app";
          program = lib.getExe (larderFor pkgs);
          meta.description = "Run larder";
        };
      });

      overlays.default = final: _: { larder = final.callPackage ./package.nix { }; };

      # `nix flake check` builds the package, whose `checkPhase` runs the tests.
      checks = forEachSystem (pkgs: {
        package = larderFor pkgs;
        formatting = pkgs.runCommand "larder-formatting" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
          nixfmt --check ${./flake.nix} ${./package.nix} ${./nix}/*.nix ${./templates}/*.nix
          touch $out
        '';
      });

      nixosModules.default = programs;
      darwinModules.default = programs;
      flakeModules.default = import ./nix/flake-module.nix self;

      # `larder lint` as a flake check:
      #   checks.x86_64-linux.larder = larder.lib.check { inherit pkgs; src = self; };
      lib.check =
        {
          pkgs,
          src,
          arguments ? "",
        }:
        pkgs.runCommand "larder-lint" { nativeBuildInputs = [ (larderFor pkgs) ]; } ''
          larder lint -C ${src} ${arguments}
          touch $out
        '';

      # The same as a hook of git-hooks.nix:
      #   hooks.larder = larder.lib.hook { inherit pkgs; };
      lib.hook =
        {
          pkgs,
          arguments ? "",
        }:
        {
          enable = true;
          name = "larder lint";
          description = "Says why a private Nix cache would not be hit, and where a key leaks";
          package = larderFor pkgs;
          entry = lib.removeSuffix " " "${lib.getExe (larderFor pkgs)} lint ${arguments}";
          # It judges the repository, not the files that are committed.
          pass_filenames = false;
          always_run = true;
        };

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          inputsFrom = [ (larderFor pkgs) ];
          packages = [
            pkgs.clippy
            pkgs.rustfmt
            pkgs.nixfmt
            pkgs.mdbook
            pkgs.cargo-deny
          ];
        };
      });

      formatter = forEachSystem (pkgs: pkgs.nixfmt);
    };
}

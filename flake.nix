{
  description = "Shares a private binary cache over SSH between the NixOS machines of one repository";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEachSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = "larder";
          version = (nixpkgs.lib.importTOML ./Cargo.toml).package.version;
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          nativeBuildInputs = [ pkgs.installShellFiles ];
          # The tests start git, ssh and Nix; they run in CI (`tests/run`).
          doCheck = false;
          postInstall = ''
            installShellCompletion --cmd larder \
              --bash <($out/bin/larder completions bash) \
              --zsh <($out/bin/larder completions zsh) \
              --fish <($out/bin/larder completions fish)
            for page in $($out/bin/larder man --list); do
              $out/bin/larder man $page > $page
              installManPage $page
            done
          '';
          meta = {
            description = "Shares a private binary cache over SSH between NixOS machines";
            license = with nixpkgs.lib.licenses; [
              mit
              asl20
            ];
            mainProgram = "larder";
          };
        };
      });

      # `larder lint` as a flake check:
      #   checks.x86_64-linux.larder = larder.lib.check { inherit pkgs; src = self; };
      lib.check =
        {
          pkgs,
          src,
          arguments ? "",
        }:
        let
          larder = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
        in
        pkgs.runCommand "larder-lint" { nativeBuildInputs = [ larder ]; } ''
          larder lint -C ${src} ${arguments}
          touch $out
        '';

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.clippy
            pkgs.rustc
            pkgs.rustfmt
            pkgs.git
            pkgs.nixfmt
            pkgs.openssh
            pkgs.strace
          ];
        };
      });

      formatter = forEachSystem (pkgs: pkgs.nixfmt);
    };
}

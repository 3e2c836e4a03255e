{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  outputs =
    inputs:
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [
        ./machines.nix
        ./kalaw.nix
        ./laptop.nix
        ./pai.nix
      ];
    };
}

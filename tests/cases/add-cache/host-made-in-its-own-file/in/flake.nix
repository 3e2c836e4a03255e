{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  outputs =
    inputs:
    inputs.flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [
        ./parts.nix
        ./hosts/kalaw/host.nix
        ./hosts/pai/host.nix
      ];
    };
}

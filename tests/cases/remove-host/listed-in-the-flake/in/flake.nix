{
  inputs.flake-parts.url = "github:hercules-ci/flake-parts";
  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } {
    imports = [ ./fleet.nix ./machines/pai.nix ./machines/kalaw.nix ];
  };
}

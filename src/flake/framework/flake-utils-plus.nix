# https://github.com/gytis-ivaskevicius/flake-utils-plus
# mkFlake { hosts.<name>.modules = [ … ]; hostDefaults.modules = [ … ]; }
{ lib, native }:
let
  mkFlake =
    {
      self ? null,
      inputs ? { },
      hosts ? { },
      hostDefaults ? { },
      outputsBuilder ? null,
      ...
    }@args:
    let
      rest = removeAttrs args [
        "self"
        "inputs"
        "hosts"
        "hostDefaults"
        "outputsBuilder"
        "channels"
        "channelsConfig"
        "sharedOverlays"
        "supportedSystems"
      ];
      ofNixos = lib.filterAttrs (_: host: (host.output or hostDefaults.output or "nixosConfigurations") == "nixosConfigurations") hosts;
    in
    native.unknown "an output of flake-utils-plus"
    // rest
    // {
      nixosConfigurations =
        (rest.nixosConfigurations or { })
        // lib.mapAttrs (
          _: host:
          native.system "flake-utils-plus" {
            system = host.system or hostDefaults.system or "x86_64-linux";
            specialArgs = {
              inherit inputs;
            }
            // (hostDefaults.specialArgs or { })
            // (hostDefaults.extraArgs or { })
            // (host.specialArgs or { })
            // (host.extraArgs or { });
            modules = (host.modules or [ ]) ++ (hostDefaults.modules or [ ]);
          }
        ) ofNixos;
    };
in
{
  lib = {
    inherit mkFlake;
    defaultSystems = [
      "aarch64-linux"
      "aarch64-darwin"
      "x86_64-darwin"
      "x86_64-linux"
    ];
    exportModules =
      files:
      lib.listToAttrs (
        map (file: {
          name = lib.removeSuffix ".nix" (baseNameOf file);
          value = import file;
        }) files
      );
  };
}

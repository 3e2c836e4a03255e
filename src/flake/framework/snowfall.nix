# https://github.com/snowfallorg/lib
# systems/<arch>-linux/<name>/default.nix
{ lib, native }:
let
  folders = dir: lib.attrNames (lib.filterAttrs (_: type: type == "directory") (builtins.readDir dir));

  mkFlake =
    {
      inputs ? { },
      src,
      snowfall ? { },
      systems ? { },
      ...
    }:
    let
      root = (snowfall.root or src) + "/systems";
      ofTarget =
        target:
        map (name: {
          inherit name;
          value = native.system "snowfall" {
            system = target;
            specialArgs = { inherit inputs; };
            modules = [
              (root + "/${target}/${name}")
            ]
            ++ (systems.hosts.${name}.modules or [ ])
            ++ (systems.modules.nixos or [ ]);
          };
        }) (lib.filter (name: builtins.pathExists (root + "/${target}/${name}/default.nix")) (folders (root + "/${target}")));
      targets = lib.filter (lib.hasSuffix "-linux") (folders root);
    in
    native.unknown "an output of snowfall-lib"
    // {
      nixosConfigurations = if builtins.pathExists root then lib.listToAttrs (lib.concatMap ofTarget targets) else { };
    };
in
{
  inherit mkFlake;
  mkLib = args: {
    mkFlake = more: mkFlake (args // more);
  };
}

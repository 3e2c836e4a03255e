# https://github.com/srid/nixos-unified (once nixos-flake)
# configurations/nixos/<name>.nix or configurations/nixos/<name>/default.nix
{ lib, native }:
let
  # The old mkLinuxSystem took the module alone, the new one options before it.
  mkLinuxSystem =
    config: self: inputs: first:
    let
      make =
        module:
        native.system "nixos-unified" {
          specialArgs.flake = {
            inherit self inputs config;
          };
          modules = [ module ];
        };
    in
    if lib.isAttrs first && lib.attrNames first == [ "home-manager" ] then make else make first;

  nixFiles =
    dir: f:
    if builtins.pathExists dir then
      lib.concatMapAttrs (
        entry: type:
        if type == "regular" && lib.hasSuffix ".nix" entry then
          { ${lib.removeSuffix ".nix" entry} = f (dir + "/${entry}"); }
        else if type == "directory" && builtins.pathExists (dir + "/${entry}/default.nix") then
          { ${entry} = f (dir + "/${entry}"); }
        else
          { }
      ) (builtins.readDir dir)
    else
      { };

  functions =
    { config, self, inputs, ... }:
    let
      own = {
        lib.mkLinuxSystem = mkLinuxSystem config self inputs;
        lib.specialArgsFor.nixos.flake = { inherit self inputs config; };
        lib.specialArgsFor.common.flake = { inherit self inputs config; };
      };
    in
    {
      flake.nixos-unified = own;
      flake.nixos-flake = own;
    };

  autoWire =
    { config, self, inputs, ... }:
    {
      flake = {
        nixosConfigurations = nixFiles (self + "/configurations/nixos") (mkLinuxSystem config self inputs {
          home-manager = true;
        });
        nixosModules = nixFiles (self + "/modules/nixos") (file: file);
        homeModules = nixFiles (self + "/modules/home") (file: file);
      };
    };
  mkFlake =
    {
      inputs,
      root,
      systems ? [
        "x86_64-linux"
        "x86_64-darwin"
        "aarch64-linux"
        "aarch64-darwin"
      ],
      specialArgs ? { },
    }:
    let
      folders = lib.filter builtins.pathExists (
        map (folder: root + "/${folder}") [
          "nix/modules/flake"
          "modules/flake"
          "nix/modules/flake-parts"
          "modules/flake-parts"
        ]
      );
      folder = lib.head folders;
    in
    inputs.flake-parts.lib.mkFlake { inherit inputs specialArgs; } {
      inherit systems;
      _module.args.root = root;
      imports = map (name: folder + "/${name}") (lib.attrNames (builtins.readDir folder));
    };
in
{
  lib.mkFlake = mkFlake;
  flakeModules = {
    default = functions;
    inherit autoWire;
  };
  flakeModule = functions;
}

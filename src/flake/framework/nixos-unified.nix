# https://github.com/srid/nixos-unified (once nixos-flake)
# configurations/nixos/<name>.nix or configurations/nixos/<name>/default.nix
{ lib, native }:
let
  # The old mkLinuxSystem took the module alone, the new one options before it.
  mkLinuxSystem =
    self: inputs: first:
    let
      make =
        module:
        native.system "nixos-unified" {
          specialArgs.flake = {
            inherit self inputs;
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
    { self, inputs, ... }:
    let
      own = {
        lib.mkLinuxSystem = mkLinuxSystem self inputs;
      };
    in
    {
      flake.nixos-unified = own;
      flake.nixos-flake = own;
    };

  autoWire =
    { self, inputs, ... }:
    {
      flake = {
        nixosConfigurations = nixFiles (self + "/configurations/nixos") (mkLinuxSystem self inputs {
          home-manager = true;
        });
        nixosModules = nixFiles (self + "/modules/nixos") (file: file);
      };
    };
in
{
  flakeModules = {
    default = functions;
    inherit autoWire;
  };
  flakeModule = functions;
}

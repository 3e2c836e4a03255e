# https://github.com/ehllie/ez-configs
# nixos-configurations/<name>.nix or nixos-configurations/<name>/default.nix
{ native, ... }:
{
  flakeModule =
    { config, lib, ... }:
    let
      cfg = config.ezConfigs;
      dir = cfg.nixos.configurationsDirectory or (cfg.root + "/nixos-configurations");
      entry =
        name: type:
        if type == "regular" && lib.hasSuffix ".nix" name then
          { ${lib.removeSuffix ".nix" name} = dir + "/${name}"; }
        else if builtins.pathExists (dir + "/${name}/default.nix") then
          { ${name} = dir + "/${name}"; }
        else
          { };
      hosts = if builtins.pathExists dir then lib.concatMapAttrs entry (builtins.readDir dir) else { };
    in
    {
      flake.nixosConfigurations = lib.mapAttrs (
        _: module:
        native.system "ez-configs" {
          specialArgs = (cfg.globalArgs or { }) // (cfg.nixos.specialArgs or { });
          modules = [ module ];
        }
      ) hosts;
    };
}

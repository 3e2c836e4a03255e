# https://github.com/tgirlcloud/easy-hosts
# <path>/<arch>-<class>/<name>, or <path>/<name> with onlySystem, or what
# easy-hosts.hosts says.
{ native, ... }:
let
  flakeModule =
    {
      config,
      lib,
      inputs,
      self,
      ...
    }:
    let
      inherit (lib) mkOption types;
      cfg = config.easy-hosts;
      option =
        type: default:
        mkOption { inherit type default; };
      parts = {
        modules = option (types.listOf types.deferredModule) [ ];
        specialArgs = option (types.lazyAttrsOf types.raw) { };
      };
      perWord = option (types.functionTo (types.submodule { options = parts; })) (_: {
        modules = [ ];
        specialArgs = { };
      });

      folders = dir: lib.filterAttrs (_: type: type == "directory") (builtins.readDir dir);
      found =
        system: dir:
        lib.mapAttrs (name: _: {
          arch = lib.head (lib.splitString "-" system);
          class = lib.last (lib.splitString "-" system);
          path = dir + "/${name}";
        }) (builtins.readDir dir);
      constructed =
        if cfg.onlySystem != null then
          found cfg.onlySystem cfg.path
        else
          lib.concatMapAttrs (system: _: found system (cfg.path + "/${system}")) (folders cfg.path);

      classOf = host: ({ linux = "nixos"; } // cfg.additionalClasses).${host.class} or host.class;
      conventional =
        name:
        lib.filter builtins.pathExists [
          (self + "/hosts/${name}/default.nix")
          (self + "/systems/${name}/default.nix")
        ];
    in
    {
      imports = [ (lib.mkAliasOptionModule [ "easyHosts" ] [ "easy-hosts" ]) ];
      options.easy-hosts = {
        autoConstruct = option types.bool false;
        path = option (types.nullOr types.path) null;
        onlySystem = option (types.nullOr types.str) null;
        shared = parts;
        perClass = perWord;
        perArch = perWord;
        perTag = perWord;
        additionalClasses = option (types.attrsOf types.str) { };
        hosts = option (types.attrsOf (
          types.submodule {
            options = parts // {
              arch = option types.str "x86_64";
              class = option types.str "nixos";
              tags = option (types.listOf types.str) [ ];
              path = option (types.nullOr types.path) null;
            };
          }
        )) { };
      };
      config.easy-hosts.hosts = lib.mkIf cfg.autoConstruct constructed;
      config.flake.nixosConfigurations = lib.mapAttrs (
        name: host:
        let
          sources = [
            cfg.shared
            host
          ]
          ++ map cfg.perTag host.tags
          ++ [
            (cfg.perClass host.class)
            (cfg.perArch host.arch)
          ];
        in
        native.system "easy-hosts" {
          system = "${host.arch}-linux";
          specialArgs = lib.foldl' lib.recursiveUpdate { inherit inputs self; } (map (source: source.specialArgs) sources);
          modules = (if host.path != null then [ host.path ] else conventional name) ++ lib.concatMap (source: source.modules) sources;
        }
      ) (lib.filterAttrs (_: host: classOf host != "darwin") cfg.hosts);
    };
in
{
  inherit flakeModule;
  flakeModules.default = flakeModule;
  flakeModules.easy-hosts = flakeModule;
  _files."flake-module.nix" = _: flakeModule;
}
